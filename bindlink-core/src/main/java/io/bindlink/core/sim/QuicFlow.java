package io.bindlink.core.sim;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A modelled QUIC connection that sends as fast as CUBIC lets it, in UDP packets: unlike TCP it takes a packet for lost when
 * one three numbers later arrived, however often that proves wrong. It begins established. For bonds of IP packets. Confined
 * to its bond.
 */
public final class QuicFlow extends InnerFlow {
    private static final int ACK_HEADER_BYTES = 12; // what a short header and a frame's own fields come to
    private static final int RANGE_BYTES = 8;
    private static final int SEALING_BYTES = 25; // of each data packet: short header, frame header and tag
    private static final int ACK_SEALING_BYTES = 16;

    private final int payloadBytes;
    private final QuicSender sending = new QuicSender();
    private final QuicReceiver receiving = new QuicReceiver();
    private final long[] ranges = new long[2 * QuicReceiver.MAX_RANGES];
    private long[] offsets = new long[1024]; // of each number

    private QuicFlow(SimBond bond, Role from) {
        super(bond, from);
        this.payloadBytes = bond.mtuBytes() - Ipv4.UDP_HEADER_BYTES;
    }

    /**
     * Starts a flow now.
     *
     * @param bond a bond of IP packets
     * @param from the end that sends
     * @return the running flow
     */
    public static QuicFlow start(SimBond bond, Role from) {
        QuicFlow flow = new QuicFlow(bond, from);
        flow.begin(flow::receiveData, flow::receiveAck);
        return flow;
    }

    /**
     * The sender's congestion window.
     *
     * @return bytes
     */
    public long windowBytes() {
        return (long) (sending.windowSegments() * payloadBytes);
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
     * Packets taken for lost.
     *
     * @return their number since the start
     */
    public long lostPackets() {
        return sending.lostPackets();
    }

    /**
     * Those among them that were acknowledged later.
     *
     * @return their number since the start
     */
    public long spuriousLosses() {
        return sending.spuriousLosses();
    }

    @Override
    public long pollTimeout() {
        return Math.min(sending.pollTimeout(), receiving.pollTimeout());
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (receiving.pollTimeout() <= nowNanos) {
            sendAck(nowNanos);
        }
        if (sending.pollTimeout() <= nowNanos) {
            sending.handleTimeout(nowNanos);
            sendAll(nowNanos);
        }
    }

    @Override
    void sendAll(long nowNanos) {
        int dataBytes = payloadBytes - SEALING_BYTES;
        for (QuicSender.Sent sent = sending.poll(dataBytes, nowNanos);
                sent != null;
                sent = sending.poll(dataBytes, nowNanos)) {
            int number = (int) sent.number();
            offsets = number < offsets.length ? offsets : Arrays.copyOf(offsets, 2 * offsets.length);
            offsets[number] = sent.offset();
            Ipv4.writeUdp(packet, sender.role(), port, port, payloadBytes);
            Payload.write(packet, number, nowNanos);
            meter.onSent(); // numbers and the meter's go together: what the device drops counts as sent
            sender.send(packet.flip());
        }
    }

    private void receiveData(ByteBuffer received, long nowNanos) {
        boolean intact = received.remaining() == bond.mtuBytes()
                && Ipv4.headerIsWhole(received)
                && Payload.isIntact(received, Ipv4.UDP_HEADER_BYTES);
        long number = intact ? Payload.number(received, Ipv4.UDP_HEADER_BYTES) : -1;
        long delayNanos = intact ? nowNanos - Payload.sentNanos(received, Ipv4.UDP_HEADER_BYTES) : 0;
        if (meter.onDelivered(number, intact, delayNanos, nowNanos) && !stopped) {
            int dataBytes = payloadBytes - SEALING_BYTES;
            meter.onGoodput(receiving.handlePacket(number, offsets[(int) number], dataBytes, nowNanos));
            if (receiving.pollTimeout() <= nowNanos) {
                sendAck(nowNanos);
            }
        }
    }

    private void sendAck(long nowNanos) {
        long heldMicros = (nowNanos - receiving.largestNanos()) / Rates.NANOS_PER_MICRO;
        long[] told = receiving.takeRanges();
        int bytes = ACK_HEADER_BYTES + RANGE_BYTES * told.length / 2 + ACK_SEALING_BYTES;
        Ipv4.writeUdp(packet, receiver.role(), port, port, bytes);
        packet.putInt(told.length / 2).putInt((int) heldMicros);
        for (long number : told) {
            packet.putInt((int) number);
        }
        receiver.send(packet.position(packet.limit()).flip());
    }

    private void receiveAck(ByteBuffer received, long nowNanos) {
        if (stopped || !Ipv4.headerIsWhole(received)) {
            return;
        }
        received.position(received.position() + Ipv4.UDP_HEADER_BYTES);
        int count = received.getInt();
        long heldNanos = received.getInt() * Rates.NANOS_PER_MICRO;
        for (int i = 0; i < 2 * count; i++) {
            ranges[i] = received.getInt();
        }
        sending.handleAck(ranges, count, heldNanos, nowNanos);
        sendAll(nowNanos);
    }

    @Override
    public String toString() {
        return "QUIC flow " + port;
    }
}
