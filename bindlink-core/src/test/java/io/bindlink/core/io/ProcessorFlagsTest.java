package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorFlagsTest {
    @Test
    void pcWithAesInstructionsIsRecognized() {
        assertThat(ProcessorFlags.aesInstructions("vendor_id\t: A\nflags\t\t: fpu sse4_2 aes avx\nbugs\t\t: none\n"))
                .contains(true);
    }

    @Test
    void boardWithAndWithoutAesInstructionsIsRecognized() {
        assertThat(ProcessorFlags.aesInstructions("Features\t: fp asimd aes pmull sha1\n"))
                .contains(true);
        assertThat(ProcessorFlags.aesInstructions("Features\t: fp asimd evtstrm crc32 cpuid\n"))
                .contains(false);
    }

    @Test
    void otherFlagsAndOtherLinesAreNotTakenForIt() {
        assertThat(ProcessorFlags.aesInstructions("flags\t\t: fpu vaes sse4_2\nmodel\t: aes\n"))
                .contains(false);
    }

    @Test
    void whereThereIsNoListNothingIsKnown() {
        assertThat(ProcessorFlags.aesInstructions("cpu\t\t: POWER9, altivec supported\n"))
                .isEmpty();
        assertThat(ProcessorFlags.aesInstructions("")).isEmpty();
    }
}
