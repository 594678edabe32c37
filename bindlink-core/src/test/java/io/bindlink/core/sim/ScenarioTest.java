package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The catalogue of scenarios, and the traces it makes up. */
class ScenarioTest {
    private static final int TRACE_DIGEST = -1960028418;

    @Test
    void queuesHoldWhatTheLabsDo() {
        assertThat(Scenario.HETERO.links())
                .extracting(link -> link.up().queueBytes())
                .containsExactly(250_000L, 125_000L, 62_500L);
        assertThat(Scenario.SAT.links().get(0).down().queueBytes()).isEqualTo(3_750_000);
        assertThat(Scenario.BLOAT.links().get(0).down().queueBytes()).isEqualTo(2_500_000);
        assertThat(Scenario.SINGLE.links().get(0).down().queueBytes()).isEqualTo(625_000);
        assertThat(Scenario.cellular(1).links().get(2).up().queueBytes()).isEqualTo(1_000_000);
    }

    @Test
    void eachScenarioMakesABondThatComesUp() {
        for (Scenario scenario : Scenario.all()) {
            SimBond bond = scenario.bond(1).build();
            bond.awaitUp(Duration.ofSeconds(5));

            assertThat(bond.links()).hasSize(scenario.links().size());
        }
        Scenario.cellular(3).bond(1).build().awaitUp(Duration.ofSeconds(5));
    }

    @Test
    void sameSeedGivesTheSameTrace() {
        assertThat(times(CellularTrace.create(7, 4, Duration.ofSeconds(20))))
                .isEqualTo(times(CellularTrace.create(7, 4, Duration.ofSeconds(20))))
                .isNotEqualTo(times(CellularTrace.create(8, 4, Duration.ofSeconds(20))));
        // the same on every machine
        assertThat(Arrays.hashCode(times(CellularTrace.create(7, 4, Duration.ofSeconds(20)))))
                .isEqualTo(TRACE_DIGEST);
    }

    @Test
    void tracesWanderAndFailForHalfASecondAtMost() {
        Seeds.forEach(20, seed -> {
            CapacityTrace trace = CellularTrace.create(seed, 4, Duration.ofMinutes(2));
            int[] times = times(trace);
            int longest = 0;
            for (int i = 1; i < times.length; i++) {
                longest = Math.max(longest, times[i] - times[i - 1]);
            }

            assertThat(trace.meanRateBytesPerSecond() * 8 / 1e6).isBetween(2.0, 8.0);
            assertThat(longest).isBetween(100, 900); // an outage, and what a slow link leaves idle around it
            assertThat(trace.periodMillis()).isBetween(120_000, 121_000);
        });
    }

    @Test
    void refusesRatesBeyondItsLimits() {
        assertThatThrownBy(() -> CellularTrace.create(1, 30, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void coarseTimersEndWaitsLateButNeverEarly() {
        SimBond bond = Scenario.HOMOG.bond(1).timers(Duration.ofMillis(1)).build();
        bond.awaitUp(Duration.ofSeconds(5));
        GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
        bond.runFor(Duration.ofSeconds(4));

        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isGreaterThan(30);
        assertThat(bond.nowNanos()).isGreaterThan(4 * Rates.NANOS_PER_SECOND);
    }

    private static int[] times(CapacityTrace trace) {
        int[] times = new int[trace.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = trace.millis(i);
        }
        return times;
    }
}
