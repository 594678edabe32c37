package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.api.Efficiency;
import io.bindlink.api.Efficiency.Cause;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.mux.BondingMultiplexer;
import io.bindlink.core.mux.BondingProvider;
import io.bindlink.core.scheduling.Schedulers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The node's own account of where the capacity went, against what the simulator saw. Rates must have been proven for that: what a
 * link could carry that never had much to carry is nobody's to know.
 */
class EfficiencyTest {
    private static final int SEEDS = 2;
    private static final double SUM_TOLERANCE = 0.02;
    private static final double SHARE_TOLERANCE = 0.03;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration UNTIL_ALL_LINKS =
            Duration.ofSeconds(20); // a flow under BBR learns a longer round trip first

    private final List<BondingMultiplexer> multiplexers = new ArrayList<>();

    @Test
    void bulkOnLinksAlike() {
        forEachSeed(Scenario.HOMOG, "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.CUBIC);
            bond.runFor(WARM_UP);

            Efficiency found = compared(bond);

            assertThat(found.share(Cause.GOODPUT)).isGreaterThan(0.9);
            assertThat(found.share(Cause.OVERHEAD)).isBetween(0.04, 0.06);
            Efficiency back = bond.end(Role.SLAVE).stats().efficiency(); // acknowledgements
            assertThat(sum(back)).isCloseTo(1, within(SUM_TOLERANCE));
            assertThat(back.share(Cause.NO_DEMAND)).isGreaterThan(0.5);
        });
    }

    @Test
    void bulkOnLinksThatDiffer() {
        forEachSeed(Scenario.HETERO, "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
            bond.runFor(UNTIL_ALL_LINKS);

            assertThat(compared(bond).share(Cause.GOODPUT)).isGreaterThan(0.85);
        });
    }

    @Test
    void loss() {
        forEachSeed(Scenario.LOSSY, "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
            bond.runFor(UNTIL_ALL_LINKS);

            assertThat(compared(bond).share(Cause.REPAIRED)).isBetween(0.015, 0.03);
        });
    }

    @Test
    void linkLeftOutByTheScheduler() {
        whileAllLinksWereFilledBefore(
                Scenario.HOMOG,
                () -> (packet, links, picks) -> picks.add(links.get(0)),
                capped -> assertThat(capped).isGreaterThan(0.4));
    }

    @Test
    void linkLeftOutSinceTheFlowDoesNotTolerateItsDelay() {
        SchedulerProvider adaptive = Schedulers.named("adaptive").orElseThrow();
        whileAllLinksWereFilledBefore(
                Scenario.SAT,
                () -> adaptive.create(Map.of()),
                capped -> assertThat(capped).isGreaterThan(0.5));
    }

    /** Else nobody knew what the link that is left out could do. */
    private void whileAllLinksWereFilledBefore(
            Scenario scenario, Supplier<Scheduler> later, Consumer<Double> seenAsCapped) {
        AtomicBoolean filling = new AtomicBoolean();
        Scheduler filler = (packet, links, picks) -> links.forEach(picks::add);
        Supplier<Scheduler> scheduler = () -> {
            Scheduler own = later.get();
            return (packet, links, picks) -> (filling.get() ? filler : own).choose(packet, links, picks);
        };
        Seeds.forEach(SEEDS, seed -> {
            filling.set(true);
            SimBond bond = bond(scenario.bond(seed).scheduler(scheduler));
            ProbeFlow tooMuch = ProbeFlow.start(bond, Role.MASTER, Duration.ofNanos(150_000), 1300); // 69 Mbit/s
            bond.runFor(WARM_UP);
            tooMuch.stop();
            filling.set(false);
            GreedyFlow.start(bond, Role.MASTER, InnerControl.CUBIC);
            bond.runFor(Duration.ofSeconds(2));

            seenAsCapped.accept(compared(bond, 7).share(Cause.CAPPED));
        });
    }

    @Test
    void flowThatWantsLittle() {
        forEachSeed(Scenario.HETERO, "adaptive", bond -> {
            fillFor(WARM_UP, bond);
            ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(1), 1000);
            bond.runFor(Duration.ofSeconds(2));

            Efficiency found = compared(bond);

            assertThat(found.share(Cause.NO_DEMAND)).isGreaterThan(0.7);
            assertThat(found.share(Cause.CAPPED)).isLessThan(0.01);
        });
    }

    @Test
    void copiesOnEveryLink() {
        forEachSeed(Scenario.LOSSY, "redundant", bond -> {
            fillFor(WARM_UP, bond);
            ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(1), 1000);
            bond.runFor(Duration.ofSeconds(2));

            assertThat(compared(bond).share(Cause.COPIES)).isGreaterThan(0.3);
        });
    }

    /** Datagrams that come in another order make a link look up to a tenth faster than it is; the shares are of that. */
    @Test
    void datagramsThatComeLate() {
        LinkModel late = Scenario.HOMOG.links().get(0).down().toBuilder()
                .reorder(0.02, Duration.ofMillis(100))
                .build();
        forEachSeed(Scenario.of("late", late, late), "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
            bond.runFor(WARM_UP);
            CapacityLedger ledger = CapacityLedger.start(bond, Role.MASTER, this::waitingBytes);
            bond.runFor(Duration.ofSeconds(10));

            compare(bond.end(Role.MASTER).stats().efficiency(), ledger.shares(), 0.06);
        });
    }

    @Test
    void sumIsWholeWhileALinkIsCutAndComesBack() {
        forEachSeed(Scenario.HETERO, "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
            bond.runFor(WARM_UP);
            bond.links().get(0).cut();
            bond.runFor(Duration.ofSeconds(3));
            bond.links().get(0).restore();
            bond.runFor(Duration.ofSeconds(5));

            assertThat(sum(bond.end(Role.MASTER).stats().efficiency())).isCloseTo(1, within(SUM_TOLERANCE));
        });
    }

    /** The shares are then of a capacity that is only guessed: 8 Mbit/s of what, the links were never asked. */
    @Test
    void linksThatNeverCarriedMuchShowTheirGoodputAllTheSame() {
        forEachSeed(Scenario.HOMOG, "adaptive", bond -> {
            ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(1), 1000);
            bond.runFor(WARM_UP);
            long before = bond.end(Role.MASTER).stats().efficiencyTotal().bytes(Cause.GOODPUT);
            bond.runFor(Duration.ofSeconds(5));

            Efficiency found = bond.end(Role.MASTER).stats().efficiencyTotal();

            assertThat(found.bytes(Cause.GOODPUT) - before).isCloseTo(5_000_000, within(50_000L));
            assertThat(sum(found)).isCloseTo(1, within(SUM_TOLERANCE));
        });
    }

    @Test
    void multiplexerThatCountsNothing() {
        SimBond bond = Scenario.SINGLE
                .bond(1)
                .multiplexer(PlainMultiplexer.provider(), Map.of())
                .build();
        bond.awaitUp(Duration.ofSeconds(5));
        GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
        bond.runFor(WARM_UP);

        Efficiency found = bond.end(Role.MASTER).stats().efficiency();
        CapacityLedger ledger = CapacityLedger.start(bond, Role.MASTER);
        bond.runFor(Duration.ofSeconds(10));

        assertThat(sum(found)).isCloseTo(1, within(SUM_TOLERANCE));
        assertThat(found.share(Cause.GOODPUT)).isCloseTo(ledger.shares().goodput(), within(SHARE_TOLERANCE));
    }

    @Test
    void totalsNeverFall() {
        forEachSeed(Scenario.LOSSY, "adaptive", bond -> {
            GreedyFlow.start(bond, Role.MASTER, InnerControl.CUBIC);
            Efficiency before = Efficiency.NONE;
            for (int i = 0; i < 60; i++) {
                bond.runFor(Duration.ofMillis(50));
                Efficiency now = bond.end(Role.MASTER).stats().efficiencyTotal();
                assertThat(now.capacityBytes()).isGreaterThanOrEqualTo(before.capacityBytes());
                for (Cause cause : Cause.values()) {
                    assertThat(now.bytes(cause)).as("%s", cause).isGreaterThanOrEqualTo(before.bytes(cause));
                }
                before = now;
            }
        });
    }

    // ---- the comparison ----

    private Efficiency compared(SimBond bond) {
        return compared(bond, 10);
    }

    /** What the node found in a time from now, after a look at the truth. */
    private Efficiency compared(SimBond bond, int seconds) {
        CapacityLedger ledger = CapacityLedger.start(bond, Role.MASTER, this::waitingBytes);
        Efficiency before = bond.end(Role.MASTER).stats().efficiencyTotal();
        bond.runFor(Duration.ofSeconds(seconds));
        Efficiency found = since(before, bond.end(Role.MASTER).stats().efficiencyTotal());
        compare(found, ledger.shares(), SHARE_TOLERANCE);
        if (seconds >= 10) {
            compare(
                    bond.end(Role.MASTER).stats().efficiency(),
                    ledger.shares(),
                    SHARE_TOLERANCE); // begins up to a second earlier
        }
        return found;
    }

    private static void compare(Efficiency found, CapacityLedger.Shares truth, double tolerance) {
        String both = "true " + truth + "\nfound " + text(found);
        assertThat(truth.sum()).as(both).isCloseTo(1, within(SUM_TOLERANCE));
        assertThat(sum(found)).as(both).isCloseTo(1, within(SUM_TOLERANCE));
        Map<Cause, Double> expected = Map.of(
                Cause.GOODPUT, truth.goodput(),
                Cause.OVERHEAD, truth.overhead(),
                Cause.REPAIRED, truth.lost(),
                Cause.CAPPED, truth.capped(),
                Cause.NO_DEMAND, truth.idle() - truth.capped());
        expected.forEach((cause, share) ->
                assertThat(found.share(cause)).as("%s: %s", cause, both).isCloseTo(share, within(tolerance)));
        // For a receiver what was given up and came after all is one copy more: it has what came in its stead, or
        // passed it over.
        assertThat(found.share(Cause.COPIES) + found.share(Cause.REORDERING))
                .as(both)
                .isCloseTo(truth.copies() + truth.vain(), within(tolerance));
    }

    private static Efficiency since(Efficiency before, Efficiency after) {
        Map<Cause, Long> bytes = new EnumMap<>(Cause.class);
        after.bytes().forEach((cause, all) -> bytes.put(cause, all - before.bytes(cause)));
        return new Efficiency(after.capacityBytes() - before.capacityBytes(), bytes);
    }

    private static double sum(Efficiency efficiency) {
        return Stream.of(Cause.values()).mapToDouble(efficiency::share).sum();
    }

    private static String text(Efficiency efficiency) {
        return Stream.of(Cause.values())
                .map(cause -> String.format(Locale.ROOT, "%s %.1f", cause.label(), 100 * efficiency.share(cause)))
                .collect(Collectors.joining(", "));
    }

    // ---- the bond ----

    private void forEachSeed(Scenario scenario, String scheduler, Consumer<SimBond> run) {
        Seeds.forEach(SEEDS, seed -> run.accept(bond(scenario, seed, scheduler)));
    }

    private static void fillFor(Duration time, SimBond bond) {
        GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, InnerControl.CUBIC);
        bond.runFor(time);
        flow.stop();
    }

    private SimBond bond(Scenario scenario, long seed, String scheduler) {
        return bond(scenario.bond(seed).scheduler(scheduler, Map.of()));
    }

    private SimBond bond(SimBondBuilder builder) {
        multiplexers.clear();
        SimBond bond = builder.multiplexer(seen(), Map.of()).build();
        bond.awaitUp(Duration.ofSeconds(5));
        return bond;
    }

    private long waitingBytes() {
        return multiplexers.get(1).waitingBytes(); // the master's session begins when the slave's first datagram comes
    }

    private MultiplexerProvider seen() {
        BondingProvider real = new BondingProvider();
        return new MultiplexerProvider() {
            @Override
            public String name() {
                return real.name();
            }

            @Override
            public int version() {
                return real.version();
            }

            @Override
            public Multiplexer create(Map<String, String> options) {
                BondingMultiplexer made = (BondingMultiplexer) real.create(options);
                multiplexers.add(made);
                return made;
            }
        };
    }
}
