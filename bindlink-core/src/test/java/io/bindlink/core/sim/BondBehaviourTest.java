package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The whole engine, both ends, in the situations it is made for. */
class BondBehaviourTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final LinkModel FAST = link(20, 10);
    private static final LinkModel MIDDLE = link(10, 30);
    private static final LinkModel SLOW = link(5, 50);

    @Test
    void bulkFlowComesInOrderOverUnequalLinks() {
        Seeds.forEach(5, seed -> {
            SimBond bond = up(seed, FAST, MIDDLE, SLOW);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            bond.runFor(Duration.ofSeconds(10));

            assertThat(flow.result().reorderedPackets()).as("%s", flow.result()).isZero();
            assertThat(flow.result().duplicatePackets()).as("%s", flow.result()).isZero();
            assertThat(flow.timeouts()).isZero();
        });
    }

    @Test
    void streamGetsMostOfTheSumOfItsLinks() {
        Seeds.forEach(3, seed -> {
            SimBond bond = streams(seed, FAST, MIDDLE, SLOW);
            StreamFlow flow = StreamFlow.start(bond, Role.MASTER, Long.MAX_VALUE);
            bond.runFor(Duration.ofSeconds(5));
            flow.measure();
            bond.runFor(Duration.ofSeconds(10));

            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.8 * 35);
        });
    }

    @Test
    void streamSurvivesTheCutOfALink() {
        Seeds.forEach(5, seed -> {
            SimBond bond = streams(seed, FAST, FAST, FAST);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, 30_000_000);
            bond.runFor(Duration.ofSeconds(2));
            flow.measure();
            bond.link(2).cut();
            bond.runFor(Duration.ofSeconds(3));
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(500_000_000L);
            bond.link(2).restore();

            assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(30)))
                    .as("%s", flow)
                    .isTrue();
            assertThat(bond.runUntil(() -> states(bond, 2).equals(List.of(LinkState.UP, LinkState.UP)), LIMIT))
                    .isTrue();
        });
    }

    @Test
    void linkWhoseReturnPathAloneIsDeadStillCarriesData() {
        SimBond bond = streams(1, FAST, FAST);
        bond.link(1).down().cut();
        StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE);
        bond.runFor(Duration.ofSeconds(5));
        flow.measure();
        bond.runFor(Duration.ofSeconds(5));

        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(25);
    }

    @Test
    void outageOfAllLinksEndsNoSession() {
        Seeds.forEach(20, seed -> {
            SimBond bond = streams(seed, FAST, MIDDLE);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, 20_000_000);
            bond.runFor(Duration.ofMillis(500 + new SplittableRandom(seed).nextInt(1000)));
            bond.links().forEach(SimLinkPair::cut);
            bond.runFor(Duration.ofMillis(700 + new SplittableRandom(seed).nextInt(3000)));
            bond.links().forEach(SimLinkPair::restore);

            assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(30)))
                    .as("%s; %s", flow, bond.slave().events())
                    .isTrue();
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
        });
    }

    @Test
    void pathMtuThatFallsIsNoticed() {
        SimBond bond = streams(1, FAST);
        StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE);
        bond.runFor(Duration.ofSeconds(2));
        bond.link(1).set(FAST.toBuilder().mtuBytes(1300).build());
        bond.runFor(Duration.ofSeconds(5));
        flow.measure();
        bond.runFor(Duration.ofSeconds(5));

        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(15);
    }

    @Test
    void smallestMtuOfTheInternetIsEnough() {
        Seeds.forEach(3, seed -> {
            LinkModel narrow = FAST.toBuilder().mtuBytes(576).build();
            SimBond bond = streams(seed, narrow, narrow);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, 2_000_000);

            assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(30)))
                    .as("%s; %s", flow, bond.slave().stats())
                    .isTrue();
        });
    }

    @Test
    void stalledDevicePushesBackAndLosesNothing() {
        SimBond bond = streams(1, FAST, MIDDLE);
        StreamFlow flow = StreamFlow.start(bond, Role.MASTER, 40_000_000);
        bond.slave().stall();
        bond.runFor(Duration.ofSeconds(20));
        assertThat(flow.receivedBytes()).isZero();
        assertThat(bond.buffersOut()).isLessThan(20_000);
        bond.slave().resume();

        assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(60)))
                .as("%s", flow)
                .isTrue();
    }

    @Test
    void pauseOfTheProcessEndsNoSession() {
        Seeds.forEach(5, seed -> {
            SimBond bond = up(seed, FAST, MIDDLE);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            for (int i = 0; i < 10; i++) {
                bond.runFor(Duration.ofSeconds(1));
                bond.end(i % 2 == 0 ? Role.MASTER : Role.SLAVE).freeze(Duration.ofMillis(400));
            }
            bond.runFor(Duration.ofSeconds(3));

            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            assertThat(states(bond, 1)).containsOnly(LinkState.UP);
            assertThat(states(bond, 2)).containsOnly(LinkState.UP);
        });
    }

    @Test
    void linkSurvivesTheRebindingOfItsNat() {
        Seeds.forEach(5, seed -> {
            SimBond bond = up(seed, FAST);
            ProbeFlow up = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(20), 200);
            ProbeFlow down = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 200);
            bond.runFor(Duration.ofSeconds(1));
            bond.link(1).rebind();
            bond.runFor(Duration.ofSeconds(1));
            up.measure();
            down.measure();
            bond.runFor(Duration.ofSeconds(1));
            up.stop();
            down.stop();
            bond.runFor(Duration.ofSeconds(1));

            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            assertThat(up.result().missingPackets()).as("%s", up.result()).isZero();
            assertThat(down.result().missingPackets()).as("%s", down.result()).isZero();
        });
    }

    @Test
    void linkRemovedAndBackInOneKeyEpochWorks() {
        SimBond bond = up(1, FAST, MIDDLE);
        int before = bond.link(2).id().orElseThrow().value();
        for (int i = 0; i < 5; i++) {
            bond.link(2).remove();
            bond.runFor(Duration.ofMillis(700));
            bond.link(2).add();
            assertThat(bond.runUntil(() -> states(bond, 2).equals(List.of(LinkState.UP, LinkState.UP)), LIMIT))
                    .as(
                            "round %s: %s; %s",
                            i, bond.slave().events(), bond.master().events())
                    .isTrue();
        }
        assertThat(bond.link(2).id().orElseThrow().value()).isEqualTo(before);
        assertThat(bond.master().stats().sessions()).isEqualTo(1);
    }

    @Test
    void pausedLinkCarriesNoBulkAndComesBack() {
        SimBond bond = streams(1, FAST, FAST);
        StreamFlow flow = StreamFlow.start(bond, Role.MASTER, Long.MAX_VALUE);
        bond.runFor(Duration.ofSeconds(2));
        bond.link(2).pause();
        bond.runFor(Duration.ofSeconds(1));
        long before = bond.link(2).down().counts().sentBytes();
        bond.runFor(Duration.ofSeconds(5));
        assertThat(bond.link(2).down().counts().sentBytes() - before).isLessThan(100_000);
        bond.link(2).resume();
        bond.runFor(Duration.ofSeconds(5));
        flow.measure();
        bond.runFor(Duration.ofSeconds(3));

        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(30);
    }

    @Test
    void replayedAndAlteredDatagramsChangeNothing() {
        Seeds.forEach(5, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimBond bond = up(seed, FAST, MIDDLE);
            InetSocketAddress stranger = new InetSocketAddress(InetAddress.getByAddress(new byte[] {8, 8, 8, 8}), 53);
            List<byte[]> seen = new ArrayList<>();
            bond.tap((link, sender, datagram) -> {
                seen.add(datagram.clone());
                byte[] old = seen.get(random.nextInt(seen.size())).clone();
                if (random.nextInt(4) == 0) {
                    old[random.nextInt(old.length)] ^= (byte) (1 << random.nextInt(8));
                }
                link.inject(random.nextBoolean() ? Role.MASTER : Role.SLAVE, old);
                return datagram;
            });
            ProbeFlow up = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(20), 200);
            ProbeFlow down = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 200);
            for (int i = 0; i < 100; i++) {
                bond.runFor(Duration.ofMillis(50));
                bond.inject(stranger, seen.get(random.nextInt(seen.size())));
            }
            up.stop();
            down.stop();
            bond.runFor(Duration.ofSeconds(1));

            for (FlowResult result : List.of(up.result(), down.result())) {
                assertThat(result.missingPackets()).as("%s", result).isZero();
                assertThat(result.duplicatePackets()).as("%s", result).isZero();
                assertThat(result.alteredPackets()).as("%s", result).isZero();
            }
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            assertThat(bond.master().stats().counter(DropReason.REPLAY.counter()))
                    .isPositive();
            assertThat(bond.master().stats().counter(DropReason.AUTHENTICATION.counter()))
                    .isPositive();
            assertThat(bond.misdirectedDatagrams()).isLessThan(200); // the stranger gets next to nothing
        });
    }

    @Test
    void noiseNeverThrows() {
        Seeds.forEach(5, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            SimBond bond = up(seed, FAST);
            for (int i = 0; i < 5000; i++) {
                byte[] noise = new byte[random.nextInt(1, 400)];
                random.nextBytes(noise);
                noise[0] = (byte) (0x20 | random.nextInt(32));
                bond.link(1).inject(random.nextBoolean() ? Role.MASTER : Role.SLAVE, noise);
                bond.runFor(Duration.ofMillis(1));
            }
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            assertThat(bond.slave().isUp()).isTrue();
        });
    }

    @Test
    void restartedMasterIsFoundAgain() {
        Seeds.forEach(5, seed -> {
            SimBond bond = up(seed, FAST, MIDDLE);
            bond.runFor(Duration.ofSeconds(5));
            bond.master().restart();

            assertThat(bond.runUntil(() -> bond.master().isUp(), Duration.ofSeconds(5)))
                    .as("%s", bond.slave().events())
                    .isTrue();
            ProbeFlow flow = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 200);
            bond.runFor(Duration.ofSeconds(1));
            flow.stop();
            bond.runFor(Duration.ofSeconds(1));
            assertThat(flow.result().missingPackets()).as("%s", flow.result()).isZero();
        });
    }

    @Test
    void idleBondLivesForAnHourOverDriftingClocks() {
        SimBond bond = SimBond.builder().link(FAST).link(SLOW).clockDrift(100).build();
        bond.awaitUp(LIMIT);
        bond.runFor(Duration.ofHours(1));

        assertThat(bond.master().stats().sessions()).isEqualTo(1);
        assertThat(states(bond, 1)).containsOnly(LinkState.UP);
        assertThat(states(bond, 2)).containsOnly(LinkState.UP);
        assertThat(bond.slave().events().stream()
                        .filter(Event.KeysRenewed.class::isInstance)
                        .count())
                .isBetween(28L, 31L);
        assertThat(bond.slave().events())
                .filteredOn(Event.LinkChanged.class::isInstance)
                .hasSizeLessThan(5);
    }

    @Test
    void keysAreRenewedUnderLoadWithoutLoss() {
        Seeds.forEach(3, seed -> {
            SimBond bond = SimBond.builder()
                    .seed(seed)
                    .kind(TunDevice.Kind.STREAMS)
                    .link(FAST)
                    .link(SLOW)
                    .rekeyEvery(Duration.ofSeconds(1))
                    .build();
            bond.awaitUp(LIMIT);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, 20_000_000);

            assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(30)))
                    .as("%s", flow)
                    .isTrue();
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(100_000_000L);
            assertThat(bond.slave().events()).anyMatch(Event.KeysRenewed.class::isInstance);
        });
    }

    @Test
    void refusedDialIsTriedAgain() {
        SimBond bond = up(1, FAST, MIDDLE);
        bond.link(2).refuseDial("proxy refused");
        bond.link(2).breakSocket("phone is gone");
        bond.runFor(Duration.ofSeconds(20));
        assertThat(bond.slave().stats(bond.link(2)).state()).isEqualTo(LinkState.DOWN);
        assertThat(bond.slave().stats(bond.link(2)).reason()).isEqualTo("proxy refused");
        bond.link(2).refuseDial(null);

        assertThat(bond.runUntil(
                        () -> states(bond, 2).equals(List.of(LinkState.UP, LinkState.UP)), Duration.ofSeconds(60)))
                .isTrue();
    }

    /** State at the slave and at the master; an end that does not know the link calls it closed. */
    private static List<LinkState> states(SimBond bond, int index) {
        return List.of(state(bond.slave(), bond.link(index)), state(bond.master(), bond.link(index)));
    }

    private static LinkState state(SimEnd end, SimLinkPair link) {
        return end.stats().links().stream()
                .filter(stats -> Optional.of(stats.id()).equals(link.id()))
                .map(LinkStats::state)
                .findFirst()
                .orElse(LinkState.CLOSED);
    }

    private static SimBond up(long seed, LinkModel... models) {
        return up(SimBond.builder().seed(seed), models);
    }

    private static SimBond streams(long seed, LinkModel... models) {
        return up(SimBond.builder().seed(seed).kind(TunDevice.Kind.STREAMS), models);
    }

    private static SimBond up(SimBondBuilder builder, LinkModel... models) {
        for (LinkModel model : models) {
            builder.link(model);
        }
        SimBond bond = builder.build();
        bond.awaitUp(LIMIT);
        bond.runFor(Duration.ofSeconds(1));
        return bond;
    }

    private static LinkModel link(double mbit, int delayMillis) {
        return LinkModel.builder()
                .rateMbit(mbit)
                .delay(Duration.ofMillis(delayMillis))
                .build();
    }
}
