package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WireVectorsTest {
    @Test
    void linesHoldHexRepetitionsAndComments() {
        List<String> document =
                List.of("text", "```vector a", "01 ff*3  # four bytes", "", "# none", "0203", "```", "04");

        List<byte[]> lines = WireVectors.parse(document).get("a");

        assertThat(lines).containsExactly(new byte[] {1, -1, -1, -1}, new byte[] {2, 3});
    }

    @Test
    void aNameIsGivenOnce() {
        List<String> document = List.of("```vector a", "```", "```vector a", "```");

        assertThatThrownBy(() -> WireVectors.parse(document)).hasMessageContaining("a");
    }

    @Test
    void anUnknownNameSaysSo() {
        assertThatThrownBy(() -> WireVectors.bytes("nonesuch")).hasMessageContaining("nonesuch");
    }
}
