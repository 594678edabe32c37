package io.bindlink.core.queue;

import org.jspecify.annotations.Nullable;

/**
 * The central queue, in which packets wait until a link can take them at once. It decides which flow is next and which
 * packet goes when they wait too long; never which link. Confined to its session.
 *
 * @param <F> the multiplexer's flow
 */
public interface FlowQueue<F extends Backlog> {
    /** Hears of packets that the queue dropped or marked. */
    @FunctionalInterface
    interface Tally {
        /**
         * It happened to one more packet.
         *
         * @param counter name of the counter for it
         */
        void count(String counter);
    }

    /**
     * Tells what the links can do, now and then: how long a packet may wait follows from it.
     *
     * @param rateBytesPerSecond what all links in use deliver together; 0 when that is not known
     * @param slowestRttNanos the longest round trip among them
     * @param nowNanos the time
     */
    void tune(long rateBytesPerSecond, long slowestRttNanos, long nowNanos);

    /**
     * Adds a packet to its flow.
     *
     * @param flow the flow
     * @param parcel the packet; the queue's when taken
     * @param nowNanos the time
     * @return false when a reliable flow is full and nothing was taken; a best-effort packet is always taken, though it
     *     or another may be dropped for it
     */
    boolean offer(F flow, Parcel parcel, long nowNanos);

    /**
     * The flow to serve next among those that send little. Asking drops and marks what must be: ask when the answer is
     * wanted. Asking again changes nothing.
     *
     * @param nowNanos the time
     * @return a flow with a head, or null when none waits
     */
    @Nullable
    F sparse(long nowNanos);

    /**
     * The flow to serve next among the others. Asking drops and marks what must be, as {@link #sparse} does.
     *
     * @param nowNanos the time
     * @return a flow with a head, or null when none waits
     */
    @Nullable
    F bulk(long nowNanos);

    /**
     * The first bytes of a flow's head were cut into a chunk, which holds the parcel by itself.
     *
     * @param flow what {@link #sparse} or {@link #bulk} answered
     * @param lengthBytes how many bytes
     * @param nowNanos the time
     */
    void taken(F flow, int lengthBytes, long nowNanos);

    /**
     * Sets a flow aside until {@link #unpark}: its peer gives it no credit.
     *
     * @param flow what {@link #sparse} or {@link #bulk} answered
     */
    void park(F flow);

    /**
     * Lets a parked flow take part again; does nothing for another.
     *
     * @param flow the flow
     */
    void unpark(F flow);

    /**
     * Whether a reliable flow that was refused would be taken now, with some room for more.
     *
     * @param flow the flow
     * @return true when it is worth telling its device
     */
    boolean hasRoom(F flow);

    /**
     * All that waits.
     *
     * @return bytes
     */
    long waitingBytes();

    /** Releases all that waits. */
    void clear();
}
