package io.bindlink.core.sim;

/**
 * What became of the packets given to one direction of a simulated link. Bytes are the datagrams' own, without overhead.
 * Immutable.
 *
 * @param sentPackets given to the link
 * @param sentBytes their bytes
 * @param deliveredPackets that came out, copies included
 * @param deliveredBytes their bytes
 * @param lostPackets lost at random or in a burst
 * @param lostBytes their bytes, which used capacity all the same
 * @param queueDrops dropped because the queue was full
 * @param policerDrops dropped by the policer
 * @param tooLargeDrops dropped because they exceeded the MTU
 * @param cutDrops dropped because the link was cut
 * @param duplicates second copies made
 * @param maxQueuedBytes most that ever waited, overhead included
 * @param maxQueueDelayNanos longest that a packet took through queue and bottleneck
 * @param meanQueueDelayNanos the same on average
 */
public record LinkCounts(
        long sentPackets,
        long sentBytes,
        long deliveredPackets,
        long deliveredBytes,
        long lostPackets,
        long lostBytes,
        long queueDrops,
        long policerDrops,
        long tooLargeDrops,
        long cutDrops,
        long duplicates,
        long maxQueuedBytes,
        long maxQueueDelayNanos,
        long meanQueueDelayNanos) {}
