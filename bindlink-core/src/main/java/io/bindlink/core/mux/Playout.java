package io.bindlink.core.mux;

/**
 * To what delay an ordered flow's packets are held, so that those of quick links wait for those of slow ones and the
 * flow sees one steady path: what a playout buffer is to voice (RFC 3550), for packets. Its sender says how long, as it
 * decides which links the flow uses. Confined to its session.
 */
final class Playout {
    /** What is due so soon is due: timers are not finer. */
    private static final long SLACK_NANOS = 1_000_000;

    static final long LONGEST_NANOS = 1_000_000_000;

    private final InboundLinks links;
    private long behindNanos;

    Playout(InboundLinks links) {
        this.links = links;
    }

    /** The sender's word: how much later than on the quickest link. */
    void behind(long nanos) {
        behindNanos = Math.min(nanos, LONGEST_NANOS);
    }

    /** When a chunk is to be delivered, on our clock, if it was sent at a time on the peer's. */
    long dueNanos(long sentNanos) {
        return sentNanos + links.leastDelayNanos() + behindNanos;
    }

    boolean isDue(long sentNanos, long nowNanos) {
        return behindNanos == 0 || dueNanos(sentNanos) - nowNanos <= SLACK_NANOS;
    }
}
