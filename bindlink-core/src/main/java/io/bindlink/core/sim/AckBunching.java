package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/**
 * How many more segments acknowledgements tell of at once than their rate explains, as in Linux's BBR: the greatest excess of
 * five to ten round trips. Confined to its window.
 */
final class AckBunching {
    private static final int ROUNDS = 5;
    private static final double MOST_SECONDS = 0.1; // of the rate
    private static final double EPOCH_SEGMENTS = 1 << 20;

    private final double[] greatest = new double[2];
    private int present;
    private int rounds;
    private long epochNanos;
    private double epochSegments;

    void onAcked(AckReport ack, double rate, double window, boolean roundBegins) {
        if (ack.arrived == 0 || !ack.sampled) {
            return;
        }
        if (roundBegins && ++rounds >= ROUNDS) {
            rounds = 0;
            present ^= 1;
            greatest[present] = 0;
        }
        double expected = rate * (ack.nowNanos - epochNanos) / Rates.NANOS_PER_SECOND;
        if (epochSegments <= expected || epochSegments + ack.arrived >= EPOCH_SEGMENTS) {
            epochSegments = 0;
            epochNanos = ack.nowNanos;
            expected = 0;
        }
        epochSegments += ack.arrived;
        greatest[present] = Math.max(greatest[present], Math.min(epochSegments - expected, window));
    }

    /** What the window needs on top. */
    double segments(double rate) {
        return Math.min(Math.max(greatest[0], greatest[1]), rate * MOST_SECONDS);
    }
}
