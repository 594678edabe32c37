package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/** Round-trip times of a modelled TCP sender and the timeouts that follow from them, as in Linux. Confined to its sender. */
final class RoundTrips {
    private static final long LEAST_VARIANCE_NANOS = 200 * Rates.NANOS_PER_MILLI; // Linux's; RFC 6298 has 1 s in all
    private static final long MOST_TIMEOUT_NANOS = 120 * Rates.NANOS_PER_SECOND;
    private static final long FIRST_TIMEOUT_NANOS = Rates.NANOS_PER_SECOND;

    private long smoothedNanos;
    private long varianceNanos;
    private long leastNanos = Long.MAX_VALUE;

    void onSample(long nanos) {
        if (smoothedNanos == 0) {
            smoothedNanos = nanos;
            varianceNanos = nanos / 2;
        } else {
            varianceNanos += (Math.abs(smoothedNanos - nanos) - varianceNanos) / 4;
            smoothedNanos += (nanos - smoothedNanos) / 8;
        }
    }

    void onLeast(long nanos) {
        leastNanos = Math.min(leastNanos, nanos);
    }

    /** 0 before the first sample. */
    long smoothedNanos() {
        return smoothedNanos;
    }

    /** {@link Long#MAX_VALUE} before the first sample. */
    long leastNanos() {
        return leastNanos;
    }

    /** The retransmission timeout. Unlike RFC 6298 section 2.3 it is the variance that has a floor. */
    long timeoutNanos(int backoff) {
        long nanos = smoothedNanos == 0
                ? FIRST_TIMEOUT_NANOS
                : smoothedNanos + Math.max(LEAST_VARIANCE_NANOS, 4 * varianceNanos);
        return Math.min(MOST_TIMEOUT_NANOS, nanos << Math.min(backoff, 10));
    }

    /** When the last segments are probed for, RFC 8985 section 7.2. */
    long probeNanos(int underWay) {
        if (smoothedNanos == 0) {
            return FIRST_TIMEOUT_NANOS;
        }
        long nanos = 2 * smoothedNanos + (underWay == 1 ? LEAST_VARIANCE_NANOS : 2 * Rates.NANOS_PER_MILLI);
        return Math.min(nanos, timeoutNanos(0));
    }
}
