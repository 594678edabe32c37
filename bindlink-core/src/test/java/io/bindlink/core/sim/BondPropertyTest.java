package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Counter;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What must hold of every bond, whatever its links do. */
class BondPropertyTest {
    private static final int SEEDS = Integer.getInteger("bindlink.seeds", 10);

    @Test
    void streamsArriveToTheByteOrAreReset() {
        Seeds.forEach(SEEDS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimBond bond = hostile(random, seed).kind(TunDevice.Kind.STREAMS).build();
            bond.awaitUp(Duration.ofSeconds(30));
            List<StreamFlow> flows = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                Role from = random.nextBoolean() ? Role.MASTER : Role.SLAVE;
                flows.add(StreamFlow.start(bond, from, random.nextInt(10, 400_000), 9 + random.nextInt(20_000)));
            }
            bond.add(new Mischief(bond, random));

            boolean over = bond.runUntil(
                    () -> flows.stream().allMatch(flow -> flow.complete() || flow.isReset()), Duration.ofSeconds(600));
            assertThat(over).as("%s", flows).isTrue();
            assertThat(flows).allMatch(flow -> flow.wrongBytes() == 0);
            assertClosesCleanly(bond);
        });
    }

    @Test
    void packetsComeOnceAndUnaltered() {
        Seeds.forEach(SEEDS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimBond bond = hostile(random, seed).build();
            bond.awaitUp(Duration.ofSeconds(30));
            List<ProbeFlow> flows = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Role from = random.nextBoolean() ? Role.MASTER : Role.SLAVE;
                Duration interval = Duration.ofMillis(1 + random.nextInt(30));
                flows.add(ProbeFlow.start(bond, from, interval, 44 + random.nextInt(1300)));
            }
            GreedyFlow greedy = GreedyFlow.start(bond, Role.MASTER);
            bond.add(new Mischief(bond, random));
            bond.runFor(Duration.ofSeconds(20));

            for (ProbeFlow flow : flows) {
                assertThat(flow.result().duplicatePackets())
                        .as("%s", flow.result())
                        .isZero();
                assertThat(flow.result().alteredPackets())
                        .as("%s", flow.result())
                        .isZero();
            }
            assertThat(greedy.result().duplicatePackets())
                    .as("%s", greedy.result())
                    .isZero();
            assertThat(greedy.result().alteredPackets())
                    .as("%s", greedy.result())
                    .isZero();
            assertClosesCleanly(bond);
        });
    }

    @Test
    void packetsOfAFlowComeInOrderUnlessABoundPassed() {
        AtomicInteger withinBounds = new AtomicInteger();
        Seeds.forEach(SEEDS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimBond bond = gentle(random, seed).build();
            bond.awaitUp(Duration.ofSeconds(30));
            GreedyFlow up = GreedyFlow.start(bond, Role.SLAVE);
            GreedyFlow down = GreedyFlow.start(bond, Role.MASTER);
            bond.runFor(Duration.ofSeconds(1 + random.nextInt(8)));
            bond.links().get(0).cut();
            bond.runFor(Duration.ofMillis(random.nextInt(4000)));
            bond.links().get(0).restore();
            bond.runFor(Duration.ofSeconds(5));

            for (GreedyFlow flow : List.of(up, down)) {
                if (boundsPassed(bond) == 0) {
                    withinBounds.incrementAndGet();
                    assertThat(flow.result().reorderedPackets())
                            .as("%s", flow.result())
                            .isZero();
                }
            }
            assertClosesCleanly(bond);
        });
        assertThat(withinBounds).as("bonds of which this says something").hasPositiveValue();
    }

    /** How often a receiver went on without a piece, or a sender told it to (docs/scheduling.md). */
    private static long boundsPassed(SimBond bond) {
        long passed = 0;
        for (Role role : Role.values()) {
            Stats stats = bond.end(role).stats();
            for (Counter bound : List.of(Counter.MUX_HOLES_EXPIRED, Counter.MUX_GIVEN_UP, Counter.MUX_HELD_OVERFLOW)) {
                passed += stats.counter(bound.label());
            }
        }
        return passed;
    }

    /** Two or three links as they are on a usable day. */
    private static SimBondBuilder gentle(SplittableRandom random, long seed) {
        SimBondBuilder builder = SimBond.builder().seed(seed);
        int links = 2 + random.nextInt(2);
        for (int i = 0; i < links; i++) {
            LinkModel model = LinkModel.builder()
                    .rateMbit(random.nextDouble(2, 20))
                    .delay(Duration.ofMillis(random.nextInt(5, 60)))
                    .jitter(Duration.ofMillis(random.nextInt(5)), Duration.ZERO)
                    .overtaking(random.nextBoolean())
                    .loss(random.nextDouble(0.01))
                    .duplicate(0.01)
                    .build();
            builder.link(model, model);
        }
        return builder;
    }

    private static void assertClosesCleanly(SimBond bond) {
        bond.close();
        assertThat(bond.master().buffersOut())
                .as("buffers the master did not give back")
                .isZero();
        assertThat(bond.slave().buffersOut())
                .as("buffers the slave did not give back")
                .isZero();
    }

    /** One to four links of any kind. */
    static SimBondBuilder hostile(SplittableRandom random, long seed) {
        SimBondBuilder builder = SimBond.builder().seed(seed).clockDrift(random.nextInt(-100, 101));
        int links = 1 + random.nextInt(4);
        for (int i = 0; i < links; i++) {
            builder.link(hostile(random), hostile(random));
        }
        return builder;
    }

    private static LinkModel hostile(SplittableRandom random) {
        LinkModel.Builder model = LinkModel.builder()
                .rateMbit(Math.exp(random.nextDouble(Math.log(0.3), Math.log(50))))
                .delay(Duration.ofMillis(random.nextInt(1, 150)))
                .mtuBytes(random.nextInt(3) == 0 ? 1300 : 1500);
        if (random.nextInt(3) == 0) {
            model.jitter(Duration.ofMillis(random.nextInt(20)), Duration.ofMillis(random.nextInt(2) * 30L))
                    .overtaking(random.nextBoolean());
        }
        if (random.nextInt(3) == 0) {
            model.loss(random.nextDouble(0.1));
        }
        if (random.nextInt(4) == 0) {
            model.burstLoss(BurstLoss.of(0.005, 0.2));
        }
        if (random.nextInt(4) == 0) {
            model.duplicate(0.05).reorder(0.05, Duration.ofMillis(random.nextInt(50)));
        }
        return model.build();
    }

    /** Cuts, mends, rebinds, breaks, freezes and alters at random, but leaves links alone for half of the time. */
    private static final class Mischief implements Traffic {
        private final SimBond bond;
        private final SplittableRandom random;
        private long nextNanos;

        Mischief(SimBond bond, SplittableRandom random) {
            this.bond = bond;
            this.random = random.split();
            this.nextNanos = bond.nowNanos();
        }

        @Override
        public long pollTimeout() {
            return nextNanos;
        }

        @Override
        public void handleTimeout(long nowNanos) {
            nextNanos = nowNanos + random.nextLong(3_000_000_000L);
            List<SimLinkPair> links = bond.links();
            SimLinkPair link = links.get(random.nextInt(links.size()));
            switch (random.nextInt(10)) {
                case 0 -> link.up().cut();
                case 1 -> link.down().cut();
                case 2 -> link.cut();
                case 3 -> link.rebind();
                case 4 -> link.breakSocket("broken by mischief");
                case 5 ->
                    bond.end(random.nextBoolean() ? Role.MASTER : Role.SLAVE)
                            .freeze(Duration.ofMillis(random.nextInt(300)));
                case 6 ->
                    link.set(link.up().model().toBuilder()
                            .rateMbit(random.nextDouble(0.3, 30))
                            .build());
                default -> links.forEach(SimLinkPair::restore);
            }
        }
    }
}
