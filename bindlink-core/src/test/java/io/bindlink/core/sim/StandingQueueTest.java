package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a bulk flow's own queue does to it and to what runs beside it. */
class StandingQueueTest {
    private static final LinkModel LINK =
            LinkModel.builder().rateMbit(20).delay(Duration.ofMillis(10)).build();
    private static final long MILLI = 1_000_000;

    @Test
    void downloadKeepsNoStandingQueue() {
        Seeds.forEach(2, seed -> {
            SimBond bond = up(seed);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            ProbeFlow ping = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 84);
            bond.runFor(Duration.ofSeconds(5));
            flow.measure();
            ping.measure();
            bond.runFor(Duration.ofSeconds(10));

            // without CoDel: median 329, 95 % 449 ms, and 36.9 Mbit/s
            assertThat(flow.result().delayMedianNanos()).as("%s", flow.result()).isLessThan(45 * MILLI);
            assertThat(flow.result().delay95Nanos()).as("%s", flow.result()).isLessThan(60 * MILLI);
            assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(33);
            assertThat(flow.timeouts()).isZero();
            assertThat(ping.result().delay95Nanos()).as("%s", ping.result()).isLessThan(30 * MILLI);
            assertThat(ping.result().missingPackets()).as("%s", ping.result()).isLessThan(3);
            assertThat(bond.master().stats().counter("queue_codel")).isPositive();
            assertThat(bond.master().stats().counter("queue_overflow")).isZero();
        });
    }

    @Test
    void eightDownloadsKeepNoStandingQueue() {
        SimBond bond = up(1);
        GreedyFlow[] flows = new GreedyFlow[8];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = GreedyFlow.start(bond, Role.MASTER);
        }
        bond.runFor(Duration.ofSeconds(5));
        double goodput = 0;
        for (GreedyFlow flow : flows) {
            flow.measure();
        }
        bond.runFor(Duration.ofSeconds(10));
        for (GreedyFlow flow : flows) {
            goodput += flow.result().goodputMbit();
            assertThat(flow.result().delayMedianNanos()).as("%s", flow.result()).isLessThan(60 * MILLI);
        }
        assertThat(goodput).isGreaterThan(33);
    }

    @Test
    void floodThatDoesNotListenHarmsItselfAlone() {
        SimBond bond = up(1);
        ProbeFlow flood = ProbeFlow.start(bond, Role.MASTER, Duration.ofNanos(100_000), 1_250); // 100 Mbit/s
        ProbeFlow call = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(20), 200);
        GreedyFlow download = GreedyFlow.start(bond, Role.MASTER);
        bond.runFor(Duration.ofSeconds(8));
        call.measure();
        download.measure();
        bond.runFor(Duration.ofSeconds(4));

        assertThat(flood.result().lossRatio()).isGreaterThan(0.5);
        assertThat(call.result().missingPackets()).as("%s", call.result()).isLessThan(3);
        assertThat(call.result().delay95Nanos()).as("%s", call.result()).isLessThan(40 * MILLI);
        assertThat(download.result().goodputMbit()).as("%s", download.result()).isGreaterThan(12);
        assertThat(download.result().delayMedianNanos())
                .as("%s", download.result())
                .isLessThan(80 * MILLI);
    }

    private static SimBond up(long seed) {
        SimBond bond = SimBond.builder().seed(seed).link(LINK).link(LINK).build();
        bond.awaitUp(Duration.ofSeconds(10));
        bond.runFor(Duration.ofSeconds(1));
        return bond;
    }
}
