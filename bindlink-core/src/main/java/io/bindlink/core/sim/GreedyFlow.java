package io.bindlink.core.sim;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Serial;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A modelled TCP connection that sends as fast as its congestion control lets it, acknowledged in the other direction: what
 * a download through the bond looks like. It begins established. For bonds of IP packets. Confined to its bond.
 */
public final class GreedyFlow extends InnerFlow {
    private static final int SACK_KIND = 5; // RFC 2018 section 3
    private static final int NO_OPERATION = 1;
    private static final int TIMESTAMP_KIND = 8; // RFC 7323 section 3
    private static final int TIMESTAMP_BYTES = 12; // with two bytes of padding
    private static final int VALUE_OFFSET = Ipv4.TCP_HEADER_BYTES + 4;
    private static final int ECHO_OFFSET = VALUE_OFFSET + 4;
    private static final int BLOCKS_OFFSET = Ipv4.TCP_HEADER_BYTES + TIMESTAMP_BYTES + 4;
    private static final int PAYLOAD_OFFSET = Ipv4.TCP_HEADER_BYTES + TIMESTAMP_BYTES;
    private static final int SEQUENCE_BITS = 32;

    private final int segmentBytes;
    private final TcpSender sending;
    private final TcpReceiver receiving = new TcpReceiver();
    private final long[] sackBlocks = new long[2 * TcpReceiver.MAX_BLOCKS];
    private long lastAcknowledged;

    private GreedyFlow(SimBond bond, Role from, InnerControl control) {
        super(bond, from);
        this.segmentBytes = bond.mtuBytes() - PAYLOAD_OFFSET;
        this.sending = new TcpSender(segmentBytes, control, new SplittableRandom(port));
    }

    /**
     * Starts a flow under CUBIC now.
     *
     * @param bond a bond of IP packets
     * @param from the end that sends
     * @return the running flow
     */
    public static GreedyFlow start(SimBond bond, Role from) {
        return start(bond, from, InnerControl.CUBIC);
    }

    /**
     * Starts a flow now.
     *
     * @param bond a bond of IP packets
     * @param from the end that sends
     * @param control the sender's congestion control
     * @return the running flow
     */
    public static GreedyFlow start(SimBond bond, Role from, InnerControl control) {
        GreedyFlow flow = new GreedyFlow(bond, from, control);
        flow.begin(flow::receiveSegment, flow::receiveAck);
        return flow;
    }

    /**
     * The sender's congestion window.
     *
     * @return bytes
     */
    public long windowBytes() {
        return (long) (sending.windowSegments() * segmentBytes);
    }

    /**
     * The sender's smoothed round-trip time.
     *
     * @return nanoseconds; 0 before the first acknowledgement
     */
    public long roundTripNanos() {
        return sending.roundTripNanos();
    }

    /**
     * Segments sent again.
     *
     * @return their number since the start
     */
    public long retransmissions() {
        return sending.retransmissions();
    }

    /**
     * Retransmission timeouts.
     *
     * @return their number since the start
     */
    public long timeouts() {
        return sending.timeouts();
    }

    /**
     * Recoveries that turned out needless, because late packets had been taken for lost.
     *
     * @return their number since the start
     */
    public long undoneRecoveries() {
        return sending.undone();
    }

    @Override
    public long pollTimeout() {
        return Math.min(sending.pollTimeout(), receiving.pollTimeout());
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (receiving.pollTimeout() <= nowNanos) {
            sendAck();
        }
        if (sending.pollTimeout() <= nowNanos) {
            sending.handleTimeout(nowNanos);
            sendAll(nowNanos);
        }
    }

    @Override
    void sendAll(long nowNanos) {
        for (TcpSegment segment = sending.poll(nowNanos); segment != null; segment = sending.poll(nowNanos)) {
            Ipv4.writeTcp(packet, sender.role(), port, port, segment.sequence, 0, TIMESTAMP_BYTES, segmentBytes);
            putTimestamp(nowNanos, 0);
            Payload.write(packet, meter.nextNumber(), nowNanos);
            if (sender.send(packet.flip())) {
                meter.onSent();
            } // else the device's queue dropped it, which TCP finds out as it does any loss
        }
    }

    private void putTimestamp(long nowNanos, long echoMillis) {
        packet.put((byte) NO_OPERATION).put((byte) NO_OPERATION);
        packet.put((byte) TIMESTAMP_KIND).put((byte) (TIMESTAMP_BYTES - 2));
        packet.putInt((int) (nowNanos / Rates.NANOS_PER_MILLI)).putInt((int) echoMillis);
    }

    private void receiveSegment(ByteBuffer received, long nowNanos) {
        boolean intact = received.remaining() == PAYLOAD_OFFSET + segmentBytes
                && Ipv4.headerIsWhole(received)
                && Payload.isIntact(received, PAYLOAD_OFFSET);
        long number = intact ? Payload.number(received, PAYLOAD_OFFSET) : -1;
        long delayNanos = intact ? nowNanos - Payload.sentNanos(received, PAYLOAD_OFFSET) : 0;
        meter.onDelivered(number, intact, delayNanos, nowNanos);
        if (intact && !stopped) {
            long sequence = Serial.expand(receiving.expected(), Ipv4.sequence(received), SEQUENCE_BITS);
            long sentMillis = received.getInt(VALUE_OFFSET);
            meter.onGoodput(receiving.handleSegment(sequence, segmentBytes, sentMillis, nowNanos));
            if (receiving.pollTimeout() <= nowNanos) {
                sendAck();
            }
        }
    }

    private void sendAck() {
        List<long[]> blocks = receiving.blocks();
        int optionBytes = TIMESTAMP_BYTES + (blocks.isEmpty() ? 0 : 4 + 8 * blocks.size());
        Ipv4.writeTcp(packet, receiver.role(), port, port, 0, receiving.expected(), optionBytes, 0);
        putTimestamp(bond.nowNanos(), receiving.echoMillis());
        if (!blocks.isEmpty()) {
            packet.put((byte) NO_OPERATION).put((byte) NO_OPERATION);
            packet.put((byte) SACK_KIND).put((byte) (2 + 8 * blocks.size()));
            for (long[] block : blocks) {
                packet.putInt((int) block[0]).putInt((int) block[1]);
            }
        }
        receiving.onAckSent();
        receiver.send(packet.flip());
    }

    private void receiveAck(ByteBuffer received, long nowNanos) {
        if (stopped || !Ipv4.headerIsWhole(received) || received.remaining() < PAYLOAD_OFFSET) {
            return;
        }
        long acknowledged = Serial.expand(lastAcknowledged, Ipv4.acknowledgement(received), SEQUENCE_BITS);
        lastAcknowledged = Math.max(lastAcknowledged, acknowledged);
        int blocks = Math.max(0, received.remaining() - BLOCKS_OFFSET) / 8;
        for (int i = 0; i < 2 * blocks; i++) {
            int low = received.getInt(BLOCKS_OFFSET + 4 * i);
            sackBlocks[i] = Serial.expand(acknowledged, Integer.toUnsignedLong(low), SEQUENCE_BITS);
        }
        sending.handleAck(acknowledged, sackBlocks, blocks, received.getInt(ECHO_OFFSET), nowNanos);
        sendAll(nowNanos);
    }

    @Override
    public String toString() {
        return "greedy flow " + port;
    }
}
