package io.bindlink.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a multiplexer may ask of the session it lives in. Valid inside {@link Multiplexer} calls only. */
public interface MultiplexerContext {
    /**
     * Hands a packet to the tun device.
     *
     * @param packet bytes between position and limit; not kept
     * @param info what is known of it; its flow is the number the peer's device gave, 0 for IP packets
     * @return false when the device is full: a best-effort packet is then lost and counted; a reliable one is still the
     *     caller's, to be offered again after {@link Multiplexer#deliverable}
     */
    boolean deliver(ByteBuffer packet, PacketInfo info);

    /**
     * Takes an empty buffer from the pool that the device's packets come from.
     *
     * @return a packet of 65,535 bytes, to be released by the caller; null when the budget is spent: drop and count
     */
    @Nullable
    Packet acquire();

    /**
     * All links but closed ones, in the user's order.
     *
     * @return unmodifiable, without allocation; links that come or go later show in the next call's list, not in this one
     */
    List<Link> links();

    /**
     * Live figures of a link.
     *
     * @param link one of {@link #links}
     * @return the view, the same object for the link's life
     */
    LinkView view(Link link);

    /**
     * Tells the device that a flow takes packets again, after {@link Multiplexer#send} answered false for it.
     *
     * @param flow the number the device gave
     */
    void accepting(int flow);

    /**
     * A control packet with the next sequence number and the counts of every link filled in.
     *
     * @param extension the multiplexer's own bytes, at most {@link ControlPacket#MAX_EXTENSION_BYTES}; copied
     * @return the report
     */
    ControlPacket report(ByteBuffer extension);

    /**
     * The time of this call.
     *
     * @return nanoseconds on the node's clock, whose zero means nothing
     */
    long nowNanos();

    /**
     * Asks for {@link Multiplexer#timeout}. The newest wish replaces the one before.
     *
     * @param nanos on the node's clock; in the past: as soon as possible; {@link Long#MAX_VALUE}: never
     */
    void wakeAt(long nanos);

    /**
     * The session's random source, seeded in tests. Not for secrets.
     *
     * @return the generator
     */
    RandomGenerator random();

    /**
     * The scheduler the node was configured with.
     *
     * @return the session's own
     */
    Scheduler scheduler();

    /**
     * What the peer said of itself.
     *
     * @return the same for the session's life
     */
    PeerInfo peer();

    /**
     * Adds to a counter that shows up in {@link Stats#counters}. Those named in {@link Efficiency} tell what became of
     * the multiplexer's payloads; some milliseconds' worth at a time is often enough for them.
     *
     * @param counter its name, lower case with underscores; few different ones
     * @param n 0 or more
     */
    void count(String counter, long n);
}
