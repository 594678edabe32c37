package io.bindlink.core.link;

import io.bindlink.api.DelayHistogram;
import io.bindlink.core.base.DelayCounts;
import io.bindlink.core.base.Rates;

/**
 * Smoothed round-trip time of one link, its variation and its recent minimum, in nanoseconds (RFC 6298, with the
 * peer's delay taken off each sample). Confined to its session.
 */
final class RttEstimator {
    private static final long ACK_DELAY_NANOS = 10 * Rates.NANOS_PER_MILLI; // twice what a peer waits before it answers
    private static final long MIN_TIMEOUT_NANOS = 20 * Rates.NANOS_PER_MILLI;
    private static final long FIRST_TIMEOUT_NANOS = 300 * Rates.NANOS_PER_MILLI; // no sample yet
    private static final long MAX_TIMEOUT_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final long MIN_RESOLUTION_NANOS = Rates.NANOS_PER_MILLI; // timers of both ends are not finer

    private final WindowedMin minimum = new WindowedMin(10, Rates.NANOS_PER_SECOND);
    private final DelayCounts counts = new DelayCounts();
    private long smoothedNanos;
    private long variationNanos;
    private long latestNanos;
    private long minNanos;

    void add(long sampleNanos, long nowNanos) {
        latestNanos = sampleNanos;
        counts.add(sampleNanos);
        if (smoothedNanos == 0) {
            smoothedNanos = sampleNanos;
            variationNanos = sampleNanos / 2;
        } else {
            variationNanos += (Math.abs(sampleNanos - smoothedNanos) - variationNanos) / 4;
            smoothedNanos += (sampleNanos - smoothedNanos) / 8;
        }
        minimum.add(sampleNanos, nowNanos);
        minNanos = minimum.least(nowNanos);
    }

    boolean known() {
        return smoothedNanos != 0;
    }

    long smoothedNanos() {
        return smoothedNanos;
    }

    DelayHistogram histogram() {
        return counts.snapshot();
    }

    long minNanos() {
        return minNanos;
    }

    /** How long after it was sent a packet older than an acknowledged one is lost (RFC 9002 section 6.1.2). */
    long lossDelayNanos() {
        long rtt = Math.max(smoothedNanos, latestNanos);
        return rtt + Math.max(rtt / 8, MIN_RESOLUTION_NANOS);
    }

    /** By how much answers come later than the path's delay though no queue is in their way. */
    long answerSpreadNanos() {
        return 2 * variationNanos + ACK_DELAY_NANOS;
    }

    /** How long an answer may take. */
    long timeoutNanos() {
        if (!known()) {
            return FIRST_TIMEOUT_NANOS;
        }
        long timeout = smoothedNanos + Math.max(4 * variationNanos, MIN_RESOLUTION_NANOS) + ACK_DELAY_NANOS;
        return Math.min(MAX_TIMEOUT_NANOS, Math.max(MIN_TIMEOUT_NANOS, timeout));
    }
}
