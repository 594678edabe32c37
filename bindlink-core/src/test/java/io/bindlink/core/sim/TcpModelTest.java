package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
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
        Connection connection = new Connection(link(20, 10), 1);
        connection.runUntil(3);
        connection.there.cut();
        connection.runUntil(5);
        connection.there.restore();
        connection.runUntil(6);
        long before = connection.receiver.expected();
        connection.runUntil(8);

        assertThat(connection.sender.timeouts()).isBetween(2L, 6L);
        assertThat((connection.receiver.expected() - before) * 8 / 2e6).isGreaterThan(15);
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
            Connection connection = new Connection(hostile, seed);
            connection.runUntil(20);
            long before = connection.receiver.expected();
            connection.runUntil(40);
            assertThat(connection.receiver.expected()).isGreaterThan(before + 100_000);
        });
    }

    @Test
    void acknowledgesEverySecondSegmentOrAfterFortyMilliseconds() {
        TcpReceiver receiver = new TcpReceiver();

        assertThat(receiver.handleSegment(0, 100, 0)).isEqualTo(100);
        assertThat(receiver.pollTimeout()).isEqualTo(40 * Rates.NANOS_PER_MILLI);
        assertThat(receiver.handleSegment(100, 100, 5)).isEqualTo(100);
        assertThat(receiver.pollTimeout()).isEqualTo(5);
        receiver.onAckSent();
        assertThat(receiver.pollTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void tellsHolesAtOnceAndTheNewestBlockFirst() {
        TcpReceiver receiver = new TcpReceiver();

        assertThat(receiver.handleSegment(100, 100, 7)).isZero();
        assertThat(receiver.pollTimeout()).isEqualTo(7);
        assertThat(receiver.handleSegment(300, 100, 7)).isZero();
        assertThat(receiver.blocks()).containsExactly(new long[] {300, 400}, new long[] {100, 200});
        assertThat(receiver.handleSegment(200, 100, 7)).isZero();
        assertThat(receiver.blocks()).containsExactly(new long[] {100, 400});
        assertThat(receiver.handleSegment(0, 100, 7)).isEqualTo(400);
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
        Connection connection = new Connection(model, seed);
        connection.runUntil(TWELVE_SECONDS);
        return connection.receiver.expected() * 8 / 1e6 / TWELVE_SECONDS;
    }

    /** A sender, a receiver, and the links between them. */
    private static final class Connection {
        private final TcpSender sender = new TcpSender(SEGMENT_BYTES);
        private final TcpReceiver receiver = new TcpReceiver();
        private final SimLink there;
        private final SimLink back;
        private final byte[] bytes = new byte[SEGMENT_BYTES + HEADER_BYTES];
        private long now;

        Connection(LinkModel model, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            there = new SimLink(model, random);
            back = new SimLink(model.toBuilder().loss(0).build(), random);
        }

        void runUntil(double seconds) {
            long end = (long) (seconds * 1e9);
            send();
            while (true) {
                long next = Math.min(
                        Math.min(there.nextNanos(), back.nextNanos()),
                        Math.min(sender.pollTimeout(), receiver.pollTimeout()));
                if (next > end) {
                    now = end;
                    return;
                }
                now = Math.max(now, next);
                step();
            }
        }

        private void step() {
            for (Frame frame = there.poll(now); frame != null; frame = there.poll(now)) {

                receiver.handleSegment(ByteBuffer.wrap(frame.data()).getLong(), SEGMENT_BYTES, now);
                acknowledgeWhenDue();
            }
            acknowledgeWhenDue();
            for (Frame frame = back.poll(now); frame != null; frame = back.poll(now)) {
                ByteBuffer ack = ByteBuffer.wrap(frame.data());
                long[] blocks = new long[2 * TcpReceiver.MAX_BLOCKS];
                long acknowledged = ack.getLong();
                int count = ack.getInt();
                for (int i = 0; i < 2 * count; i++) {
                    blocks[i] = ack.getLong();
                }
                sender.handleAck(acknowledged, blocks, count, now);
            }
            if (sender.pollTimeout() <= now) {
                sender.handleTimeout(now);
            }
            send();
        }

        private void send() {
            for (TcpSender.Segment segment = sender.poll(now); segment != null; segment = sender.poll(now)) {
                ByteBuffer.wrap(bytes).putLong(segment.sequence);
                there.send(bytes, 0, bytes.length, now);
            }
        }

        private void acknowledgeWhenDue() {
            if (receiver.pollTimeout() <= now) {
                List<long[]> blocks = receiver.blocks();
                ByteBuffer ack = ByteBuffer.wrap(bytes);
                ack.putLong(receiver.expected()).putInt(blocks.size());
                blocks.forEach(block -> ack.putLong(block[0]).putLong(block[1]));
                receiver.onAckSent();
                back.send(bytes, 0, Math.max(60, ack.position()), now);
            }
        }
    }
}
