package io.bindlink.core.sim;

import io.bindlink.api.Role;
import java.nio.ByteBuffer;

/**
 * What connections inside a bond have in common: a port at both ends, data one way, acknowledgements the other, and a
 * meter. It begins established. Confined to its bond.
 */
abstract class InnerFlow implements Traffic {
    final SimBond bond;
    final SimEnd sender;
    final SimEnd receiver;
    final int port;
    final FlowMeter meter;
    final ByteBuffer packet;
    boolean stopped;

    InnerFlow(SimBond bond, Role from) {
        this.bond = bond;
        this.sender = bond.end(from);
        this.receiver = bond.end(SimBond.other(from));
        this.port = bond.newPort();
        this.meter = new FlowMeter(bond.nowNanos());
        this.packet = ByteBuffer.allocate(bond.mtuBytes());
    }

    /** Sends as much as it may, now. */
    abstract void sendAll(long nowNanos);

    /** Takes part in the bond from now on. */
    final void begin(PacketReceiver data, PacketReceiver acknowledgements) {
        receiver.attach(port, data);
        sender.attach(port, acknowledgements);
        bond.add(this);
        sendAll(bond.nowNanos());
        bond.settle();
    }

    /** Sends nothing any more. */
    public final void stop() {
        stopped = true;
        bond.remove(this);
    }

    /** Begins to measure anew, as after a warm-up. */
    public final void measure() {
        meter.measure(bond.nowNanos());
    }

    /**
     * What was measured. Each transmission counts as a packet of its own, also when it repeats an older one's bytes;
     * goodput counts bytes in order, once, without headers.
     *
     * @return the figures now
     */
    public final FlowResult result() {
        return meter.result(bond.nowNanos());
    }
}
