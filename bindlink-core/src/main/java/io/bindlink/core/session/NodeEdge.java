package io.bindlink.core.session;

import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way from a node to the tun device, called while an input is handled; must neither block nor call the node. A real
 * device and the simulated one stand behind it. Confined to its node.
 */
public interface NodeEdge {
    /**
     * Hands a packet to the device.
     *
     * @param packet bytes between position and limit, valid during the call
     * @param info what is known of it
     * @return false when the device is full
     */
    boolean deliver(ByteBuffer packet, PacketInfo info);

    /**
     * Takes an empty buffer from the pool.
     *
     * @return a packet of 65,535 bytes, or null when the budget is spent
     */
    @Nullable
    Packet acquire();

    /**
     * Tells the device that a flow takes packets again.
     *
     * @param flow the number the device gave
     */
    void accepting(int flow);

    /**
     * Tells the device that a session is up.
     *
     * @param offload whether the device may hand over super-packets
     */
    void sessionStarted(boolean offload);

    /** Tells the device that the session ended; undelivered bytes are gone. */
    void sessionEnded();
}
