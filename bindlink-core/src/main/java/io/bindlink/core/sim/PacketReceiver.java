package io.bindlink.core.sim;

import java.nio.ByteBuffer;

/** Whoever gets the packets that come out of a simulated end's device. Called between the node's own calls. */
@FunctionalInterface
public interface PacketReceiver {
    /**
     * Takes a packet.
     *
     * @param packet its bytes between position and limit; the receiver's to keep
     * @param nowNanos the time on the bond's clock
     */
    void handlePacket(ByteBuffer packet, long nowNanos);

    /**
     * The flow takes packets again, after {@link SimEnd#send} answered false.
     *
     * @param nowNanos the time on the bond's clock
     */
    default void handleAccepting(long nowNanos) {}

    /**
     * The session, or the process, ended: what was under way is gone, and streams with it.
     *
     * @param nowNanos the time on the bond's clock
     */
    default void handleSessionEnded(long nowNanos) {}
}
