package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimClockTest {
    @Test
    void driftAddsUp() {
        SimClock clock = new SimClock(7, 100);

        assertThat(clock.local(0)).isEqualTo(7);
        assertThat(clock.local(3600 * Rates.NANOS_PER_SECOND)).isEqualTo(7 + 3_600_360_000_000L);
        assertThat(new SimClock(0, -100).local(1_000_000)).isEqualTo(999_900);
    }

    @Test
    void bondTimeIsTheFirstAtWhichTheNodesClockIsThere() {
        Seeds.forEach(50, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimClock clock = new SimClock(random.nextLong(1L << 40), random.nextInt(-1000, 1001));
            for (int i = 0; i < 1000; i++) {
                long local = clock.offsetNanos() + random.nextLong(1L << 45);
                long bond = clock.bond(local);
                assertThat(clock.local(bond)).isGreaterThanOrEqualTo(local);
                assertThat(clock.local(bond - 1)).isLessThan(local);
            }
            assertThat(clock.bond(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        });
    }
}
