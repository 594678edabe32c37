package io.bindlink.core.mux;

/**
 * How far beyond what it delivered a receiver takes one reliable flow's chunks. It doubles while the device takes half of it
 * within a round trip: then the sender may have waited for credit. A flow whose reader is slow keeps a small one, so that it
 * holds little of the memory that all flows share; what they hold together is bounded at the sender, by what this node
 * announced. It never shrinks: what was promised is taken. Confined to its session.
 */
final class Window {
    private static final long UNKNOWN_RTT_NANOS = 100_000_000L;

    private int doublings;
    private long beganAt;
    private long beganNanos;

    Window(long firstSequence, long nowNanos) {
        beganAt = firstSequence;
        beganNanos = nowNanos;
    }

    int doublings() {
        return doublings;
    }

    long chunks() {
        return ChunkLayout.windowChunks(doublings);
    }

    /**
     * More was delivered.
     *
     * @param next the first chunk that was not
     * @param rttNanos the longest round trip among the links; 0: not known
     */
    void onDelivered(long next, long nowNanos, long rttNanos) {
        if (next - beganAt < chunks() / 2) {
            return;
        }
        boolean quick = nowNanos - beganNanos < (rttNanos == 0 ? UNKNOWN_RTT_NANOS : rttNanos);
        if (quick && doublings < ChunkLayout.MOST_DOUBLINGS) {
            doublings++;
        }
        beganAt = next;
        beganNanos = nowNanos;
    }
}
