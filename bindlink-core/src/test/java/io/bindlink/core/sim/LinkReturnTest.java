package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The return of a link that was away disturbs nothing, and two seconds later it carries what it did before. */
class LinkReturnTest {
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final Duration BACK = Duration.ofSeconds(2);

    @ParameterizedTest
    @EnumSource(InnerControl.class)
    void linkIsBackAtItsFullRateAndNothingIsLost(InnerControl control) {
        Seeds.forEach(2, seed -> {
            SimBond bond = Scenario.HOMOG.bond(seed).build();
            bond.awaitUp(Duration.ofSeconds(10));
            bond.runFor(Duration.ofSeconds(1));
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, control);
            ProbeFlow pings = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(10), 84);
            bond.runFor(Duration.ofSeconds(4));
            long before = rateMbit(bond);
            bond.link(1).cut();
            bond.runFor(AWAY);
            pings.measure();
            bond.link(1).restore();
            bond.runFor(BACK);

            assertThat(rateMbit(bond)).as("before: %s", before).isGreaterThanOrEqualTo(before * 9 / 10);
            assertThat(pings.result().longestGapNanos())
                    .as("%s", pings.result())
                    .isLessThan(100_000_000);
            assertThat(flow.timeouts()).isZero();
            pings.stop();
            bond.runFor(Duration.ofSeconds(1));
            assertThat(pings.result().missingPackets()).as("%s", pings.result()).isZero();
        });
    }

    /** What the first link delivers, over the next second. */
    private static long rateMbit(SimBond bond) {
        LinkCounts before = bond.link(1).down().counts();
        bond.runFor(Duration.ofSeconds(1));
        return (bond.link(1).down().counts().deliveredBytes() - before.deliveredBytes()) * 8 / 1_000_000;
    }
}
