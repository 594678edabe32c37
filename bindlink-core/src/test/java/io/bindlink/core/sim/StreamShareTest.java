package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams get of their links: all of it on long fast paths, alike when there are many, and patience when all fail. */
class StreamShareTest {
    private static final int PIECE_BYTES = 16_000;

    @Test
    void windowGrowsToAGigabitAtATenthOfASecond() {
        assertThat(goodputMbit(path(1_000, 50), Duration.ofMillis(4_000), Duration.ofMillis(500)))
                .isGreaterThan(750);
    }

    @Test
    void windowGrowsToASatellite() {
        assertThat(goodputMbit(path(50, 300), Duration.ofSeconds(20), Duration.ofSeconds(5)))
                .isGreaterThan(40);
    }

    private static double goodputMbit(LinkModel link, Duration start, Duration measured) {
        try (SimBond bond = bond(1, link)) {
            StreamFlow flow = StreamFlow.start(bond, Role.MASTER, Long.MAX_VALUE, PIECE_BYTES);
            bond.runFor(start);
            flow.measure();
            bond.runFor(measured);
            System.out.println(link.capacityBytesPerSecond() * 8 / 1_000_000 + " Mbit/s: " + flow.result());
            assertThat(flow.wrongBytes()).isZero();
            return flow.result().goodputMbit();
        }
    }

    @Test
    void tenStreamsShareAlike() {
        try (SimBond bond = bond(2, path(20, 10), path(10, 30))) {
            List<StreamFlow> flows = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                flows.add(StreamFlow.start(bond, Role.MASTER, Long.MAX_VALUE, PIECE_BYTES));
                bond.runFor(Duration.ofMillis(70)); // the first ones must have no advantage for ever
            }
            bond.runFor(Duration.ofSeconds(3));
            flows.forEach(StreamFlow::measure);
            bond.runFor(Duration.ofSeconds(10));
            double sum = 0;
            double squares = 0;
            for (StreamFlow flow : flows) {
                double rate = flow.result().goodputMbit();
                sum += rate;
                squares += rate * rate;
            }
            System.out.printf("10 streams: %.1f Mbit/s, Jain %.4f%n", sum, sum * sum / (10 * squares));
            assertThat(sum * sum / (10 * squares)).isGreaterThanOrEqualTo(0.95);
            assertThat(sum).isGreaterThan(0.8 * 30);
        }
    }

    @Test
    void streamsSurviveTheDeathOfAllLinksForAMinute() {
        try (SimBond bond = bond(3, path(20, 10), path(10, 30))) {
            assertSurvives(bond, Duration.ofSeconds(55));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 600, 1_800})
    void streamsSurviveTheDeathOfAllLinksForAsLongAsTold(int seconds) {
        Duration limit = Duration.ofSeconds(seconds);
        try (SimBond bond = up(streams(5, path(20, 10), path(10, 30)).sessionTimeout(limit))) {
            assertSurvives(bond, limit.minusSeconds(2));
        }
        try (SimBond bond = up(streams(5, path(20, 10), path(10, 30)).sessionTimeout(limit))) {
            StreamFlow up = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE, PIECE_BYTES);
            bond.runFor(Duration.ofSeconds(1));
            bond.links().forEach(SimLinkPair::cut);
            bond.runFor(limit.minusSeconds(1));
            assertThat(up.isReset()).isFalse();
            bond.runFor(Duration.ofSeconds(2));
            assertThat(up.isReset()).isTrue();
            for (SimEnd end : List.of(bond.slave(), bond.master())) {
                assertThat(end.events())
                        .contains(new Event.SessionEnded("the peer was silent for " + seconds + " seconds"));
            }
            bond.links().forEach(SimLinkPair::restore);
            bond.awaitUp(Duration.ofSeconds(60));
            StreamFlow anew = StreamFlow.start(bond, Role.SLAVE, 100_000, PIECE_BYTES);
            assertThat(bond.runUntil(anew::complete, Duration.ofSeconds(30))).isTrue();
            assertThat(up.wrongBytes()).isZero();
        }
    }

    private static void assertSurvives(SimBond bond, Duration outage) {
        StreamFlow up = StreamFlow.start(bond, Role.SLAVE, 8_000_000, PIECE_BYTES);
        StreamFlow down = StreamFlow.start(bond, Role.MASTER, 8_000_000, PIECE_BYTES);
        bond.runFor(Duration.ofMillis(1_500));
        bond.links().forEach(SimLinkPair::cut);
        bond.runFor(outage);
        bond.links().forEach(SimLinkPair::restore);
        assertThat(bond.runUntil(() -> up.complete() && down.complete(), Duration.ofSeconds(60)))
                .as("%s; %s; %s", up, down, bond.slave().events())
                .isTrue();
        assertThat(bond.master().stats().sessions()).isEqualTo(1);
    }

    @Test
    void streamsAreResetWhenAllLinksStayDead() {
        try (SimBond bond = bond(4, path(20, 10))) {
            StreamFlow flow = StreamFlow.start(bond, Role.SLAVE, Long.MAX_VALUE, PIECE_BYTES);
            bond.runFor(Duration.ofSeconds(1));
            bond.link(1).cut();
            assertThat(bond.runUntil(flow::isReset, Duration.ofSeconds(70))).isTrue();
        }
    }

    @Test
    void idleStreamsCostNoTimer() {
        assertThat(wakeUpsInAMinute(2_000)).isLessThanOrEqualTo(wakeUpsInAMinute(0) * 11 / 10);
    }

    /** How often nothing but its own timers wakes either end of a bond whose streams have been used and are idle. */
    private static int wakeUpsInAMinute(int streams) {
        try (SimBond bond = bond(6, path(20, 10))) {
            for (int i = 0; i < streams; i++) {
                StreamFlow flow = StreamFlow.start(bond, i % 2 == 0 ? Role.SLAVE : Role.MASTER, 1_000, PIECE_BYTES);
                assertThat(bond.runUntil(flow::complete, Duration.ofSeconds(1))).isTrue();
            }
            bond.runFor(Duration.ofSeconds(10));
            int wakeUps = 0;
            for (long end = bond.nowNanos() + 60_000_000_000L; bond.nowNanos() < end; wakeUps++) {
                long dueNanos =
                        Math.min(bond.slave().pollTimeout(), bond.master().pollTimeout());
                bond.runFor(Duration.ofNanos(Math.max(1, dueNanos - bond.nowNanos())));
            }
            return wakeUps;
        }
    }

    private static LinkModel path(double mbit, long delayMillis) {
        return LinkModel.builder()
                .rateMbit(mbit)
                .delay(Duration.ofMillis(delayMillis))
                .queue(Duration.ofMillis(100))
                .build();
    }

    private static SimBond bond(long seed, LinkModel... links) {
        return up(streams(seed, links));
    }

    private static SimBondBuilder streams(long seed, LinkModel... links) {
        SimBondBuilder builder = SimBond.builder().seed(seed).kind(TunDevice.Kind.STREAMS);
        for (LinkModel link : links) {
            builder.link(link);
        }
        return builder;
    }

    private static SimBond up(SimBondBuilder builder) {
        SimBond bond = builder.build();
        bond.awaitUp(Duration.ofSeconds(10));
        return bond;
    }
}
