package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/*
 * CUBIC, RFC 9438, with HyStart (Ha and Rhee, 2011) as in Linux. Windows are in segments, as in the RFC.
 *
 * After a congestion event at window W_max the window is cut to beta W_max and then follows
 *     W(t) = C (t - K)^3 + W_max,   K = cbrt(W_max (1 - beta) / C),
 * or what a Reno flow would have reached, whichever is more. On the way down it follows proportional rate reduction
 * (RFC 6937 section 3), with slow-start reduction bound when the acknowledged edge moves.
 */

/** Congestion window that goes by loss. Confined to its sender. */
final class CubicWindow implements SendingWindow {
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

    private final double pacingGain; // of the window in a round trip; 0: not paced
    private double window = INITIAL_SEGMENTS;
    private double threshold = Double.MAX_VALUE;
    private double priorWindow;
    private double priorThreshold;
    private double maxWindow; // W_max
    private double originNanos; // K
    private double reno;
    private long epochNanos;
    private boolean epochBegun;
    private double arrivedInRecovery;
    private double sentInRecovery;
    private double windowBeforeRecovery;
    private long leastRoundTripNanos = Long.MAX_VALUE;
    private long smoothedNanos;
    private long roundLeastNanos = Long.MAX_VALUE;
    private int roundSamples;
    private long trainBeginNanos;
    private long trainEndNanos;

    /**
     * A window at its beginning.
     *
     * @param pacingGain in which part of a round trip, upside down, the window leaves; 0: at once, as Linux's TCP does
     *     without a pacing queue below it
     */
    CubicWindow(double pacingGain) {
        this.pacingGain = pacingGain;
    }

    @Override
    public double segments() {
        return window;
    }

    @Override
    public double pace() {
        return smoothedNanos == 0 ? 0 : pacingGain * window * Rates.NANOS_PER_SECOND / smoothedNanos;
    }

    @Override
    public int burstSegments() {
        return pacingGain == 0 ? Integer.MAX_VALUE : 2;
    }

    @Override
    public void onSent() {
        sentInRecovery++;
    }

    @Override
    public void onAcked(AckReport ack) {
        smoothedNanos = ack.smoothedRoundTripNanos;
        if (ack.newRound) {
            beginRound(ack.nowNanos);
        }
        if (ack.roundTripNanos > 0) {
            onRoundTrip(ack.roundTripNanos, ack.nowNanos);
        }
        if (ack.state == AckReport.State.RECOVERY) {
            reduce(ack);
        } else if (ack.arrived > 0) {
            grow(ack.arrived, ack.smoothedRoundTripNanos, ack.nowNanos);
        }
    }

    @Override
    public void onRecovery(int underWay) {
        windowBeforeRecovery = window;
        cut();
        window = Math.max(window, underWay); // reduced as acknowledgements come
        arrivedInRecovery = 0;
        sentInRecovery = 0;
    }

    @Override
    public void onRecoveryEnd() {
        window = threshold;
    }

    @Override
    public void onUndo() {
        window = Math.max(window, priorWindow);
        threshold = priorThreshold;
        epochBegun = false;
    }

    @Override
    public void onTimeout(boolean first, int underWay) {
        if (first) {
            cut();
        }
        window = underWay + 1.0;
    }

    private void beginRound(long nowNanos) {
        roundLeastNanos = Long.MAX_VALUE;
        roundSamples = 0;
        trainBeginNanos = nowNanos;
        trainEndNanos = nowNanos;
    }

    /** HyStart: slow start ends when the round trip grows, or when acknowledgements fill half of it. */
    private void onRoundTrip(long rttNanos, long nowNanos) {
        leastRoundTripNanos = Math.min(leastRoundTripNanos, rttNanos);
        if (window >= threshold) {
            return;
        }
        if (nowNanos - trainEndNanos <= HYSTART_SPACING_NANOS) {
            trainEndNanos = nowNanos;
        }
        roundLeastNanos = Math.min(roundLeastNanos, rttNanos);
        roundSamples++;
        long toleranceNanos = Math.max(HYSTART_LEAST_NANOS, Math.min(leastRoundTripNanos / 8, HYSTART_MOST_NANOS));
        boolean slower = roundSamples > HYSTART_SAMPLES && roundLeastNanos > leastRoundTripNanos + toleranceNanos;
        boolean full = trainEndNanos - trainBeginNanos > leastRoundTripNanos / 2;
        if (window >= HYSTART_LEAST_SEGMENTS && (slower || full)) {
            threshold = window;
        }
    }

    private void grow(double segments, long rttNanos, long nowNanos) {
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

    /** What may be under way after an acknowledgement in recovery. */
    private void reduce(AckReport ack) {
        if (ack.arrived == 0 && !ack.advanced) {
            return;
        }
        arrivedInRecovery += ack.arrived;
        double allowed;
        if (threshold < ack.underWay) {
            allowed = Math.ceil(threshold * arrivedInRecovery / windowBeforeRecovery) - sentInRecovery;
        } else {
            double answer = Math.max(arrivedInRecovery - sentInRecovery, ack.arrived);
            answer += ack.advanced && ack.newlyLost == 0 ? 1 : 0;
            allowed = Math.min(threshold - ack.underWay, answer);
        }
        window = ack.underWay + Math.max(allowed, sentInRecovery == 0 ? 1 : 0); // the first re-send goes at once
    }

    private void cut() {
        priorWindow = window;
        priorThreshold = threshold;
        maxWindow = window < maxWindow ? window * (1 + BETA) / 2 : window; // fast convergence, section 4.7
        window = Math.max(LEAST_SEGMENTS, window * BETA);
        threshold = window;
        epochBegun = false;
    }

    private void beginEpoch(long nowNanos) {
        epochBegun = true;
        epochNanos = nowNanos;
        reno = window;
        maxWindow = Math.max(maxWindow, window);
        originNanos = StrictMath.cbrt((maxWindow - window) / C) * Rates.NANOS_PER_SECOND;
    }
}
