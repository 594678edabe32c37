package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What bonds of links stumble over in the field, each in a whole bond. See docs/pitfalls.md. */
class PitfallsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final double MBIT = 10;
    private static final LinkModel GOOD = link(MBIT, 10).build();

    @Test
    void policedLinkIsUsedUpToItsLimit() {
        Policer four = new Policer(4_000_000 / 8, 15_000);
        LinkModel policed = link(MBIT, 20).policer(four).build();
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed).link(GOOD).link(policed).build();
            StreamFlow flow = measured(bond, Role.SLAVE);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.9 * (MBIT + 4));
            assertThat(flow.wrongBytes()).isZero();
            assertThat(bond.slave().stats(bond.link(2)).state()).isEqualTo(LinkState.UP);
        });
    }

    @Test
    void thirtyPercentLossOnOneLinkSpoilsNoStream() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed).link(GOOD).link(lossy()).build();
            StreamFlow flow = measured(bond, Role.SLAVE);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(1.2 * MBIT);
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(100_000_000L);
            assertThat(flow.wrongBytes()).isZero();
        });
    }

    @Test
    void thirtyPercentLossOnOneLinkIsHiddenFromBestEffort() {
        Seeds.forEach(2, seed -> {
            SimBond bond = packets(seed).link(GOOD).link(lossy()).build();
            bond.awaitUp(LIMIT);
            GreedyFlow bulk = GreedyFlow.start(bond, Role.MASTER);
            ProbeFlow call = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 200);
            bond.runFor(WARM_UP.plus(MEASURED));
            bulk.stop();
            call.stop();
            bond.runFor(Duration.ofSeconds(1));
            assertThat(bond.link(2).down().counts().lostPackets()).isGreaterThan(500);
            assertThat(bulk.result().reorderedPackets()).as("%s", bulk.result()).isZero();
            for (FlowResult result : List.of(bulk.result(), call.result())) {
                assertThat(result.duplicatePackets()).as("%s", result).isZero();
                assertThat(result.lossRatio()).as("%s", result).isLessThan(0.01);
            }
        });
    }

    @Test
    void lostAcknowledgementsHoldUpNothing() {
        LinkModel lossyBack = link(MBIT, 10).loss(0.3).build();
        Seeds.forEach(2, seed -> {
            SimBond bond =
                    streams(seed).link(GOOD, lossyBack).link(GOOD, lossyBack).build();
            StreamFlow flow = measured(bond, Role.SLAVE);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.9 * 2 * MBIT);
            assertThat(bond.slave().stats().links()).allMatch(link -> link.lostPackets() < 100);
        });
    }

    @Test
    void linksBehindOneCellShareWhatItHas() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed)
                    .link(LinkModel.PERFECT)
                    .link(LinkModel.PERFECT)
                    .link(GOOD)
                    .build();
            Cell cell = Cell.around(bond, link(MBIT, 20).build(), bond.link(1), bond.link(2));
            StreamFlow flow = measured(bond, Role.SLAVE);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.9 * 2 * MBIT);
            assertThat(flow.wrongBytes()).isZero();
            assertThat(bond.slave().stats().links().stream()
                                    .mapToLong(LinkStats::rateBytesPerSecond)
                                    .sum()
                            * 8)
                    .as("the cell counts once, not for each of its links")
                    .isLessThan((long) (1.25 * 2 * MBIT * 1_000_000));
            assertThat(cell.from(Role.SLAVE).counts().queueDrops()).isLessThan(100);
            assertThat(bond.slave().stats().links()).allMatch(link -> link.state() == LinkState.UP);
        });
    }

    @Test
    void rivalOnOneLinkAndTheBondLeaveEachOtherAQuarter() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed).link(LinkModel.PERFECT).link(GOOD).build();
            Cell cell = Cell.around(bond, link(MBIT, 20).build(), bond.link(1));
            bond.awaitUp(LIMIT);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE);
            RivalTcp rival = RivalTcp.start(bond, cell);
            bond.runFor(Duration.ofSeconds(5));
            rival.takeGoodput();
            long before = bond.link(1).up().counts().deliveredBytes();
            flow.measure();
            bond.runFor(Duration.ofSeconds(10));
            double bondsMbit = (bond.link(1).up().counts().deliveredBytes() - before) * 8 / 10e6;
            double rivalsMbit = rival.takeGoodput() * 8 / 10e6;
            assertThat(bondsMbit).as("rival: %s", rivalsMbit).isGreaterThan(MBIT / 4);
            assertThat(rivalsMbit).as("bond: %s", bondsMbit).isGreaterThan(MBIT / 4);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(1.2 * MBIT);
            assertThat(flow.wrongBytes()).isZero();
        });
    }

    @Test
    void verySlowLinkCostsAStreamNothing() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed).link(GOOD).link(link(0.3, 50).build()).build();
            StreamFlow flow = measured(bond, Role.SLAVE);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.94 * MBIT);
            assertThat(bond.slave().stats(bond.link(2)).state()).isEqualTo(LinkState.UP);
        });
    }

    @Test
    void verySlowLinkAloneIsFilled() {
        SimBond bond = streams(1).link(link(0.3, 50).build()).build();
        StreamFlow flow = measured(bond, Role.SLAVE);
        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.9 * 0.3);
    }

    @Test
    void wayBackMayBeTwentyTimesSlower() {
        LinkModel slowBack = link(MBIT / 20, 20).build();
        Seeds.forEach(2, seed -> {
            SimBond bond =
                    streams(seed).link(slowBack, GOOD).link(slowBack, GOOD).build();
            StreamFlow flow = measured(bond, Role.MASTER);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.9 * 2 * MBIT);
        });
    }

    @Test
    void reorderingInsideALinkIsHidden() {
        LinkModel shuffling = link(MBIT, 10).reorder(0.1, Duration.ofMillis(20)).build();
        LinkModel jittery =
                link(MBIT, 30).jitter(Duration.ofMillis(15)).overtaking(true).build();
        Seeds.forEach(2, seed -> {
            SimBond bond = packets(seed).link(shuffling).link(jittery).build();
            bond.awaitUp(LIMIT);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            bond.runFor(MEASURED);
            flow.stop();
            bond.runFor(Duration.ofSeconds(1));
            assertThat(flow.result().reorderedPackets()).as("%s", flow.result()).isZero();
            assertThat(flow.result().lossRatio()).as("%s", flow.result()).isLessThan(0.002);
            assertThat(flow.timeouts()).isZero();
        });
    }

    @Test
    void linkUnusedForAMinuteTakesOverAtOnce() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed)
                    .scheduler("active-standby", Map.of())
                    .link(GOOD)
                    .link(GOOD)
                    .build();
            bond.awaitUp(LIMIT);
            bond.runFor(Duration.ofMinutes(1));
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE);
            bond.runFor(Duration.ofSeconds(2));
            flow.measure();
            bond.link(1).cut();
            bond.runFor(MEASURED);
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(500_000_000L);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.8 * MBIT);
        });
    }

    @Test
    void linkOfTenTimesTheDelayMayComeAndGo() {
        LinkModel far = link(MBIT, 100).build();
        Seeds.forEach(2, seed -> {
            SimBond bond = packets(seed).link(GOOD).build();
            bond.awaitUp(LIMIT);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            bond.runFor(WARM_UP);
            bond.addLink(far, far);
            bond.runFor(WARM_UP);
            bond.link(2).remove();
            bond.runFor(WARM_UP);
            bond.link(2).add();
            bond.runFor(WARM_UP);
            assertThat(bond.slave().stats(bond.link(2)).state()).isEqualTo(LinkState.UP);
            assertThat(flow.result().reorderedPackets()).as("%s", flow.result()).isZero();
            assertThat(flow.result().duplicatePackets()).as("%s", flow.result()).isZero();
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(300_000_000L);
            assertThat(flow.timeouts()).as("timeouts of the inner TCP").isZero();
        });
    }

    @Test
    void linkMayGoAndComeBackUnderLoad() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed).link(GOOD).link(GOOD).build();
            bond.awaitUp(LIMIT);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, 12_000_000);
            for (int i = 0; i < 5; i++) {
                bond.runFor(Duration.ofMillis(500));
                bond.link(2).remove();
                bond.runFor(Duration.ofMillis(300));
                bond.link(2).add();
            }
            assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(20)))
                    .as("%s", flow)
                    .isTrue();
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(300_000_000L);
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
        });
    }

    @Test
    void linkMayComeBackBeforeThePeerHeardThatItWent() {
        Seeds.forEach(20, seed -> {
            SimBond bond = streams(seed).link(GOOD).link(link(MBIT, 40).build()).build();
            bond.awaitUp(LIMIT);
            bond.runFor(Duration.ofSeconds(1));
            int id = bond.link(2).id().orElseThrow().value();
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 10; i++) {
                bond.link(2).remove();
                bond.runFor(Duration.ofMillis(random.nextInt(30)));
                bond.link(2).add();
                bond.runFor(Duration.ofMillis(random.nextInt(100)));
            }
            bond.runFor(Duration.ofSeconds(3));
            assertThat(bond.link(2).id().orElseThrow().value()).isEqualTo(id);
            assertThat(bond.slave().stats(bond.link(2)).state())
                    .as("%s", bond.slave().events())
                    .isEqualTo(LinkState.UP);
            assertThat(bond.master().stats(bond.link(2)).state())
                    .as("%s", bond.master().events())
                    .isEqualTo(LinkState.UP);
        });
    }

    @Test
    void threeHundredFlowsAllGetThrough() {
        SimBond bond = streams(1).link(GOOD).link(link(MBIT, 30).build()).build();
        bond.awaitUp(LIMIT);
        List<StreamFlow> flows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flows.add(StreamFlow.start(bond, i % 2 == 0 ? Role.SLAVE : Role.MASTER, 40_000));
        }
        assertThat(bond.runUntil(() -> flows.stream().allMatch(StreamFlow::complete), Duration.ofSeconds(10)))
                .as("%s", flows)
                .isTrue();
    }

    @Test
    void healthChecksSurviveALoadedLink() {
        LinkModel shallow = link(MBIT, 20).queueBytes(15_000).build();
        Seeds.forEach(2, seed -> {
            SimBond bond = packets(seed).link(shallow).link(shallow).build();
            bond.awaitUp(LIMIT);
            bond.runFor(Duration.ofSeconds(1));
            int before = changes(bond);
            bond.add(new Flood(bond));
            GreedyFlow.start(bond, Role.SLAVE);
            bond.runFor(Duration.ofSeconds(10));
            assertThat(bond.link(1).up().counts().queueDrops()).isGreaterThan(1000);
            assertThat(bond.slave().stats().links()).allMatch(link -> link.state() == LinkState.UP);
            assertThat(changes(bond) - before).isLessThan(4);
        });
    }

    @Test
    void blackHoledLinkInTheRoundsIsLeftQuickly() {
        for (String scheduler : List.of("round-robin", "weighted")) {
            Seeds.forEach(2, seed -> {
                SimBond bond = packets(seed)
                        .scheduler(scheduler, Map.of())
                        .link(GOOD)
                        .link(GOOD)
                        .link(GOOD)
                        .build();
                bond.awaitUp(LIMIT);
                bond.runFor(Duration.ofSeconds(1));
                ProbeFlow flow = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(2), 500);
                bond.runFor(Duration.ofSeconds(1));
                flow.measure();
                bond.link(2).up().cut();
                bond.runFor(MEASURED);
                FlowResult result = flow.result();
                assertThat(result.longestGapNanos())
                        .as("%s: %s", scheduler, result)
                        .isLessThan(300_000_000L);
                assertThat(result.missingPackets())
                        .as("%s: %s", scheduler, result)
                        .isLessThan(20); // under way
                assertThat(bond.slave().stats(bond.link(2)).state()).isEqualTo(LinkState.DOWN);
            });
        }
    }

    @Test
    void linkThatSwallowsAllButSmallDatagramsIsLeft() {
        Seeds.forEach(2, seed -> {
            SimBond bond = streams(seed)
                    .scheduler("round-robin", Map.of())
                    .link(GOOD)
                    .link(GOOD)
                    .build();
            bond.awaitUp(LIMIT);
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE);
            bond.runFor(Duration.ofSeconds(2));
            bond.tap((link, sender, datagram) -> link.index() == 2 && datagram.length > 300 ? null : datagram);
            flow.measure();
            bond.runFor(MEASURED);
            assertThat(flow.result().longestGapNanos()).as("%s", flow.result()).isLessThan(500_000_000L);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(0.7 * MBIT);
        });
    }

    @Test
    void outageFollowedByLateDuplicatesChangesNothing() {
        Seeds.forEach(4, seed -> {
            SimBond bond = packets(seed).link(GOOD).link(GOOD).build();
            bond.awaitUp(LIMIT);
            ProbeFlow up = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(5), 300);
            ProbeFlow down = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(5), 300);
            bond.runFor(Duration.ofSeconds(1));
            record Late(SimLinkPair link, Role sender, byte[] datagram) {}
            List<Late> late = new ArrayList<>();
            bond.tap((link, sender, datagram) -> {
                late.add(new Late(link, sender, datagram));
                return null; // the outage; the cell keeps all of it
            });
            bond.runFor(Duration.ofSeconds(1 + Math.floorMod(seed, 4)));
            bond.tap(null);
            for (int copies = 0; copies < 2; copies++) {
                late.forEach(each -> each.link().inject(each.sender(), each.datagram()));
                bond.runFor(Duration.ofMillis(300));
            }
            assertThat(late.size()).isGreaterThan(100);
            assertThat(up.result().duplicatePackets()).as("%s", up.result()).isZero();
            assertThat(down.result().duplicatePackets()).as("%s", down.result()).isZero();
            bond.runFor(Duration.ofSeconds(3));
            up.measure();
            down.measure();
            bond.runFor(Duration.ofSeconds(2));
            up.stop();
            down.stop();
            bond.runFor(Duration.ofSeconds(1));
            for (FlowResult result : List.of(up.result(), down.result())) {
                assertThat(result.missingPackets()).as("%s", result).isZero();
                assertThat(result.duplicatePackets()).as("%s", result).isZero();
                assertThat(result.reorderedPackets()).as("%s", result).isZero();
            }
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            for (int link = 1; link <= 2; link++) {
                assertThat(bond.slave().stats(bond.link(link)).state()).isEqualTo(LinkState.UP);
                assertThat(bond.master().stats(bond.link(link)).state()).isEqualTo(LinkState.UP);
            }
        });
    }

    @Test
    void noDatagramIsLargerThanItsPathCarries() {
        LinkModel narrow = link(MBIT, 20).mtuBytes(1400).build();
        SimBond bond = streams(1).link(GOOD).link(narrow).build();
        measured(bond, Role.SLAVE);
        assertThat(bond.link(1).up().counts().tooLargeDrops()).isZero();
        assertThat(bond.link(1).down().counts().tooLargeDrops()).isZero();
        assertThat(bond.link(2).up().counts().tooLargeDrops())
                .as("probes of its MTU")
                .isBetween(1L, 20L);
        assertThat(bond.link(2).up().counts().sentPackets()).isGreaterThan(5_000);
    }

    /** Somebody else who fills all links from the slave beyond their rate, whatever is lost. */
    private static final class Flood implements Traffic {
        private final SimBond bond;
        private long nextNanos;

        Flood(SimBond bond) {
            this.bond = bond;
            this.nextNanos = bond.nowNanos();
        }

        @Override
        public long pollTimeout() {
            return nextNanos;
        }

        @Override
        public void handleTimeout(long nowNanos) {
            nextNanos += 1_000_000;
            bond.links().forEach(link -> link.inject(Role.SLAVE, new byte[1400])); // 11 Mbit/s
        }
    }

    private static int changes(SimBond bond) {
        return (int) bond.slave().events().stream()
                .filter(Event.LinkChanged.class::isInstance)
                .count();
    }

    /** A stream that has run for a while and was measured for a while. */
    private static StreamFlow measured(SimBond bond, Role from) {
        bond.awaitUp(LIMIT);
        StreamFlow flow = StreamFlow.start(bond, from, Long.MAX_VALUE);
        bond.runFor(WARM_UP);
        flow.measure();
        bond.runFor(MEASURED);
        return flow;
    }

    private static SimBondBuilder streams(long seed) {
        return SimBond.builder().seed(seed).kind(TunDevice.Kind.STREAMS);
    }

    private static SimBondBuilder packets(long seed) {
        return SimBond.builder().seed(seed);
    }

    private static LinkModel lossy() {
        return link(MBIT, 20).loss(0.3).build();
    }

    private static LinkModel.Builder link(double mbit, int delayMillis) {
        return LinkModel.builder().rateMbit(mbit).delay(Duration.ofMillis(delayMillis));
    }
}
