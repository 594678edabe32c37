package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final long MILLI = FakePath.MILLI;
    private static final long NEAR_MILLIS = 20; // later than the quickest link, whose round trip is 25 ms
    private static final long FAR_MILLIS = 290;
    private static final int PACKET_BYTES = 1_000;
    private static final long BYTES_PER_MILLI = 2_500; // of the two links that are near

    private static final long ENOUGH_BYTES = (FAR_MILLIS + 50) * BYTES_PER_MILLI;

    private final FakeBond bond =
            new FakeBond(1, "adaptive", new FakePath(10, 10), new FakePath(10, 30), new FakePath(40, 300));
    private final UsableLinks links = new UsableLinks(bond.a);
    private final Reach reach = new Reach();
    private final List<Long> told = new ArrayList<>();
    private long now = 1_000 * MILLI;

    ReachTest() {
        links.refresh();
    }

    @Test
    void beginsWithLinksThatAboutDoubleTheRoundTrip() {
        run(1, 0, true);
        assertThat(reach.toleranceNanos()).isBetween(NEAR_MILLIS * MILLI, FAR_MILLIS * MILLI / 2);
        assertThat(told).containsExactly(NEAR_MILLIS);
    }

    @Test
    void backlogThatIsWorthTheDelayBringsASlowerLinkIn() {
        run(1_000, ENOUGH_BYTES, true);
        assertThat(reach.toleranceNanos()).isGreaterThanOrEqualTo(FAR_MILLIS * MILLI);
        assertThat(told).last().isEqualTo(FAR_MILLIS);
    }

    @Test
    void passingBacklogDoesNot() {
        for (int i = 0; i < 4; i++) {
            run(400, ENOUGH_BYTES, true);
            run(50, 0, true);
        }
        assertThat(reach.toleranceNanos()).isLessThan(FAR_MILLIS * MILLI);
    }

    @Test
    void flowThatFillsItsLinksGetsThereStepByStepAndIsHeldAheadOfIt() {
        long before = 25;
        for (int second = 0; second < 60; second++) {
            run(1_000, 0, true);
            long roundTrip = 25 + reach.heldNanos() / MILLI;
            assertThat(roundTrip).as("second %d", second).isBetween(before, (long) (before * 2.5));
            before = roundTrip;
        }
        assertThat(reach.toleranceNanos()).isGreaterThanOrEqualTo(FAR_MILLIS * MILLI);
        assertThat(told).isSorted();
    }

    @Test
    void flowThatLeavesItsLinksHalfEmptyStaysOnThem() {
        run(60_000, 0, false);
        assertThat(told).containsExactly(NEAR_MILLIS);
    }

    @Test
    void stepThatStarvesTheFlowIsTakenBack() {
        run(10_000, 0, true);
        long allowed = reach.toleranceNanos();
        long held = reach.heldNanos();
        run(2_000, 0, true);
        long stepped = reach.heldNanos();
        assertThat(stepped).isGreaterThan(held);
        assertThat(reach.toleranceNanos()).isGreaterThan(allowed);
        run(4_500, 0, false);
        assertThat(reach.toleranceNanos()).isEqualTo(allowed);
        assertThat(reach.heldNanos()).isBetween(held, stepped - MILLI);
        run(60_000, 0, true);
        assertThat(reach.toleranceNanos()).as("it gets there all the same").isGreaterThanOrEqualTo(FAR_MILLIS * MILLI);
    }

    @Test
    void stepThatLeavesTheFlowABacklogIsNot() {
        run(12_000, 0, true);
        long allowed = reach.toleranceNanos();
        run(4_500, 30 * BYTES_PER_MILLI, false);
        assertThat(reach.toleranceNanos()).isEqualTo(allowed);
    }

    @Test
    void idleFlowBeginsAnew() {
        run(1_000, ENOUGH_BYTES, true);
        now += 16_000 * MILLI;
        run(10, 0, true);
        assertThat(told).last().isEqualTo(NEAR_MILLIS);
    }

    /** Sends at what the near links take, or at a third of that, and looks each millisecond. */
    private void run(long millis, long backlogBytes, boolean full) {
        for (long i = 0; i < millis; i++) {
            bond.a.links.forEach(link -> link.used(now));
            reach.onSent(full ? 2 * PACKET_BYTES : PACKET_BYTES / 2);
            if (reach.update(links, backlogBytes, now)) {
                told.add(reach.heldNanos() / MILLI);
            }
            now += MILLI;
        }
    }
}
