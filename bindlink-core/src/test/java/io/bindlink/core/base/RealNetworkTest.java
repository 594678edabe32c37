package io.bindlink.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RealNetworkTest {
    @Test
    @NeedsRealNetwork
    void namespacesAreThereWhereTestsNeedThem() {
        assertThat(RealNetwork.unavailable()).isEmpty();
    }

    @Test
    void aProgramThatIsThereIsFound() {
        assertThat(RealNetwork.assumeProgram("sh")).isExecutable();
    }
}
