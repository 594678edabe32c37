package io.bindlink.api;

import java.nio.ByteBuffer;

/**
 * A pooled buffer that holds one packet on its way from a device to the multiplexer. It has one holder at a time, who
 * calls {@link #release} exactly once or hands it on. Not thread-safe.
 */
public interface Packet {
    /**
     * The bytes: between position and limit. A fresh packet has position 0 and limit 65,535; whoever fills it sets the
     * limit.
     *
     * @return a buffer with an accessible array, the same one at every call
     */
    ByteBuffer data();

    /**
     * What was said of the packet when it was submitted.
     *
     * @return the description; of a packet not yet submitted: flow 0, best effort, no offload
     */
    PacketInfo info();

    /**
     * Gives the buffer back to its pool; it must not be touched afterwards.
     *
     * @throws IllegalStateException if it was released before
     */
    void release();
}
