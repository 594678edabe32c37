package io.bindlink.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarTest {
    @Test
    void blocksAreDrawnWhereTheCharacterSetHasThem() {
        assertThat(Bar.of("UTF-8")).isEqualTo(Bar.BLOCKS);
        assertThat(Bar.of("IBM437")).isEqualTo(Bar.BLOCKS);
        assertThat(Bar.of("ANSI_X3.4-1968")).isEqualTo(Bar.ASCII);
        assertThat(Bar.of("ISO-8859-1")).isEqualTo(Bar.ASCII);
        assertThat(Bar.of("no such thing")).isEqualTo(Bar.ASCII);
    }

    @Test
    void isAsWideAsAskedForWhateverTheShare() {
        assertThat(Bar.ASCII.draw(0.5, 10)).isEqualTo("#####.....");
        assertThat(Bar.ASCII.draw(-1, 4)).isEqualTo("....");
        assertThat(Bar.ASCII.draw(7, 4)).isEqualTo("####");
    }
}
