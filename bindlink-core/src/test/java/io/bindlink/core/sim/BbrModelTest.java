package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.core.base.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The BBR model alone over one simulated link each way, against what Linux's does. */
class BbrModelTest {
    private static final double PAYLOAD_SHARE = 1448 / 1500.0;

    @Test
    void fillsALinkAndLeavesItsQueueShort() {
        for (int roundTripMillis : new int[] {20, 60, 300}) {
            PlainConnection connection = new PlainConnection(link(20, roundTripMillis, 400), 1, InnerControl.BBR);
            connection.runUntil(6); // STARTUP fills the queue, which lengthens its last rounds
            double queueMillis = 0;
            double mbit = 0;
            for (int i = 1; i <= 600; i++) {
                mbit += connection.mbitUntil(6 + i / 150.0) / 600;
                queueMillis += connection.there.queuedBytes() * 8 / 20e3 / 600;
            }

            assertThat(mbit).as("%s ms", roundTripMillis).isCloseTo(20 * PAYLOAD_SHARE, within(1.5));
            assertThat(queueMillis).as("%s ms", roundTripMillis).isLessThan(5 + roundTripMillis / 6.0);
        }
    }

    @Test
    void reachesTheRateInAFewRoundTrips() {
        PlainConnection connection = new PlainConnection(link(50, 40, 100), 1, InnerControl.BBR);
        connection.runUntil(0.6);

        assertThat(connection.mbitUntil(2)).isGreaterThan(0.9 * 50 * PAYLOAD_SHARE);
        assertThat(mode(connection)).isEqualTo(BbrWindow.Mode.PROBE_BW);
    }

    @Test
    void doesNotMindLoss() {
        Seeds.forEach(3, seed -> {
            LinkModel lossy = link(20, 20, 100).toBuilder().loss(0.02).build();
            PlainConnection connection = new PlainConnection(lossy, seed, InnerControl.BBR);
            connection.runUntil(2);

            assertThat(connection.mbitUntil(10)).isGreaterThan(0.9 * 20 * PAYLOAD_SHARE);
        });
    }

    @Test
    void goesDownToFourSegmentsWhenTheLeastRoundTripIsTenSecondsOld() {
        PlainConnection connection = new PlainConnection(link(20, 40, 100), 1, InnerControl.BBR);
        double probing = 0;
        int least = Integer.MAX_VALUE;
        for (double seconds = 5; seconds < 25; seconds += 0.005) {
            connection.runUntil(seconds);
            if (mode(connection) == BbrWindow.Mode.PROBE_RTT) {
                probing += 0.005;
                least = Math.min(least, connection.sender.underWay());
            }
        }

        assertThat(probing).isBetween(0.2, 0.7); // twice 200 ms and a round trip at most
        assertThat(least).isLessThanOrEqualTo(4);
    }

    @Test
    void windowStaysThatOfTheLeastRoundTripWhenTheRoundTripGrows() {
        // why a bond whose packets spread over slower links keeps BBR short of window
        PlainConnection connection = new PlainConnection(link(20, 20, 400), 1, InnerControl.BBR);
        connection.runUntil(3);
        connection.there.set(link(20, 120, 400), (long) 3e9);

        assertThat(connection.mbitUntil(8)).isLessThan(0.8 * 20 * PAYLOAD_SHARE);
        connection.runUntil(16); // by then the least round trip is that of the new path
        assertThat(connection.mbitUntil(18)).isGreaterThan(0.9 * 20 * PAYLOAD_SHARE);
    }

    @Test
    void findsARateThatDoubles() {
        PlainConnection connection = new PlainConnection(link(10, 40, 100), 1, InnerControl.BBR);
        connection.runUntil(3);
        connection.there.set(link(20, 40, 100), (long) 3e9);
        connection.runUntil(6);

        assertThat(connection.mbitUntil(9)).isGreaterThan(0.9 * 20 * PAYLOAD_SHARE);
    }

    @Test
    void waitsForReorderedSegmentsOnceItHasSeenSome() {
        LinkModel reordering = link(20, 40, 100).toBuilder()
                .reorder(0.02, Duration.ofMillis(8))
                .build();
        for (InnerControl control : InnerControl.values()) {
            PlainConnection connection = new PlainConnection(reordering, 1, control);
            connection.runUntil(3);
            long before = connection.sender.retransmissions();
            connection.runUntil(13);

            // a quarter of the round trip is more than 8 ms: hardly anything is sent again
            assertThat(connection.sender.retransmissions() - before)
                    .as("%s", control)
                    .isLessThan(20);
        }
    }

    @Test
    void widensItsPatienceWhenTheReceiverTellsOfCopies() {
        LinkModel reordering = link(20, 40, 100).toBuilder()
                .reorder(0.02, Duration.ofMillis(25))
                .build();
        PlainConnection connection = new PlainConnection(reordering, 1, InnerControl.BBR);
        connection.runUntil(3);
        long before = connection.sender.retransmissions();
        connection.runUntil(13);

        // of some 16,000 segments 2 % are late; without adapting each would be sent again
        assertThat(connection.sender.retransmissions() - before).isLessThan(150);
        assertThat(connection.sender.undone()).isPositive();
    }

    @Test
    void survivesAnOutage() {
        PlainConnection connection = new PlainConnection(link(20, 20, 100), 1, InnerControl.BBR);
        connection.runUntil(3);
        connection.there.cut();
        connection.runUntil(5);
        connection.there.restore();
        connection.runUntil(8);

        assertThat(connection.mbitUntil(10)).isGreaterThan(0.9 * 20 * PAYLOAD_SHARE);
    }

    @Test
    void greatestRateIsForgottenAfterTenRounds() {
        RoundMaximum maximum = new RoundMaximum();
        maximum.add(0, 5);
        maximum.add(3, 4);
        maximum.add(9, 1);

        assertThat(maximum.value()).isEqualTo(5);
        maximum.add(11, 2);
        assertThat(maximum.value()).isEqualTo(4);
        maximum.add(14, 1);
        assertThat(maximum.value()).isEqualTo(2);
    }

    private static BbrWindow.Mode mode(PlainConnection connection) {
        return ((BbrWindow) connection.sender.window()).mode();
    }

    private static LinkModel link(double mbit, int roundTripMillis, int queueMillis) {
        return LinkModel.builder()
                .rateMbit(mbit)
                .delay(Duration.ofMillis(roundTripMillis / 2))
                .queue(Duration.ofMillis(queueMillis))
                .overheadBytes(0)
                .build();
    }
}
