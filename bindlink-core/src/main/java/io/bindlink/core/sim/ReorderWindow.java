package io.bindlink.core.sim;

/*
 * RFC 8985 (RACK) as in Linux's tcp_recovery.c. A segment is lost when one that was sent later has arrived and a round trip
 * and the reordering window have passed since it was sent. The window is 0 while no reordering was seen and three segments
 * or more have overtaken; else a quarter of the least round-trip time, times the number of round trips in which the receiver
 * told of a copy (RFC 2883), up to the smoothed round-trip time; after sixteen recoveries without it is a quarter again.
 */

/** How long a modelled TCP sender waits for segments that others overtook. Confined to its sender. */
final class ReorderWindow {
    private static final int FIRST_THRESHOLD = 3;
    private static final int MOST_THRESHOLD = 300; // Linux's tcp_max_reordering
    private static final int MOST_STEPS = 255;
    private static final int RECOVERIES_KEPT = 16;

    private long newestSentNanos; // the last one sent among those that arrived
    private long newestEnd;
    private long roundTripNanos; // its
    private int threshold = FIRST_THRESHOLD;
    private boolean reordered;
    private int steps = 1;
    private int recoveriesLeft;
    private boolean copyTold;
    private long copyToldAt; // arrivals in all, when the steps last grew

    void onArrived(TcpSegment segment, long leastNanos, long nowNanos) {
        long nanos = nowNanos - segment.sentNanos;
        if (segment.resent && nanos < leastNanos) {
            return; // it is the first transmission that arrived
        }
        roundTripNanos = nanos;
        if (segment.sentAfter(newestSentNanos, newestEnd)) {
            newestSentNanos = segment.sentNanos;
            newestEnd = segment.end();
        }
    }

    /** A segment that was sent once came after others that were sent later. */
    void onOvertaken(int segments) {
        reordered = true;
        threshold = Math.max(threshold, Math.min(MOST_THRESHOLD, segments));
    }

    /** The receiver told that it got something twice. */
    void onCopy() {
        copyTold |= reordered;
    }

    void onAcked(AckReport ack) {
        if (!ack.sampled) {
            return;
        }
        if (ack.arrivedBeforeSample < copyToldAt) {
            copyTold = false; // the same round trip
        }
        if (copyTold) {
            steps = Math.min(MOST_STEPS, steps + 1);
            copyTold = false;
            copyToldAt = ack.arrivedInAll;
            recoveriesLeft = RECOVERIES_KEPT;
        } else if (recoveriesLeft == 0) {
            steps = 1;
        }
    }

    void onRecoveryEnd() {
        recoveriesLeft = Math.max(0, recoveriesLeft - 1);
    }

    /** Whether later segments arrived. */
    boolean overtaken(TcpSegment segment) {
        return newestSentNanos > segment.sentNanos
                || (newestSentNanos == segment.sentNanos && newestEnd > segment.end());
    }

    /** When a segment that was overtaken counts as lost. */
    long deadlineNanos(TcpSegment segment, int sacked, boolean mending, RoundTrips trips) {
        return segment.sentNanos + roundTripNanos + windowNanos(sacked, mending, trips);
    }

    private long windowNanos(int sacked, boolean mending, RoundTrips trips) {
        if (!reordered && (mending || sacked >= threshold)) {
            return 0;
        }
        return Math.min(trips.leastNanos() / 4 * steps, trips.smoothedNanos());
    }
}
