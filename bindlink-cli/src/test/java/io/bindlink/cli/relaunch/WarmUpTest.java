package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void packetsGoBothWays() {
        assertThat(new WarmUp(Long.MAX_VALUE / 2).carry()).isGreaterThan(2_000_000);
    }

    @Test
    void itEndsInTime() {
        assertThat(new WarmUp(0).carry()).isLessThan(2_000_000);
    }

    @Test
    void itBeginsOnlyWhereTheJvmIsOurOwn() {
        WarmUp.inBackground(() -> {
            throw new AssertionError("not asked for");
        });
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(each -> each.getName().equals("bindlink-warm-up"));
    }
}
