package io.bindlink.api;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the tun device and the links: it decides what crosses which link, and what comes out at the other
 * end. Both ends of a bond run the same multiplexer; what it sends is opaque to the links below.
 *
 * <p>One call at a time, all within one session. A multiplexer never blocks and has no thread, clock or socket of its
 * own: time comes from {@link MultiplexerContext#nowNanos}. An exception closes the bond and is its cause.
 */
public interface Multiplexer extends AutoCloseable {
    /**
     * The first call. The links that are there already follow by {@link #addLink}.
     *
     * @param context the session it lives in
     */
    void start(MultiplexerContext context);

    /**
     * A link came to be. Its {@link Link#state} tells whether it can be used; {@link #stateChanged} follows.
     *
     * @param link the new link
     */
    void addLink(Link link);

    /**
     * A link is gone for good. What was unacknowledged on it was told by {@link #lost} before.
     *
     * @param link the closed link
     */
    void removeLink(Link link);

    /**
     * A packet from the device.
     *
     * @param packet the packet
     * @return true when taken: the multiplexer releases it exactly once; false when this flow is full: the packet is
     *     still the caller's and {@link MultiplexerContext#accepting} follows
     */
    boolean send(Packet packet);

    /**
     * What the peer's multiplexer sent by {@link Link#send}. Authentic, and never twice the same datagram.
     *
     * @param link the link it came through
     * @param arrival when it was sent and came; valid during the call
     * @param payload its bytes between position and limit, read-only by contract, valid during the call
     */
    void received(Link link, Arrival arrival, ByteBuffer payload);

    /**
     * The peer's newest report. Older ones are never seen.
     *
     * @param link the link it came through first
     * @param control the report
     */
    default void handleControl(Link link, ControlPacket control) {}

    /**
     * The report to send, asked for every second.
     *
     * @return a report made by {@link MultiplexerContext#report}; null: the counts alone are sent
     */
    default @Nullable ControlPacket craftControl() {
        return null;
    }

    /**
     * A datagram arrived at the peer.
     *
     * @param link the link it was sent on
     * @param number what {@link Link#send} answered
     */
    default void acked(Link link, long number) {}

    /**
     * A datagram is given up as lost. {@link #acked} may still follow if it was only late.
     *
     * @param link the link it was sent on
     * @param number what {@link Link#send} answered
     */
    default void lost(Link link, long number) {}

    /**
     * All that the peer sent on this link up to a time has arrived or is lost. Told for every authentic datagram after
     * its payload was handed over, and for every horizon.
     *
     * @param link the link
     * @param sentNanos on the peer's clock, as {@link Arrival#sentNanos}
     */
    default void settled(Link link, long sentNanos) {}

    /**
     * A link has room again, after it had none.
     *
     * @param link the link
     */
    default void writable(Link link) {}

    /**
     * A link's state changed, or answers on it became overdue ({@link LinkView#late}).
     *
     * @param link the link
     */
    default void stateChanged(Link link) {}

    /**
     * The device takes packets of a flow again, after {@link MultiplexerContext#deliver} answered false.
     *
     * @param flow the number the peer's device gave
     */
    default void deliverable(int flow) {}

    /** The time asked for by {@link MultiplexerContext#wakeAt} has come. */
    default void timeout() {}

    /**
     * Whether packets may be segmentation-offload super-packets.
     *
     * @return false: the device is opened without offload
     */
    default boolean acceptsOffload() {
        return false;
    }

    /** The session ends: releases every packet still held. The last call. */
    @Override
    void close();
}
