package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * When arrivals on one link are to be acknowledged: after a few packets, after a short while, or at once when there is
 * news that cannot wait. Confined to its session.
 */
final class AckCadence {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int PACKETS = 8;
    private static final long DELAY_NANOS = 5 * Rates.NANOS_PER_MILLI;

    private int waiting;
    private boolean urgent;
    private long dueNanos = NEVER;

    /** A packet came that asks to be acknowledged. */
    void onEliciting(long nowNanos) {
        waiting++;
        dueNanos = Math.min(dueNanos, waiting >= PACKETS ? nowNanos : nowNanos + DELAY_NANOS);
    }

    /** A gap, a congestion mark, a probe: the sender should know at once. */
    void onUrgent(long nowNanos) {
        dueNanos = Math.min(dueNanos, nowNanos);
        urgent = true;
    }

    void onAckSent() {
        waiting = 0;
        urgent = false;
        dueNanos = NEVER;
    }

    int waiting() {
        return waiting;
    }

    /** Whether what is due cannot wait. */
    boolean urgent() {
        return urgent;
    }

    boolean pending() {
        return dueNanos != NEVER;
    }

    long dueNanos() {
        return dueNanos;
    }
}
