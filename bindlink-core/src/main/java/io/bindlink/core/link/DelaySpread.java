package io.bindlink.core.link;

/**
 * Smoothed one-way delay of one direction of a link and its mean deviation, in nanoseconds. The delay contains the
 * unknown difference of two clocks. Confined to its session.
 */
final class DelaySpread {
    private static final int SAMPLES = 16;

    private boolean known;
    private long latestNanos;
    private long smoothedNanos;
    private long deviationNanos;

    void add(long delayNanos) {
        latestNanos = delayNanos;
        if (!known) {
            known = true;
            smoothedNanos = delayNanos;
            return;
        }
        long error = delayNanos - smoothedNanos;
        smoothedNanos += error / SAMPLES;
        deviationNanos += (Math.abs(error) - deviationNanos) / SAMPLES;
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
}
