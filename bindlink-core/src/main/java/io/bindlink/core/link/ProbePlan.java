package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * When a link is tried at a little more than its rate, and what came of it. Tried often while it is known to have been
 * faster lately. Confined to its session.
 */
final class ProbePlan {
    private static final long MILLI = Rates.NANOS_PER_MILLI;
    private static final long LEAST_INTERVAL_NANOS = 500 * MILLI;
    private static final long MOST_INTERVAL_NANOS = 1000 * MILLI;
    private static final int INTERVAL_ROUND_TRIPS = 8;
    private static final long RESTLESS_INTERVAL_NANOS = 250 * MILLI; // a radio's rate changes within that
    private static final int RESTLESS_ROUND_TRIPS = 2; // one to try, one to see
    private static final double SUCCESS = 1.05;
    private static final int SUCCESSES = 2; // the first may be chance

    private long nextNanos;
    private long endNanos;
    private boolean verdictDue;
    private long rateBefore;
    private int successes;

    /** The next may begin at once. */
    void next(long nowNanos) {
        nextNanos = nowNanos;
    }

    /** The next is some round trips away; {@code restless} if the link was faster lately. */
    void postpone(long nowNanos, long rttNanos, boolean restless) {
        nextNanos = nowNanos
                + (restless
                        ? Math.max(RESTLESS_INTERVAL_NANOS, RESTLESS_ROUND_TRIPS * rttNanos)
                        : Math.min(
                                MOST_INTERVAL_NANOS, Math.max(LEAST_INTERVAL_NANOS, INTERVAL_ROUND_TRIPS * rttNanos)));
    }

    /** What the last one showed does not count, nor do earlier successes. */
    void cancel() {
        verdictDue = false;
        successes = 0;
    }

    void begin(long nowNanos, long rate, long lengthNanos) {
        rateBefore = rate;
        verdictDue = true;
        endNanos = nowNanos + lengthNanos;
    }

    /** It is over: packets sent from now on do not show it any more. */
    void end(long nowNanos) {
        endNanos = nowNanos;
    }

    boolean over(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    /** Whether one was made whose outcome is not known yet. */
    boolean verdictDue() {
        return verdictDue;
    }

    boolean due(long nowNanos) {
        return !verdictDue && nowNanos - nextNanos >= 0;
    }

    /** Whether the rate has grown enough by it, if jitter may make up the share {@code doubt}. */
    boolean judge(long rate, double doubt, boolean provenOtherwise) {
        verdictDue = false;
        boolean success = provenOtherwise || rate > rateBefore * (SUCCESS + doubt);
        successes = success ? successes + 1 : 0;
        return success;
    }

    /** Whether they succeed again and again: the link has far more to give. */
    boolean succeedsAgain() {
        return successes >= SUCCESSES;
    }
}
