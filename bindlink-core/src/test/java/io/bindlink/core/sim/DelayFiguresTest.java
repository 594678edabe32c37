package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Counter;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DelayFiguresTest {
    private static final LinkModel QUICK = LinkModel.builder()
            .rateMbit(20)
            .delay(Duration.ofMillis(10))
            .loss(0.02)
            .build();
    private static final LinkModel SLOW =
            LinkModel.builder().rateMbit(10).delay(Duration.ofMillis(40)).build();

    @Test
    void whatIsSentAgainAndHeldBackIsCounted() {
        try (SimBond bond = SimBond.builder().seed(1).link(QUICK).link(SLOW).build()) {
            bond.awaitUp(Duration.ofSeconds(5));
            GreedyFlow.start(bond, Role.SLAVE);
            bond.runFor(Duration.ofSeconds(3));
            Stats receiver = bond.master().stats();
            assertThat(receiver.counter(Counter.MUX_HELD)).isPositive();
            assertThat(receiver.counter(Counter.MUX_REORDERED_MICROS)).isPositive();
            assertThat(receiver.counter(Counter.MUX_HELD) - released(receiver)).isBetween(0L, 8_192L);
            assertThat(bond.slave().stats().links()).allSatisfy(DelayFiguresTest::hasRoundTrips);
            assertThat(bond.slave().stats().links().stream()
                            .mapToLong(LinkStats::retransmittedPackets)
                            .sum())
                    .isPositive();
        }
    }

    private static void hasRoundTrips(LinkStats link) {
        assertThat(link.rtt().count()).isPositive();
        assertThat(link.rtt().sumNanos() / link.rtt().count()).isBetween(20_000_000L, 500_000_000L);
    }

    private static long released(Stats stats) {
        return Stream.of(Counter.values())
                .filter(counter -> counter.name().matches("MUX_REORDERED_(\\d+MS|LONGER)"))
                .mapToLong(stats::counter)
                .sum();
    }
}
