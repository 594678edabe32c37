package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityTraceTest {
    @Test
    void mahimahiFormatIsRead() {
        CapacityTrace trace = CapacityTrace.parse("lte", List.of("0", " 3 ", "", "3", "10"));

        assertThat(trace.size()).isEqualTo(4);
        assertThat(trace.periodMillis()).isEqualTo(10);
        assertThat(trace.meanRateBytesPerSecond()).isEqualTo(600_000);
    }

    @Test
    void mistakesAreToldWithNameAndLine() {
        assertRefused("trace 'lte' line 2: '1.5' is not a whole number of milliseconds in 0..2147483647", "1", "1.5");
        assertRefused("trace 'lte' line 1: '-1' is not a whole number of milliseconds in 0..2147483647", "-1");
        assertRefused(
                "trace 'lte' line 1: '99999999999' is not a whole number of milliseconds in 0..2147483647",
                "99999999999");
        assertRefused("trace 'lte' line 3: 4 comes after 5; times must not fall", "1", "5", "4");
        assertRefused("trace 'lte': no line with a time over 0 milliseconds", "");
        assertRefused("trace 'lte': no line with a time over 0 milliseconds", "0", "0");
    }

    @Test
    void cursorVisitsEachOpportunityAndLoops() {
        TraceCursor cursor = new TraceCursor(CapacityTrace.of(2, 2, 5), 0, 1_000_000);

        for (long millis : new long[] {2, 2, 5, 7, 7, 10, 12}) {
            assertThat(cursor.nanos()).isEqualTo(1_000_000 + millis * 1_000_000);
            cursor.next();
        }
    }

    @Test
    void cursorSeeksForwardOnly() {
        TraceCursor cursor = new TraceCursor(CapacityTrace.of(2, 2, 5), 0, 0);

        cursor.seek(2_000_001);
        assertThat(cursor.nanos()).isEqualTo(5_000_000);
        cursor.seek(0);
        assertThat(cursor.nanos()).isEqualTo(5_000_000);
        cursor.seek(5_000_001);
        assertThat(cursor.nanos()).isEqualTo(7_000_000);
        cursor.seek(1_003_000_000);
        assertThat(cursor.nanos()).isEqualTo(1_005_000_000);
    }

    @Test
    void offsetBeginsWithinTheTrace() {
        TraceCursor cursor = new TraceCursor(CapacityTrace.of(2, 8, 10), 13_000_000, 100_000_000);

        assertThat(cursor.nanos()).isEqualTo(105_000_000);
    }

    private static void assertRefused(String message, String... lines) {
        assertThatThrownBy(() -> CapacityTrace.parse("lte", List.of(lines)))
                .isInstanceOf(BindlinkException.class)
                .hasMessage(message);
    }
}
