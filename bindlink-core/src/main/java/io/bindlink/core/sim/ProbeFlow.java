package io.bindlink.core.sim;

import io.bindlink.api.Role;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A flow of UDP packets at a constant rate, like a call or a ping: it measures delivery, delay and order and does not
 * react to them. For bonds of IP packets. Confined to its bond.
 */
public final class ProbeFlow implements Traffic {
    private final SimBond bond;
    private final SimEnd sender;
    private final int port;
    private final long intervalNanos;
    private final ByteBuffer packet;
    private final FlowMeter meter;
    private long nextNanos;
    private long refusedPackets;

    private ProbeFlow(SimBond bond, Role from, Duration interval, int packetBytes) {
        this.bond = bond;
        this.sender = bond.end(from);
        this.port = bond.newPort();
        this.intervalNanos = interval.toNanos();
        this.packet = ByteBuffer.allocate(packetBytes);
        this.meter = new FlowMeter(bond.nowNanos());
        this.nextNanos = bond.nowNanos();
    }

    /**
     * Starts a flow now.
     *
     * @param bond a bond of IP packets
     * @param from the end that sends
     * @param interval time from one packet to the next, over 0
     * @param packetBytes size of each, IP header included, from 44 to the bond's MTU
     * @return the running flow
     */
    public static ProbeFlow start(SimBond bond, Role from, Duration interval, int packetBytes) {
        int least = Ipv4.UDP_HEADER_BYTES + Payload.HEADER_BYTES;
        if (interval.isZero() || interval.isNegative() || packetBytes < least || packetBytes > bond.mtuBytes()) {
            throw new IllegalArgumentException("interval " + interval + " must be over 0, packet of " + packetBytes
                    + " bytes in " + least + ".." + bond.mtuBytes());
        }
        ProbeFlow flow = new ProbeFlow(bond, from, interval, packetBytes);
        bond.end(SimBond.other(from)).attach(flow.port, flow::receive);
        bond.add(flow);
        return flow;
    }

    /** Sends no more; what is under way is still measured. */
    public void stop() {
        bond.remove(this);
    }

    /** Begins to measure anew, as after a warm-up. */
    public void measure() {
        meter.measure(bond.nowNanos());
    }

    /**
     * What was measured.
     *
     * @return the figures now
     */
    public FlowResult result() {
        return meter.result(bond.nowNanos());
    }

    /**
     * Packets the device did not take, because no session was up or the flow was full.
     *
     * @return their number since the start
     */
    public long refusedPackets() {
        return refusedPackets;
    }

    @Override
    public long pollTimeout() {
        return nextNanos;
    }

    @Override
    public void handleTimeout(long nowNanos) {
        nextNanos += intervalNanos;
        Ipv4.writeUdp(packet, sender.role(), port, port, packet.capacity() - Ipv4.UDP_HEADER_BYTES);
        Payload.write(packet, meter.nextNumber(), nowNanos);
        if (sender.send(packet.flip())) {
            meter.onSent();
        } else {
            refusedPackets++;
        }
    }

    private void receive(ByteBuffer received, long nowNanos) {
        boolean intact = received.remaining() == packet.capacity()
                && Ipv4.headerIsWhole(received)
                && Payload.isIntact(received, Ipv4.UDP_HEADER_BYTES);
        long delayNanos = intact ? nowNanos - Payload.sentNanos(received, Ipv4.UDP_HEADER_BYTES) : 0;
        long number = intact ? Payload.number(received, Ipv4.UDP_HEADER_BYTES) : -1;
        if (meter.onDelivered(number, intact, delayNanos, nowNanos)) {
            meter.onGoodput(received.remaining());
        }
    }

    @Override
    public String toString() {
        return "probe flow " + port;
    }
}
