package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** A modelled TCP connection alone over one simulated link each way. Confined to its test. */
final class PlainConnection {
    static final int SEGMENT_BYTES = 1448;
    private static final int HEADER_BYTES = 52;

    final TcpSender sender;
    final TcpReceiver receiver = new TcpReceiver();
    final SimLink there;
    final SimLink back;
    private final byte[] bytes = new byte[SEGMENT_BYTES + HEADER_BYTES];
    private long now;

    PlainConnection(LinkModel model, long seed) {
        this(model, seed, InnerControl.CUBIC);
    }

    PlainConnection(LinkModel model, long seed, InnerControl control) {
        SplittableRandom random = new SplittableRandom(seed);
        there = new SimLink(model, random);
        back = new SimLink(model.toBuilder().loss(0).build(), random);
        sender = new TcpSender(SEGMENT_BYTES, control, random);
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

    /** What came in order from now to a later time. */
    double mbitUntil(double seconds) {
        long before = receiver.expected();
        double from = now / 1e9;
        runUntil(seconds);
        return (receiver.expected() - before) * 8 / 1e6 / (seconds - from);
    }

    private void step() {
        for (Frame frame = there.poll(now); frame != null; frame = there.poll(now)) {
            ByteBuffer segment = ByteBuffer.wrap(frame.data());
            receiver.handleSegment(segment.getLong(), SEGMENT_BYTES, segment.getLong(), now);
            acknowledgeWhenDue();
        }
        acknowledgeWhenDue();
        for (Frame frame = back.poll(now); frame != null; frame = back.poll(now)) {
            ByteBuffer ack = ByteBuffer.wrap(frame.data());
            long[] blocks = new long[2 * TcpReceiver.MAX_BLOCKS];
            long acknowledged = ack.getLong();
            long echoedMillis = ack.getLong();
            int count = ack.getInt();
            for (int i = 0; i < 2 * count; i++) {
                blocks[i] = ack.getLong();
            }
            sender.handleAck(acknowledged, blocks, count, echoedMillis, now);
        }
        if (sender.pollTimeout() <= now) {
            sender.handleTimeout(now);
        }
        send();
    }

    private void send() {
        for (TcpSegment segment = sender.poll(now); segment != null; segment = sender.poll(now)) {
            ByteBuffer.wrap(bytes).putLong(segment.sequence).putLong(now / Rates.NANOS_PER_MILLI);
            there.send(bytes, 0, bytes.length, now);
        }
    }

    private void acknowledgeWhenDue() {
        if (receiver.pollTimeout() <= now) {
            List<long[]> blocks = receiver.blocks();
            ByteBuffer ack = ByteBuffer.wrap(bytes);
            ack.putLong(receiver.expected()).putLong(receiver.echoMillis()).putInt(blocks.size());
            blocks.forEach(block -> ack.putLong(block[0]).putLong(block[1]));
            receiver.onAckSent();
            back.send(bytes, 0, Math.max(60, ack.position()), now);
        }
    }
}
