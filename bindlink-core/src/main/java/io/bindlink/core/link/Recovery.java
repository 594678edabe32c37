package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * When a link that delivers far less than it did may be started anew, as if its rate were unknown: soon while that finds
 * more, and less and less often while it does not. Confined to its session.
 */
final class Recovery {
    private static final long FIRST_NANOS = 250 * Rates.NANOS_PER_MILLI; // a radio's rate changes within that
    private static final long LAST_NANOS = 2 * Rates.NANOS_PER_SECOND;
    private static final double SUCCESS = 1.25; // as a probe would have found

    private long dueNanos;
    private long intervalNanos = FIRST_NANOS;
    private long rateBefore; // 0: none is going on

    /** Begins with {@code nowNanos}, the first time seen. */
    void clear(long nowNanos) {
        dueNanos = nowNanos;
    }

    boolean due(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /** The link is started anew because it is {@link #due}. */
    void onStart(long rate) {
        rateBefore = rate;
    }

    /** A start is over, for whatever reason it began. */
    void onStartEnded(long nowNanos, long rate) {
        boolean vain = rateBefore > 0 && rate < SUCCESS * rateBefore;
        intervalNanos = vain ? Math.min(LAST_NANOS, 2 * intervalNanos) : FIRST_NANOS;
        rateBefore = 0;
        dueNanos = nowNanos + intervalNanos;
    }
}
