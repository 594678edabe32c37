package io.bindlink.api;

import java.nio.ByteBuffer;

/**
 * One way to reach the peer. Thread-safe, except {@link #send}, {@link #writable} and {@link #maxPayloadBytes}, which
 * are for use inside {@link Multiplexer} calls.
 */
public interface Link extends AutoCloseable {
    /**
     * The link's number within the session.
     *
     * @return the same for the link's life
     */
    LinkId id();

    /**
     * What the link was made from; at the master the address it was learnt at.
     *
     * @return the URI; printing it shows no credentials
     */
    LinkUri uri();

    /**
     * The link's state.
     *
     * @return the newest published one
     */
    LinkState state();

    /**
     * The link's figures.
     *
     * @return an immutable snapshot, at most about a second old
     */
    LinkStats stats();

    /**
     * Largest payload {@link #send} takes. It may grow and shrink with what the path is found to carry.
     *
     * @return bytes
     */
    int maxPayloadBytes();

    /**
     * Whether {@link #send} would take a payload of full size now.
     *
     * @return true when window and pacer have room and the link is usable
     */
    boolean writable();

    /**
     * Sends one payload as one datagram with one packet number. Inside a Multiplexer call only.
     *
     * @param payload bytes between position and limit, 1..{@link #maxPayloadBytes}; copied before the call returns
     * @return the packet number, or -1 when there is no room and nothing was taken
     * @throws IllegalArgumentException when the payload is empty or too large
     */
    long send(ByteBuffer payload);

    /**
     * As {@link #send}, for a payload that carries something that was sent before and lost: it is counted as such.
     *
     * @param payload as there
     * @return as there
     */
    default long resend(ByteBuffer payload) {
        return send(payload);
    }

    /** Takes the link out of use for the multiplexer at both ends; it is still probed. Idempotent. */
    void pause();

    /** Undoes {@link #pause}. Idempotent. */
    void resume();

    /** Removes the link. Idempotent; returns at once. */
    @Override
    void close();
}
