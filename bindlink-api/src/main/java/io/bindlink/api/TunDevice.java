package io.bindlink.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The edge to the system: packets that go in at one end's device come out at the other's. A device outlives sessions.
 *
 * <p>{@link #run} is called once, on a thread of its own. The other methods may be called from any thread, also at the
 * same time as {@code run}, but never two of them at once; they must not block.
 */
public interface TunDevice extends AutoCloseable {
    /** What a device carries. Both ends of a bond must be of one kind. */
    enum Kind {
        /** IP packets; the multiplexer tells their flows apart by itself. */
        IP_PACKETS,
        /** Pieces of byte streams; the device numbers its flows, from 1. */
        STREAMS
    }

    /**
     * The name people see, such as {@code tun0}.
     *
     * @return not empty
     */
    String name();

    /**
     * What this device carries.
     *
     * @return the same at every call
     */
    Kind kind();

    /**
     * Largest packet the device hands over, super-packets aside.
     *
     * @return bytes, 576..65,535
     */
    int mtuBytes();

    /**
     * Whether {@link #send} takes segmentation-offload super-packets and packets whose transport checksum is partial.
     *
     * @return the same at every call
     */
    default boolean acceptsOffload() {
        return false;
    }

    /**
     * Tells what the device may hand over from now on: before the first call, plain packets alone.
     *
     * @param allowed whether super-packets and partial checksums are taken, too
     */
    default void offloading(boolean allowed) {}

    /**
     * Reads packets and submits them until the device is closed.
     *
     * @param toMultiplexer where they go
     * @throws IOException when the device failed; the bond is then closed with this as its cause
     */
    void run(PacketSink toMultiplexer) throws IOException;

    /**
     * Writes one packet to the system. Never blocks.
     *
     * @param packet the bytes between position and limit, valid during the call
     * @param info what is known of it
     * @return true when taken; false when the device is full: a best-effort packet is then dropped and counted, a
     *     reliable one is held and offered again after {@link PacketSink#writable}
     */
    boolean send(ByteBuffer packet, PacketInfo info);

    /**
     * Tells that the multiplexer takes packets of a flow again, after {@link PacketSink#submit} answered false.
     *
     * @param flow the flow's number; 0 when buffers are to be had again after {@link PacketSink#acquire} gave none
     */
    default void accepting(int flow) {}

    /**
     * Tells that a session with the peer is up: what is submitted from now on can reach it.
     *
     * @param role the role of this end
     */
    default void sessionStarted(Role role) {}

    /** Tells that the session ended. Bytes not yet delivered are gone, so streams must be reset, never continued. */
    default void sessionEnded() {}

    /**
     * Closes the device; {@link #run} returns within a second. Idempotent.
     *
     * @throws IOException when the system refuses
     */
    @Override
    void close() throws IOException;
}
