package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The TCP model alone over one simulated link each way, against what Linux's CUBIC reaches over the lab's links. */
class TcpModelTest {
    private static final int SEGMENT_BYTES = 1448;
    private static final int HEADER_BYTES = 52;
    private static final double TWELVE_SECONDS = 12;

    @Test
    void fillsAPlainLink() {
        // the lab's homog and single, measured with Linux: 19.0 and 47.6 Mbit/s
        assertThat(goodputMbit(link(20, 10), 1)).isCloseTo(19.1, within(0.6));
        assertThat(goodputMbit(link(50, 20), 1)).isCloseTo(47.6, within(1.5));
    }

    @Test
    void fillsABloatedLink() {
        assertThat(goodputMbit(link(20, 15).toBuilder().queueBytes(2_500_000).build(), 1))
                .isCloseTo(19.2, within(0.6));
    }

    @Test
    void suffersFromLossAsCubicDoes() {
        Seeds.forEach(3, seed -> {
            LinkModel lossy = link(20, 10).toBuilder().loss(0.02).build();
            // Reno's formula, which CUBIC follows at so short a round trip: 1.2 MSS / (RTT sqrt(p)), and some more
            assertThat(goodputMbit(lossy, seed)).isBetween(3.5, 9.0);
        });
    }

    @Test
    void takesLongToFillASatelliteLink() {
        double mbit = goodputMbit(link(50, 300), 1); // Linux: 30.5 Mbit/s in its first twelve seconds

        assertThat(mbit).isBetween(22.0, 42.0);
    }

    @Test
    void survivesAnOutage() {
        PlainConnection connection = new PlainConnection(link(20, 10), 1);
        connection.runUntil(3);
        connection.there.cut();
        connection.runUntil(5);
        connection.there.restore();
        connection.runUntil(8); // the fourth timeout comes at 6.4 s

        assertThat(connection.sender.timeouts()).isBetween(2L, 6L);
        assertThat(connection.mbitUntil(10)).isGreaterThan(15);
    }

    @Test
    void deliversEverythingThroughAnything() {
        Seeds.forEach(10, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            LinkModel hostile = link(1 + random.nextInt(20), random.nextInt(50)).toBuilder()
                    .loss(random.nextDouble(0.1))
                    .duplicate(0.05)
                    .reorder(0.05, Duration.ofMillis(random.nextInt(100)))
                    .build();
            PlainConnection connection = new PlainConnection(hostile, seed);
            connection.runUntil(20);
            long before = connection.receiver.expected();
            connection.runUntil(40);
            assertThat(connection.receiver.expected()).isGreaterThan(before + 100_000);
        });
    }

    @Test
    void acknowledgesEverySecondSegmentOrAfterFortyMilliseconds() {
        TcpReceiver receiver = new TcpReceiver();

        assertThat(receiver.handleSegment(0, 100, 0, 0)).isEqualTo(100);
        assertThat(receiver.pollTimeout()).isEqualTo(40 * Rates.NANOS_PER_MILLI);
        assertThat(receiver.handleSegment(100, 100, 0, 5)).isEqualTo(100);
        assertThat(receiver.pollTimeout()).isEqualTo(5);
        receiver.onAckSent();
        assertThat(receiver.pollTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void tellsHolesAtOnceAndTheNewestBlockFirst() {
        TcpReceiver receiver = new TcpReceiver();

        assertThat(receiver.handleSegment(100, 100, 0, 7)).isZero();
        assertThat(receiver.pollTimeout()).isEqualTo(7);
        assertThat(receiver.handleSegment(300, 100, 0, 7)).isZero();
        assertThat(receiver.blocks()).containsExactly(new long[] {300, 400}, new long[] {100, 200});
        assertThat(receiver.handleSegment(200, 100, 0, 7)).isZero();
        assertThat(receiver.blocks()).containsExactly(new long[] {100, 400});
        assertThat(receiver.handleSegment(0, 100, 0, 7)).isEqualTo(400);
        assertThat(receiver.blocks()).isEmpty();
    }

    private static LinkModel link(double mbit, int delayMillis) {
        return LinkModel.builder()
                .rateMbit(mbit)
                .delay(Duration.ofMillis(delayMillis))
                .overheadBytes(0)
                .build();
    }

    private static double goodputMbit(LinkModel model, long seed) {
        PlainConnection connection = new PlainConnection(model, seed);
        connection.runUntil(TWELVE_SECONDS);
        return connection.receiver.expected() * 8 / 1e6 / TWELVE_SECONDS;
    }
}
