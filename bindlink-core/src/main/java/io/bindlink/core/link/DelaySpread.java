package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Smoothed one-way delay of one direction of a link and its mean deviation, in nanoseconds. The delay contains the
 * unknown difference of two clocks. Confined to its session.
 *
 * <p>For the deviation samples weigh by the time they stand for, so that a quiet link forgets as soon as a busy one, and
 * one that is far off, as when a process was not scheduled, counts as one that is a little off: what is real comes again.
 * One far below the usual counts as none: then the usual had such a stall in it, or a queue that is gone.
 */
final class DelaySpread {
    private static final int SAMPLES = 16;
    private static final double MEMORY_NANOS = 500.0 * Rates.NANOS_PER_MILLI;
    private static final double LEAST_WEIGHT = 1.0 / 256;
    private static final double MOST_WEIGHT = 1.0 / 4;
    private static final int CREDIBLE_DEVIATIONS = 4;
    private static final long CREDIBLE_NANOS = 5 * Rates.NANOS_PER_MILLI;

    private boolean known;
    private long latestNanos;
    private long smoothedNanos;
    private long usualNanos;
    private long deviationNanos;
    private long updatedNanos;

    void add(long delayNanos, long nowNanos) {
        latestNanos = delayNanos;
        if (!known) {
            known = true;
            smoothedNanos = delayNanos;
            usualNanos = delayNanos;
            updatedNanos = nowNanos;
            return;
        }
        smoothedNanos += (delayNanos - smoothedNanos) / SAMPLES;
        double weight = Math.min(MOST_WEIGHT, Math.max(LEAST_WEIGHT, (nowNanos - updatedNanos) / MEMORY_NANOS));
        updatedNanos = nowNanos;
        long credible = CREDIBLE_DEVIATIONS * deviationNanos + CREDIBLE_NANOS;
        if (delayNanos < usualNanos - credible) {
            usualNanos = delayNanos;
            return;
        }
        long error = Math.min(credible, delayNanos - usualNanos);
        usualNanos += (long) (error * weight);
        deviationNanos += (long) ((Math.abs(error) - deviationNanos) * weight);
    }

    boolean known() {
        return known;
    }

    long latestNanos() {
        return latestNanos;
    }

    long smoothedNanos() {
        return smoothedNanos;
    }

    long deviationNanos() {
        return deviationNanos;
    }

    /** The deviation, which fades while nothing is learnt: by half in the first half second. */
    long fadingDeviationNanos(long nowNanos) {
        return (long) (deviationNanos * MEMORY_NANOS / (MEMORY_NANOS + Math.max(0, nowNanos - updatedNanos)));
    }
}
