package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the default scheduler, the steady round trip and the copies are for: the links add up, and one may die unnoticed. */
class AdaptiveBondTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(10);
    private static final int PROBE_BYTES = 84;

    @Test
    void bbrGetsTheSumOfUnequalLinks() {
        Seeds.forEach(2, seed -> {
            SimBond bond = up(Scenario.HETERO, seed);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
            assertThat(megabits(bond, flow, 5, 5))
                    .as("with the links that are near")
                    .isGreaterThan(0.9 * (20 + 10) * 0.9);
            assertThat(megabits(bond, flow, 5, 10)).as("with all of them").isGreaterThan(0.8 * 35);
        });
    }

    @Test
    void cubicGetsTheSumOfLossyLinks() {
        Seeds.forEach(2, seed -> {
            SimBond bond = up(Scenario.LOSSY, seed);
            GreedyFlow flow = GreedyFlow.start(bond, Role.SLAVE);
            assertThat(megabits(bond, flow, 15, 10)).isGreaterThan(0.7 * 35);
        });
    }

    /** The quick link alone gives nearly all there is; the far one must not cost what it cannot bring. */
    @Test
    void farLinkWithLittleToGiveCostsNothing() {
        Scenario one = Scenario.of("one", link(20, 10));
        Scenario two = Scenario.of("two", link(20, 10), link(1, 300));
        for (InnerControl control : InnerControl.values()) {
            double alone = megabits(up(one, 1), control);
            double both = megabits(up(two, 1), control);
            assertThat(both).as("%s, %.1f Mbit/s alone", control, alone).isGreaterThan(0.97 * alone);
        }
    }

    /** Its rate is a guess until then: the copies of a call tell nothing of it, however long they go on. */
    @Test
    void farLinkThatHasCarriedOnlyCopiesIsTried() {
        SimBond bond = up(Scenario.of("far", link(12, 10), link(6, 300)), 1);
        ProbeFlow.start(bond, Role.MASTER, PROBE_INTERVAL, PROBE_BYTES);
        bond.runFor(Duration.ofSeconds(20));
        GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
        assertThat(megabits(bond, flow, 14, 6)).isGreaterThan(0.8 * (12 + 6));
    }

    @Test
    void flowSeesOneSteadyRoundTrip() {
        SimBond bond = up(Scenario.HETERO, 1);
        GreedyFlow flow = GreedyFlow.start(bond, Role.SLAVE, InnerControl.BBR);
        bond.runFor(Duration.ofSeconds(15));
        long least = Long.MAX_VALUE;
        for (int i = 0;
                i < 200;
                i++) { // BBR's look at the path falls into this: it pauses, and only quick links are used
            bond.runFor(Duration.ofMillis(50));
            least = Math.min(least, flow.roundTripNanos());
        }
        assertThat(least)
                .as("the quickest link's is 20 ms, the slowest one's 60 ms on the way there alone")
                .isGreaterThan(45_000_000);
    }

    @Test
    void sparsePacketsCrossTheCutOfALink() {
        for (Scenario scenario : new Scenario[] {Scenario.HOMOG, Scenario.HETERO, Scenario.JITTER}) {
            Seeds.forEach(4, seed -> {
                SimBond bond = up(scenario, seed);
                ProbeFlow probes = ProbeFlow.start(bond, Role.SLAVE, PROBE_INTERVAL, PROBE_BYTES);
                bond.runFor(Duration.ofSeconds(2));
                bond.link(1).cut();
                bond.runFor(Duration.ofSeconds(5));
                bond.link(1).restore();
                bond.runFor(Duration.ofSeconds(3));
                FlowResult result = probes.result();
                assertThat(result.longestGapNanos())
                        .as("%s: %s", scenario, result)
                        .isLessThan(200_000_000);

                probes.stop();
                bond.runFor(Duration.ofSeconds(1));
                assertThat(probes.result().missingPackets())
                        .as("%s: %s", scenario, probes.result())
                        .isZero();
            });
        }
    }

    @Test
    void schedulerThatUsesOneLinkIsNotHeldToAnother() {
        SimBond bond =
                Scenario.HETERO.bond(1).scheduler("active-standby", Map.of()).build();
        bond.awaitUp(LIMIT);
        GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
        bond.runFor(Duration.ofSeconds(5));
        assertThat(flow.roundTripNanos()).isLessThan(35_000_000);
    }

    private static SimBond up(Scenario scenario, long seed) {
        SimBond bond = scenario.bond(seed).build();
        bond.awaitUp(LIMIT);
        bond.runFor(Duration.ofSeconds(1));
        return bond;
    }

    private static LinkModel link(double megabits, long delayMillis) {
        return LinkModel.builder()
                .rateMbit(megabits)
                .delay(Duration.ofMillis(delayMillis))
                .queue(Duration.ofMillis(100))
                .build();
    }

    private static double megabits(SimBond bond, InnerControl control) {
        return megabits(bond, GreedyFlow.start(bond, Role.MASTER, control), 5, 20);
    }

    private static double megabits(SimBond bond, GreedyFlow flow, int afterSeconds, int seconds) {
        bond.runFor(Duration.ofSeconds(afterSeconds));
        flow.measure();
        bond.runFor(Duration.ofSeconds(seconds));
        return flow.result().goodputMbit();
    }
}
