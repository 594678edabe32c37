package io.bindlink.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Delivery;
import io.bindlink.api.LinkView;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulersTest {
    private static final PacketInfo BULK = PacketInfo.of(1_000, 1, Delivery.BEST_EFFORT, Offload.NONE);
    private static final PacketInfo SPARSE = new Described(100, true, Long.MAX_VALUE);

    private final StubLink quick = new StubLink(1);
    private final StubLink slow = new StubLink(2).delayMillis(50);
    private final StubLink slowest = new StubLink(3).delayMillis(90);
    private final List<StubLink> all = List.of(quick, slow, slowest);

    /** A packet of best effort, as far as schedulers look at it. */
    private record Described(int sizeBytes, boolean sparse, long toleranceNanos) implements PacketInfo {
        @Override
        public int flow() {
            return 1;
        }

        @Override
        public boolean resend() {
            return false;
        }

        @Override
        public boolean tail() {
            return false;
        }

        @Override
        public Delivery delivery() {
            return Delivery.BEST_EFFORT;
        }

        @Override
        public Offload offload() {
            return Offload.NONE;
        }
    }

    /** A bulk packet that may arrive so much later than on the quickest link. */
    private static PacketInfo tolerant(long millis) {
        return new Described(1_000, false, millis * 1_000_000);
    }

    @Test
    void allAreFoundByTheirNames() {
        assertThat(Schedulers.builtIn())
                .extracting(SchedulerProvider::name)
                .containsExactly("adaptive", "lowest-delay", "weighted", "round-robin", "redundant", "active-standby");
        for (SchedulerProvider provider : Schedulers.builtIn()) {
            assertThat(Schedulers.named(provider.name())).containsSame(provider);
            Scheduler one = provider.create(Map.of());
            assertThat(provider.create(Map.of())).isNotSameAs(one);
        }
        assertThat(Schedulers.named(Schedulers.DEFAULT_NAME)).isPresent();
        assertThat(Schedulers.named("fastest")).isEmpty();
    }

    @Test
    void unknownOptionIsRefusedInOneLine() {
        for (SchedulerProvider provider : Schedulers.builtIn()) {
            assertThatThrownBy(() -> provider.create(Map.of("colour", "red")))
                    .isInstanceOfSatisfying(
                            BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                    .hasMessage("scheduler " + provider.name() + ": no option \"colour\"");
        }
    }

    @Test
    void optionOutOfRangeIsRefused() {
        SchedulerProvider weighted = new WeightedProvider();
        assertThat(weighted.create(Map.of("trickle-percent", "0"))).isNotNull();
        for (String wrong : new String[] {"51", "-1", "two", ""}) {
            assertThatThrownBy(() -> weighted.create(Map.of("trickle-percent", wrong)))
                    .isInstanceOf(BindlinkException.class)
                    .hasMessage("scheduler weighted: trickle-percent is \"" + wrong + "\", not a number in 0..50");
        }
    }

    @Test
    void noLinksIsNoPick() {
        for (SchedulerProvider provider : Schedulers.builtIn()) {
            assertThat(pick(provider.create(Map.of()), BULK, List.of(), 0)).isEmpty();
        }
    }

    // ---- adaptive ----

    @Test
    void adaptiveLetsSparsePacketsWaitForTheQuickLinkButNotBulk() {
        Adaptive scheduler = new Adaptive();
        quick.busyUntilNanos(3_000_000);
        Answer sparse = Answer.of(scheduler, SPARSE, all, 0);
        assertThat(sparse.picked).containsExactly(quick);
        assertThat(sparse.waitNanos).isEqualTo(3_000_000);
        assertThat(pick(scheduler, BULK, all, 0)).containsExactly(slow);
    }

    @Test
    void adaptiveWaitsForALinkOnlyWhileItsEstimatesAreWorthIt() {
        quick.busyUntilNanos(150_000_000);
        slow.delayMillis(400);
        assertThat(pick(new Adaptive(), SPARSE, List.of(quick, slow), 0)).containsExactly(slow);
    }

    @Test
    void adaptiveKeepsBulkOnTheLinksItsFlowTolerates() {
        Adaptive scheduler = new Adaptive();
        assertThat(pick(scheduler, tolerant(60), all, 0)).containsExactly(quick);
        quick.ready = false;
        assertThat(pick(scheduler, tolerant(60), all, 0)).containsExactly(slow);
        slow.ready = false;
        assertThat(pick(scheduler, tolerant(60), all, 0)).isEmpty();
        assertThat(pick(scheduler, tolerant(95), all, 0)).containsExactly(slowest);
    }

    @Test
    void adaptiveLeavesOutWhatIsFarAwayAndBringsLittle() {
        Adaptive scheduler = new Adaptive();
        quick.busyUntilNanos(1_000_000);
        StubLink far = new StubLink(2).delayMillis(200);
        far.rateBytesPerSecond = 50_000; // a twentieth
        far.fillBytes = 14_000;
        List<StubLink> two = List.of(quick, far);
        assertThat(pick(scheduler, BULK, two, 0))
                .as("nobody knows its rate yet")
                .containsExactly(far);
        far.fillBytes = 0;
        assertThat(pick(scheduler, BULK, two, 0)).isEmpty();
        far.rateBytesPerSecond = 80_000;
        assertThat(pick(scheduler, BULK, two, 0))
                .as("a link that is out stays out")
                .isEmpty();
        far.rateBytesPerSecond = 110_000;
        assertThat(pick(scheduler, BULK, two, 0)).containsExactly(far);
        far.rateBytesPerSecond = 80_000;
        assertThat(pick(scheduler, BULK, two, 0))
                .as("and one that is in stays in")
                .containsExactly(far);
        far.delayMillis(90);
        far.rateBytesPerSecond = 10_000;
        assertThat(pick(scheduler, BULK, two, 0))
                .as("near ones are always worth it")
                .containsExactly(far);
    }

    @Test
    void adaptiveCopiesSparsePacketsWithinABudget() {
        Adaptive scheduler = new Adaptive();
        int copied = 0;
        for (int i = 0; i < 1_000; i++) {
            quick.sentBytes += 1_000; // what others send
            copied += pick(scheduler, SPARSE, all, i * 1_000_000L).size() - 1;
        }
        assertThat(copied * 100)
                .as("5 %% of 1 MB, half a kilobyte a second, and what was saved")
                .isBetween(50_000, 65_000);
        assertThat(pick(scheduler, BULK, all, 1_000_000_000L)).hasSize(1);
        quick.busyUntilNanos(1_003_000_000L);
        assertThat(pick(scheduler, SPARSE, all, 1_000_000_000L))
                .as("not instead of the quick one")
                .containsExactly(quick);
    }

    @Test
    void adaptiveCopiesEveryUrgentPacketWhileAnAnswerIsOverdue() {
        Adaptive scheduler = new Adaptive();
        for (int i = 0; i < 1_000; i++) {
            pick(scheduler, SPARSE, all, 0); // the budget is spent
        }
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactly(quick);
        quick.late = true;
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactlyInAnyOrder(quick, slow);
        slow.late = true;
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactlyInAnyOrder(quick, slowest);
        slowest.late = true;
        assertThat(pick(scheduler, SPARSE, all, 0))
                .as("when all are late the peer is")
                .containsExactly(quick);
    }

    // ---- lowest-delay ----

    @Test
    void lowestDelayTakesTheLinkWhereThePacketArrivesFirst() {
        LowestDelay scheduler = new LowestDelay();
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactly(quick);
        quick.queuedBytes = 60_000; // 60 ms
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactly(slow);
        slow.jitterNanos = 50_000_000;
        slow.queuedBytes = 40_000;
        quick.queuedBytes = 200_000;
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactly(slowest);
    }

    @Test
    void lowestDelayLetsSparsePacketsWaitForTheQuickLinkButNotBulk() {
        LowestDelay scheduler = new LowestDelay();
        quick.busyUntilNanos(3_000_000);
        Answer sparse = Answer.of(scheduler, SPARSE, all, 0);
        assertThat(sparse.picked).containsExactly(quick);
        assertThat(sparse.waitNanos).isEqualTo(3_000_000);
        assertThat(pick(scheduler, BULK, all, 0)).containsExactly(slow);
    }

    @Test
    void lowestDelayDoesNotWaitLongerThanTheSlowLinkTakes() {
        LowestDelay scheduler = new LowestDelay();
        quick.busyUntilNanos(60_000_000);
        assertThat(pick(scheduler, SPARSE, all, 0)).containsExactly(slow);
    }

    @Test
    void lowestDelayWaitsWhenNoLinkIsReady() {
        LowestDelay scheduler = new LowestDelay();
        all.forEach(l -> l.busyUntilNanos(0)); // windows full: only an acknowledgement helps
        Answer answer = Answer.of(scheduler, BULK, all, 0);
        assertThat(answer.picked).containsExactly(quick);
        assertThat(answer.waitNanos).isEqualTo(1_000_000);
    }

    // ---- round-robin, redundant, active-standby ----

    @Test
    void roundRobinTakesLinksInTurnAndPassesOverBusyOnes() {
        RoundRobin scheduler = new RoundRobin();
        assertThat(turns(scheduler, 4)).containsExactly(1, 2, 3, 1);
        slow.ready = false;
        assertThat(turns(scheduler, 3)).containsExactly(3, 1, 3);
        slow.ready = true;
        assertThat(pick(scheduler, BULK, List.of(slow, slowest), 0))
                .as("link 1 is gone")
                .isNotEmpty();
    }

    @Test
    void redundantTakesAll() {
        assertThat(pick(new Redundant(), BULK, all, 0)).containsExactly(quick, slow, slowest);
    }

    @Test
    void activeStandbyTakesTheFirstEvenIfItIsBusy() {
        quick.ready = false;
        assertThat(pick(new ActiveStandby(), BULK, List.of(slow, quick), 0)).containsExactly(quick);
        assertThat(pick(new ActiveStandby(), BULK, List.of(slowest, slow), 0)).containsExactly(slow);
    }

    private List<Integer> turns(Scheduler scheduler, int count) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(pick(scheduler, BULK, all, i).get(0).id().value());
        }
        return ids;
    }

    private static List<LinkView> pick(
            Scheduler scheduler, PacketInfo packet, List<? extends LinkView> links, long nowNanos) {
        return Answer.of(scheduler, packet, links, nowNanos).picked;
    }
}
