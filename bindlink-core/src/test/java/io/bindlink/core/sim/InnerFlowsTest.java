package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What connections inside the bond make of it that the other tests do not have: QUIC, several of them, a process that pauses. */
class InnerFlowsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(6);

    /** QUIC takes a packet for lost when one three numbers later arrived, and never learns better. */
    @Test
    void quicIsToldOfNoLossThatWasNone() {
        for (Scenario scenario : List.of(Scenario.HETERO, Scenario.LOSSY)) {
            Seeds.forEach(2, seed -> {
                SimBond bond = up(scenario, seed);
                QuicFlow flow = QuicFlow.start(bond, Role.MASTER);
                bond.runFor(WARM_UP.plus(MEASURED));

                assertThat(flow.spuriousLosses())
                        .as("%s: %s", scenario, flow.result())
                        .isZero();
                assertThat(flow.result().reorderedPackets())
                        .as("%s: %s", scenario, flow.result())
                        .isZero();
                assertThat(flow.result().goodputMbit())
                        .as("%s: %s", scenario, flow.result())
                        .isGreaterThan(15); // its slow start is in it
            });
        }
    }

    @ParameterizedTest
    @EnumSource(InnerControl.class)
    void fourFlowsShareTheLinks(InnerControl control) {
        SimBond bond = up(Scenario.HOMOG, 1);
        List<GreedyFlow> flows = Stream.generate(() -> GreedyFlow.start(bond, Role.MASTER, control))
                .limit(4)
                .toList();
        bond.runFor(WARM_UP);
        flows.forEach(GreedyFlow::measure);
        bond.runFor(MEASURED);
        List<Double> mbit =
                flows.stream().map(flow -> flow.result().goodputMbit()).toList();

        assertThat(mbit.stream().mapToDouble(each -> each).sum()).as("%s", mbit).isGreaterThan(33.5);
        assertThat(mbit).as("a quarter each").allMatch(each -> each > 0.7 * 40 / 4);
    }

    /**
     * As a garbage collection does: for a while no link brings anything, and what it brings then is late by up to the pause.
     * That is no queue, so that no more is lost than the time itself.
     */
    @ParameterizedTest
    @EnumSource(InnerControl.class)
    void pausesOfTheProcessAreNotTakenForQueues(InnerControl control) {
        for (Role pausing : Role.values()) {
            SimBond bond = up(Scenario.HOMOG, 1);
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, control);
            bond.runFor(WARM_UP);
            flow.measure();
            for (int i = 0; i < 8; i++) {
                bond.end(pausing).freeze(Duration.ofMillis(100));
                bond.runFor(Duration.ofSeconds(1));
            }
            assertThat(flow.result().goodputMbit())
                    .as("%s of 36 Mbit/s less a tenth, with %s pausing", flow.result(), pausing)
                    .isGreaterThan(0.95 * 0.9 * 36);
        }
    }

    private static SimBond up(Scenario scenario, long seed) {
        SimBond bond = scenario.bond(seed).build();
        bond.awaitUp(LIMIT);
        bond.runFor(Duration.ofSeconds(1));
        return bond;
    }
}
