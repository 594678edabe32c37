package io.bindlink.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SuiteChoiceTest {
    private static final EnumSet<Suite> BOTH = EnumSet.allOf(Suite.class);
    private static final long SLOW = 500_000_000; // two steps fill the time of one suite

    @Test
    void aesComesFirstWhereTheProcessorHasInstructionsForIt() {
        assertThat(SuiteChoice.fastestFirst(BOTH, true)).containsExactly(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305);
        assertThat(SuiteChoice.fastestFirst(BOTH, false)).containsExactly(Suite.CHACHA20_POLY1305, Suite.AES_256_GCM);
        assertThat(SuiteChoice.fastestFirst(List.of(Suite.AES_256_GCM), false)).containsExactly(Suite.AES_256_GCM);
    }

    @Test
    void theSuiteThatSealsFasterComesFirst() {
        assertThat(SuiteChoice.fastestFirst(BOTH, steps(0, SLOW, SLOW, 0, SLOW / 2, SLOW)))
                .containsExactly(Suite.CHACHA20_POLY1305, Suite.AES_256_GCM);
        assertThat(SuiteChoice.fastestFirst(BOTH, steps(0, SLOW / 2, SLOW, 0, SLOW, SLOW)))
                .containsExactly(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305);
    }

    @Test
    void aSlowStartDoesNotCount() {
        assertThat(SuiteChoice.fastestFirst(BOTH, steps(0, SLOW, 100_000, SLOW, 0, 200_000, SLOW, SLOW)))
                .containsExactly(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305);
    }

    @Test
    void aesInstructionsNeedNoRival() {
        assertThat(SuiteChoice.fastestFirst(BOTH, steps(0, SLOW, 20_000)))
                .containsExactly(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305);
    }

    @Test
    void withoutAChoiceNothingIsMeasured() {
        assertThat(SuiteChoice.fastestFirst(List.of(Suite.CHACHA20_POLY1305), steps()))
                .containsExactly(Suite.CHACHA20_POLY1305);
        assertThat(SuiteChoice.fastestFirst(List.of(), steps())).isEmpty();
    }

    /** A clock that goes on by one step with each look at it, and may not be looked at more often. */
    private static LongSupplier steps(long... nanos) {
        AtomicLong now = new AtomicLong();
        AtomicLong looks = new AtomicLong();
        return () -> now.addAndGet(nanos[(int) looks.getAndIncrement()]);
    }
}
