package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness itself, over a multiplexer too simple to hide anything. */
class SimBondTest {
    private static final LinkModel LINK =
            LinkModel.builder().rateMbit(10).delay(Duration.ofMillis(20)).build();

    @Test
    void bothEndsComeUpWithinThreeRoundTrips() {
        try (SimBond bond = bond(1, LINK, LINK)) {
            bond.awaitUp(Duration.ofMillis(150));
            assertThat(bond.slave().events()).anyMatch(Event.SessionStarted.class::isInstance);
        }
    }

    @Test
    void packetsPassInBothDirectionsUnaltered() {
        Seeds.forEach(5, seed -> {
            SimBond bond = bond(seed, LINK);
            bond.awaitUp(Duration.ofSeconds(1));
            ProbeFlow up = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(10), 500);
            ProbeFlow down = ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(10), 1000);
            bond.runFor(Duration.ofSeconds(5));
            up.stop();
            down.stop();
            bond.runFor(Duration.ofSeconds(1));

            for (FlowResult result : List.of(up.result(), down.result())) {
                assertThat(result.sentPackets()).isBetween(499L, 501L);
                assertThat(result.missingPackets()).isZero();
                assertThat(result.alteredPackets()).isZero();
                assertThat(result.duplicatePackets()).isZero();
                assertThat(result.delayMedianNanos()).isBetween(20_000_000L, 23_000_000L);
            }
            bond.close();
            assertThat(bond.buffersOut()).isZero();
        });
    }

    @Test
    void sameSeedGivesTheSameRunToTheByte() {
        assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate", "plain"})
    void eachCongestionControlFillsBothLinks(String control) {
        try (SimBond bond = SimBond.builder()
                .link(LINK)
                .link(LINK)
                .congestionControl(control)
                .build()) {
            bond.awaitUp(Duration.ofSeconds(1));
            GreedyFlow flow = GreedyFlow.start(bond, Role.SLAVE);
            bond.runFor(Duration.ofSeconds(10));
            double sumBytes = 10 * 2 * (double) LINK.rateBytesPerSecond();
            assertThat(flow.result().goodputBytes() / sumBytes).isBetween(0.7, 1.0);
        }
    }

    @Test
    void unknownCongestionControlIsNamedTogetherWithTheKnownOnes() {
        assertThatThrownBy(() -> SimBond.builder().congestionControl("rata"))
                .hasMessage("unknown congestion control 'rata'; known are plain, rate");
    }

    @Test
    void cutLinkGoesDownAndComesBack() {
        try (SimBond bond = bond(1, LINK, LINK)) {
            bond.awaitUp(Duration.ofSeconds(1));
            bond.runFor(Duration.ofSeconds(1));
            bond.link(2).cut();
            assertThat(bond.runUntil(() -> state(bond, 2) == LinkState.DOWN, Duration.ofSeconds(10)))
                    .isTrue();
            bond.link(2).restore();
            assertThat(bond.runUntil(() -> state(bond, 2) == LinkState.UP, Duration.ofSeconds(10)))
                    .isTrue();
        }
    }

    @Test
    void tapSeesAltersAndSwallowsDatagrams() {
        try (SimBond bond = bond(1, LINK)) {
            List<Integer> sizes = new ArrayList<>();
            bond.tap((link, sender, datagram) -> {
                sizes.add(datagram.length);
                return null;
            });
            bond.runFor(Duration.ofSeconds(3));
            assertThat(sizes).isNotEmpty();
            assertThat(bond.slave().isUp()).isFalse();

            bond.tap(null);
            bond.awaitUp(Duration.ofSeconds(5));
        }
    }

    @Test
    void restartedSlaveFindsItsMasterAgain() {
        try (SimBond bond = bond(1, LINK)) {
            bond.awaitUp(Duration.ofSeconds(1));
            bond.slave().crash();
            bond.runFor(Duration.ofSeconds(2));
            bond.slave().restart();
            bond.awaitUp(Duration.ofSeconds(5));
            assertThat(bond.master().stats().sessions()).isEqualTo(2);
        }
    }

    private static List<Object> run(long seed) {
        SimBond bond = bond(seed, LINK.toBuilder().loss(0.05).build(), LINK);
        List<Object> trace = new ArrayList<>();
        bond.tap((link, sender, datagram) -> {
            trace.add(bond.nowNanos() + " " + java.util.Arrays.hashCode(datagram));
            return datagram;
        });
        bond.awaitUp(Duration.ofSeconds(5));
        ProbeFlow flow = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(5), 800);
        bond.runFor(Duration.ofSeconds(2));
        trace.add(flow.result());
        return trace;
    }

    private static LinkState state(SimBond bond, int index) {
        return bond.slave().stats(bond.link(index)).state();
    }

    private static SimBond bond(long seed, LinkModel... models) {
        SimBondBuilder builder = SimBond.builder()
                .seed(seed)
                .multiplexer(PlainMultiplexer.provider(), Map.of())
                .scheduler(() -> (packet, links, picks) -> {});
        for (LinkModel model : models) {
            builder.link(model);
        }
        return builder.build();
    }
}
