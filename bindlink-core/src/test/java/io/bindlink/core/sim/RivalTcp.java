package io.bindlink.core.sim;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A CUBIC flow that has nothing to do with the bond but shares a {@link Cell} with it, from the slave's side to the
 * master's. Confined to its bond.
 */
final class RivalTcp implements Traffic {
    static final int MARK = 0; // links count from 1
    private static final int SEGMENT_BYTES = 1448;
    private static final int HEADER_BYTES = 24; // of TCP, beyond what the model of the link adds; two numbers fit it

    private final SimBond bond;
    private final Cell cell;
    private final TcpSender sending = new TcpSender(SEGMENT_BYTES, InnerControl.CUBIC, new SplittableRandom(1));
    private final TcpReceiver receiving = new TcpReceiver();
    private long goodputBytes;

    private RivalTcp(SimBond bond, Cell cell) {
        this.bond = bond;
        this.cell = cell;
    }

    static RivalTcp start(SimBond bond, Cell cell) {
        RivalTcp rival = new RivalTcp(bond, cell);
        cell.rival(rival);
        bond.add(rival);
        rival.sendAll(bond.nowNanos());
        return rival;
    }

    /** Bytes that came in order since the last call. */
    long takeGoodput() {
        long taken = goodputBytes;
        goodputBytes = 0;
        return taken;
    }

    /** What came out of the cell. */
    void receive(Role sender, ByteBuffer packet, long nowNanos) {
        if (sender == Role.SLAVE) {
            goodputBytes += receiving.handleSegment(packet.getLong(), SEGMENT_BYTES, packet.getLong(), nowNanos);
            handleTimeout(nowNanos);
            return;
        }
        long acknowledged = packet.getLong();
        long echoedMillis = packet.getLong();
        long[] blocks = new long[packet.remaining() / Long.BYTES];
        packet.asLongBuffer().get(blocks);
        sending.handleAck(acknowledged, blocks, blocks.length / 2, echoedMillis, nowNanos);
        sendAll(nowNanos);
    }

    @Override
    public long pollTimeout() {
        return Math.min(sending.pollTimeout(), receiving.pollTimeout());
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (receiving.pollTimeout() <= nowNanos) {
            List<long[]> blocks = receiving.blocks();
            ByteBuffer ack = ByteBuffer.allocate(Long.BYTES * (2 + 2 * blocks.size()));
            ack.putLong(receiving.expected()).putLong(receiving.echoMillis());
            blocks.forEach(block -> ack.putLong(block[0]).putLong(block[1]));
            receiving.onAckSent();
            cell.from(Role.MASTER).send(ack.array(), 0, ack.capacity(), MARK, bond.nowNanos());
        }
        if (sending.pollTimeout() <= nowNanos) {
            sending.handleTimeout(nowNanos);
            sendAll(nowNanos);
        }
    }

    private void sendAll(long nowNanos) {
        for (TcpSegment segment = sending.poll(nowNanos); segment != null; segment = sending.poll(nowNanos)) {
            byte[] packet = new byte[HEADER_BYTES + SEGMENT_BYTES];
            ByteBuffer.wrap(packet).putLong(segment.sequence).putLong(nowNanos / Rates.NANOS_PER_MILLI);
            cell.from(Role.SLAVE).send(packet, 0, packet.length, MARK, nowNanos);
        }
    }
}
