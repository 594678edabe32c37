package io.bindlink.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckBudgetTest {
    private static final long MILLI = 1_000_000;
    private static final long FAST = 2_500_000; // 20 Mbit/s
    private static final long SLOW = 62_500; // 0.5 Mbit/s

    private final AckBudget budget = new AckBudget();

    @Test
    void firstOneLeavesWhenItIsDue() {
        assertThat(budget.allowedNanos(7 * MILLI, false, SLOW)).isEqualTo(7 * MILLI);
    }

    @Test
    void theirBytesStayWithinTwoPerCentOfTheRate() {
        budget.onSent(100, 0);
        assertThat(budget.allowedNanos(MILLI, false, FAST)).isEqualTo(2 * MILLI); // 100 bytes at 50,000 a second
        assertThat(budget.allowedNanos(5 * MILLI, false, FAST)).isEqualTo(5 * MILLI);
    }

    @Test
    void theSenderHearsTwentyTimesASecondWhateverThatCosts() {
        budget.onSent(200, 0);
        assertThat(budget.allowedNanos(MILLI, false, SLOW)).isEqualTo(50 * MILLI);
    }

    @Test
    void newsThatCannotWaitAreExempt() {
        budget.onSent(200, 0);
        assertThat(budget.allowedNanos(MILLI, true, FAST)).isEqualTo(MILLI);
        assertThat(budget.allowedNanos(MILLI, true, SLOW)).as("on a thin link").isEqualTo(10 * MILLI);
    }

    @Test
    void timeMayBeginBelowZero() {
        budget.onSent(100, Long.MIN_VALUE + MILLI);
        assertThat(budget.allowedNanos(Long.MIN_VALUE + 2 * MILLI, false, FAST)).isEqualTo(Long.MIN_VALUE + 3 * MILLI);
    }
}
