package io.bindlink.api;

/**
 * What a scheduler sees of a link: live figures, valid inside multiplexer and scheduler calls only, read without
 * allocation. Confined to its session.
 */
public interface LinkView {
    /**
     * The link's number.
     *
     * @return the same for the link's life
     */
    LinkId id();

    /**
     * The link's state.
     *
     * @return the state now
     */
    LinkState state();

    /**
     * Whether an answer is overdue: what was sent last may be lost, though that is no reason yet to call the link
     * {@link LinkState#SUSPECT}.
     *
     * @return true while a copy through another link is a good idea for what must not be late
     */
    default boolean late() {
        return false;
    }

    /**
     * Whether the link takes a full datagram at once: it is up and has room in its window and its pacer.
     *
     * @return false when a send would answer -1
     */
    boolean ready();

    /**
     * When the pacer next allows a datagram.
     *
     * @return on the node's clock; not after now when the pacer allows one at once. A full window is not counted in: it
     *     opens with an acknowledgement
     */
    long readyAtNanos();

    /**
     * Largest payload of one datagram on this link.
     *
     * @return bytes
     */
    int maxPayloadBytes();

    /**
     * The user's order of the links: the first one listed has rank 0.
     *
     * @return 0 or more
     */
    int rank();

    /**
     * Estimated rate at which the link delivers.
     *
     * @return bytes per second, over 0
     */
    long rateBytesPerSecond();

    /**
     * Estimated standing queue in the path.
     *
     * @return bytes
     */
    long queuedBytes();

    /**
     * Bytes sent and neither acknowledged nor lost.
     *
     * @return bytes
     */
    long inFlightBytes();

    /**
     * Smoothed round-trip time.
     *
     * @return nanoseconds; 0 before the first sample
     */
    long rttNanos();

    /**
     * How much later than on the quickest link a packet arrives, when it is sent now: one way, towards the peer.
     *
     * @return nanoseconds, 0 for the quickest link
     */
    long relativeDelayNanos();

    /**
     * Mean deviation of the one-way delay.
     *
     * @return nanoseconds
     */
    long jitterNanos();

    /**
     * Share of packets lost lately.
     *
     * @return 0.0..1.0
     */
    double lossRatio();

    /**
     * Bytes of datagrams sent on this link in this session.
     *
     * @return bytes, cumulative
     */
    long sentBytes();

    /**
     * Bytes the peer's newest report says it received through this link.
     *
     * @return bytes, cumulative; 0 before the first report
     */
    long peerReceivedBytes();

    /**
     * When the multiplexer last sent on this link.
     *
     * @return on the node's clock; {@link Long#MIN_VALUE} if never
     */
    long lastUsedNanos();

    /**
     * Copies of unacknowledged data the link would like now, to prove a rate without inventing traffic.
     *
     * @return bytes, mostly 0
     */
    long fillBytes();
}
