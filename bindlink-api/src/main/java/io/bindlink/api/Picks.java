package io.bindlink.api;

import java.util.random.RandomGenerator;

/** A scheduler's answer, and the little it needs besides links and packet. Valid during {@link Scheduler#choose}. */
public interface Picks {
    /**
     * Sends the packet on this link too. Adding the same link twice is adding it once.
     *
     * @param link one of the links offered
     */
    void add(LinkView link);

    /**
     * Bounds the wait when none of the picked links is ready, or none was picked: {@code choose} is asked again then.
     *
     * @param nanos from now, over 0
     */
    void waitAtMost(long nanos);

    /**
     * The time of this call.
     *
     * @return on the node's clock
     */
    long nowNanos();

    /**
     * What waits in the queue behind this packet, over all flows.
     *
     * @return bytes
     */
    long backlogBytes();

    /**
     * The session's random source, seeded in tests.
     *
     * @return the generator
     */
    RandomGenerator random();
}
