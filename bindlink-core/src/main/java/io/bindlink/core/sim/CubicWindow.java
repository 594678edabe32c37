package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/*
 * CUBIC, RFC 9438, with HyStart (Ha and Rhee, 2011) as in Linux. Windows are in segments, as in the RFC.
 *
 * After a congestion event at window W_max the window is cut to beta W_max and then follows
 *     W(t) = C (t - K)^3 + W_max,   K = cbrt(W_max (1 - beta) / C),
 * or what a Reno flow would have reached, whichever is more.
 */

/** Congestion window of a modelled TCP sender. Confined to its sender. */
final class CubicWindow {
    private static final double C = 0.4; // RFC 9438 section 5.1
    private static final double BETA = 0.7; // section 4.6
    private static final double RENO_ALPHA = 3 * (1 - BETA) / (1 + BETA); // section 4.3
    private static final double INITIAL_SEGMENTS = 10; // RFC 6928
    private static final double LEAST_SEGMENTS = 2;
    private static final double MAX_SEGMENTS = 24_000; // 32 MB, the lab's tcp_wmem
    private static final int HYSTART_SAMPLES = 8;
    private static final long HYSTART_SPACING_NANOS = 2 * Rates.NANOS_PER_MILLI;
    private static final double HYSTART_LEAST_SEGMENTS = 16;
    private static final long HYSTART_LEAST_NANOS = 4 * Rates.NANOS_PER_MILLI;
    private static final long HYSTART_MOST_NANOS = 16 * Rates.NANOS_PER_MILLI;

    private double window = INITIAL_SEGMENTS;
    private double threshold = Double.MAX_VALUE;
    private double maxWindow; // W_max
    private double originNanos; // K
    private double reno;
    private long epochNanos;
    private boolean epochBegun;
    private long leastRoundTripNanos = Long.MAX_VALUE;
    private long roundLeastNanos = Long.MAX_VALUE;
    private int roundSamples;
    private long trainBeginNanos;
    private long trainEndNanos;

    /** The window, in segments. */
    double segments() {
        return window;
    }

    /** A new round trip begins. */
    void onRound(long nowNanos) {
        roundLeastNanos = Long.MAX_VALUE;
        roundSamples = 0;
        trainBeginNanos = nowNanos;
        trainEndNanos = nowNanos;
    }

    /** HyStart: slow start ends when the round trip grows, or when acknowledgements fill half of it. */
    void onRoundTrip(long rttNanos, long nowNanos) {
        leastRoundTripNanos = Math.min(leastRoundTripNanos, rttNanos);
        if (window >= threshold) {
            return;
        }
        if (nowNanos - trainEndNanos <= HYSTART_SPACING_NANOS) {
            trainEndNanos = nowNanos;
        }
        if (roundSamples < HYSTART_SAMPLES) {
            roundSamples++;
            roundLeastNanos = Math.min(roundLeastNanos, rttNanos);
        }
        long toleranceNanos = Math.max(HYSTART_LEAST_NANOS, Math.min(leastRoundTripNanos / 8, HYSTART_MOST_NANOS));
        boolean slower = roundSamples == HYSTART_SAMPLES && roundLeastNanos > leastRoundTripNanos + toleranceNanos;
        boolean full = trainEndNanos - trainBeginNanos > leastRoundTripNanos / 2;
        if (window >= HYSTART_LEAST_SEGMENTS && (slower || full)) {
            threshold = window;
        }
    }

    void onAcked(double segments, long rttNanos, long nowNanos) {
        if (window < threshold) {
            window = Math.min(MAX_SEGMENTS, window + segments);
            return;
        }
        if (!epochBegun) {
            beginEpoch(nowNanos);
        }
        double seconds = (nowNanos - epochNanos + rttNanos) / 1e9 - originNanos / 1e9;
        double target = Math.max(window, Math.min(1.5 * window, C * seconds * seconds * seconds + maxWindow));
        reno += RENO_ALPHA * segments / window;
        window = Math.max(window + (target - window) / window * segments, reno);
        window = Math.min(MAX_SEGMENTS, window);
    }

    /** Packets were lost: at most one call for each round trip. */
    void onCongestion() {
        maxWindow = window < maxWindow ? window * (1 + BETA) / 2 : window; // fast convergence, section 4.7
        window = Math.max(LEAST_SEGMENTS, window * BETA);
        threshold = window;
        epochBegun = false;
    }

    /** Nothing came back for a whole retransmission timeout; only the first one in a row says anything of the path. */
    void onTimeout(boolean first) {
        if (first) {
            onCongestion();
        }
        window = 1;
    }

    private void beginEpoch(long nowNanos) {
        epochBegun = true;
        epochNanos = nowNanos;
        reno = window;
        maxWindow = Math.max(maxWindow, window);
        originNanos = Math.cbrt((maxWindow - window) / C) * Rates.NANOS_PER_SECOND;
    }
}
