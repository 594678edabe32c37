package io.bindlink.api;

import org.jspecify.annotations.Nullable;

/** Where a device puts what it reads: the way into the multiplexer. Thread-safe. */
public interface PacketSink {
    /**
     * Takes an empty packet from the pool. Never blocks.
     *
     * @return a packet of 65,535 bytes which the caller must submit or release, or null when the budget is spent: wait
     *     for {@link TunDevice#accepting}, or drop what was to be read
     */
    @Nullable
    Packet acquire();

    /**
     * Hands a filled packet to the multiplexer.
     *
     * @param packet its data between position and limit, at least one byte
     * @param flow 0 from a device of kind {@link TunDevice.Kind#IP_PACKETS}, the stream's own number over 0 from one of
     *     kind {@link TunDevice.Kind#STREAMS}
     * @param delivery what this flow is promised, the same for all its packets
     * @param offload {@link Offload#NONE} for a plain packet
     * @return true when the packet was taken (it may still be dropped if the flow is best effort); false when the flow
     *     is full or no session is up: the packet is still the caller's, and {@link TunDevice#accepting} follows
     */
    boolean submit(Packet packet, int flow, Delivery delivery, Offload offload);

    /**
     * Hands over a filled packet of best effort, which may be held back until {@link #flush}: a device that has more at
     * hand spares each of them a turn of its own. For the thread in {@link TunDevice#run} alone, which must flush before it
     * waits.
     *
     * @param packet its data between position and limit, at least one byte; from now on the multiplexer's, also when it
     *     has to be dropped
     * @param offload {@link Offload#NONE} for a plain packet
     */
    default void collect(Packet packet, Offload offload) {
        if (!submit(packet, 0, Delivery.BEST_EFFORT, offload)) {
            packet.release();
        }
    }

    /**
     * Passes on what was collected. May keep the thread for up to a millisecond while packets come thick, so that the next
     * call brings several. For the thread in {@link TunDevice#run} alone.
     */
    default void flush() {}

    /**
     * Tells that the device can take packets of a flow again, after its {@link TunDevice#send} answered false.
     *
     * @param flow the flow's number
     */
    void writable(int flow);
}
