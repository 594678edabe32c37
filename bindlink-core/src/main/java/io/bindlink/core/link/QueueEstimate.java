package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * What the one-way delays of a link tell of its standing queue: how far the least of the last moments lies above the least
 * of the last ten seconds, and how much of that may be jitter. The clocks' difference cancels; a drift of 100 ppm adds a
 * millisecond. Confined to its session.
 */
final class QueueEstimate {
    private static final long MILLI = Rates.NANOS_PER_MILLI;
    private static final long MAX_JITTER_NANOS = 15 * MILLI;
    private static final double JITTER_ALLOWANCE = 1.5; // what a least delay of a span varies by, in mean deviations
    private static final double DEVIATION_SHARE = 0.3; // of the whole swing
    private static final double MEAN_MEMORY_NANOS = 30.0 * MILLI;
    private static final double WAY_BACK_MEMORY_NANOS = 100.0 * MILLI; // it changes with the link that brings them
    private static final double JITTER_MEMORY_NANOS = 500.0 * MILLI;

    private final WindowedMin base = new WindowedMin(10, Rates.NANOS_PER_SECOND);
    private final WindowedMin recent = new WindowedMin(128, 10 * MILLI);
    private long queueNanos;
    private long baseRttNanos = 1;
    private long jitterNanos;
    private double meanDelayNanos;
    private double meanWayBackNanos;
    private boolean wayBackKnown;
    private long peakDelayNanos = Long.MIN_VALUE;
    private long updatedNanos;

    /** What the sender was doing when the packet at hand was sent. */
    enum Pace {
        /** Faster and faster: our own queue only grows. */
        RISING,
        /** As fast as the link: our own queue stays as it is. */
        STEADY,
        /** Faster or slower for a while. */
        CHANGING
    }

    /** Takes an acknowledgement's delay in; the queue is the least over the last {@code spanNanos}. */
    void add(AckSample sample, Pace pace, long spanNanos) {
        long now = sample.nowNanos();
        long delay = sample.oneWayDelayNanos();
        base.add(delay, now);
        recent.add(delay, now);
        long baseDelay = base.least(now);
        queueNanos = recent.least(now, spanNanos) - baseDelay;
        updateWayBack(sample.wayBackNanos(), now);
        baseRttNanos = Math.max(1, baseDelay + (long) meanWayBackNanos);
        updateJitter(delay, pace, now);
    }

    /** The usual one and not the least: what is in flight includes what acknowledgements on their way already tell of. */
    private void updateWayBack(long nanos, long nowNanos) {
        double share = wayBackKnown ? Math.min(1, (nowNanos - updatedNanos) / WAY_BACK_MEMORY_NANOS) : 1;
        meanWayBackNanos += (nanos - meanWayBackNanos) * share;
        wayBackKnown = true;
    }

    /**
     * Mean deviation of the delay from its short-term mean, as far as our own queue does not explain it: at a steady pace
     * that hardly changes, and while the pace rises it only grows, so that what falls then is jitter.
     */
    private void updateJitter(long delay, Pace pace, long nowNanos) {
        double elapsed = nowNanos - updatedNanos;
        updatedNanos = nowNanos;
        if (pace == Pace.STEADY) {
            double error = delay - meanDelayNanos;
            meanDelayNanos += error * Math.min(1, elapsed / MEAN_MEMORY_NANOS);
            jitterNanos += (long) ((Math.abs(error) - jitterNanos) * Math.min(1, elapsed / JITTER_MEMORY_NANOS));
        } else {
            meanDelayNanos = delay;
        }
        if (pace == Pace.RISING) {
            peakDelayNanos = Math.max(peakDelayNanos, delay);
            jitterNanos = Math.max(jitterNanos, (long) ((peakDelayNanos - delay) * DEVIATION_SHARE));
        } else {
            peakDelayNanos = Long.MIN_VALUE;
        }
        jitterNanos = Math.min(jitterNanos, MAX_JITTER_NANOS);
    }

    /** The delay of the last moments is the path's own: from now on it counts as no queue. */
    void rebase(long spanNanos, long nowNanos) {
        long path = recent.least(nowNanos, spanNanos);
        base.clear();
        base.add(path, nowNanos);
        queueNanos = 0;
    }

    /** Forgets the path, as after an outage. */
    void clear() {
        base.clear();
        recent.clear();
        queueNanos = 0;
    }

    /** Whether the queue is more than so many targets, whatever jitter may add to it. */
    boolean exceeds(double targets, long targetNanos) {
        return queueNanos > targets * targetNanos + (1 + targets / 2) * JITTER_ALLOWANCE * jitterNanos;
    }

    long queueNanos() {
        return queueNanos;
    }

    long jitterNanos() {
        return jitterNanos;
    }

    /** Round-trip time without any queue on the way there, by the way that acknowledgements take now. */
    long baseRttNanos() {
        return baseRttNanos;
    }
}
