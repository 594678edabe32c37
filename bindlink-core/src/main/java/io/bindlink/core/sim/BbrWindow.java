package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.random.RandomGenerator;

/*
 * BBR version 1 as in Linux's tcp_bbr.c (Cardwell and others, "BBR: Congestion-Based Congestion Control", 2016).
 *
 *     rate = greatest sample of ten round trips, least = least round trip of ten seconds
 *     pace = gain * rate * 99 %,    window = 2 * rate * least + what acknowledgements bunch + three bursts
 *
 * STARTUP doubles the rate each round trip until three brought less than a quarter more; DRAIN lets the queue go; PROBE_BW
 * tries 1.25, then 0.75, then six times 1, each for one least round trip; PROBE_RTT goes down to four segments for 200 ms
 * when the least round trip is ten seconds old. Loss costs nothing but one round trip of sending only what arrives. Left out:
 * the detection of policers by long-term sampling, and the restart after idleness, since the sender always has data.
 */

/** Congestion window that goes by the rate of delivery and the least round trip. Confined to its sender. */
final class BbrWindow implements SendingWindow {
    private static final double INITIAL_SEGMENTS = 10;
    private static final double LEAST_SEGMENTS = 4;
    private static final double MAX_SEGMENTS = 24_000; // 32 MB, the lab's tcp_wmem
    private static final double HIGH_GAIN = 2885 / 1000.0; // 2 / ln 2
    private static final double DRAIN_GAIN = 1000 / 2885.0;
    private static final double WINDOW_GAIN = 2;
    private static final double[] CYCLE = {1.25, 0.75, 1, 1, 1, 1, 1, 1};
    private static final double PACING_MARGIN = 0.99;
    private static final double FULL_GROWTH = 1.25;
    private static final int FULL_ROUNDS = 3;
    private static final long LEAST_ROUND_TRIP_KEPT_NANOS = 10 * Rates.NANOS_PER_SECOND;
    private static final long PROBE_NANOS = 200 * Rates.NANOS_PER_MILLI;
    private static final long FIRST_ROUND_TRIP_NANOS = Rates.NANOS_PER_MILLI; // before any is known
    private static final double SMALL_PACE_BYTES = 1.2e6 / 8; // below it segments leave one by one
    private static final double BURST_SECONDS = 1 / 1024.0; // of its pace; tcp_tso_autosize
    private static final int MOST_BURST_BYTES = 65_536;

    private final int segmentBytes;
    private final RandomGenerator random;
    private final DeliverySamples samples;
    private final RoundMaximum rate = new RoundMaximum();
    private final AckBunching bunching = new AckBunching();
    private Mode mode = Mode.STARTUP;
    private double window = INITIAL_SEGMENTS;
    private double pace;
    private boolean paceKnown; // from a round trip
    private double paceGain = HIGH_GAIN;
    private double windowGain = HIGH_GAIN;
    private long leastNanos = Long.MAX_VALUE;
    private long leastSinceNanos;
    private boolean roundBegins;
    private long rounds;
    private long roundEnd; // arrivals in all that end the round trip under way
    private double fullRate;
    private int fullRounds;
    private int cycle;
    private long cycleNanos;
    private long probeEndNanos; // 0: the window has not come down yet
    private boolean probeRound;
    private double priorWindow; // before recovery, or the probe for the least round trip
    private boolean conserving;
    private AckReport.State lastState = AckReport.State.OPEN;

    /** What it is about. */
    enum Mode {
        STARTUP,
        DRAIN,
        PROBE_BW,
        PROBE_RTT
    }

    BbrWindow(int segmentBytes, DeliverySamples samples, RandomGenerator random) {
        this.segmentBytes = segmentBytes;
        this.samples = samples;
        this.random = random;
        this.pace = HIGH_GAIN * INITIAL_SEGMENTS * Rates.NANOS_PER_SECOND / FIRST_ROUND_TRIP_NANOS;
    }

    @Override
    public double segments() {
        return window;
    }

    @Override
    public double pace() {
        return pace;
    }

    @Override
    public int burstSegments() {
        int least = pace * segmentBytes < SMALL_PACE_BYTES ? 1 : 2;
        int most = MOST_BURST_BYTES / segmentBytes;
        return Math.max(least, Math.min(most, (int) (pace * BURST_SECONDS)));
    }

    @Override
    public void onSent() {
        // the samples see it
    }

    @Override
    public void onAcked(AckReport ack) {
        updateRate(ack);
        bunching.onAcked(ack, rate.value(), window, roundBegins);
        updateCycle(ack);
        checkFull(ack);
        checkDrained(ack);
        updateLeast(ack);
        updateGains();
        updatePace(ack);
        updateWindow(ack);
    }

    @Override
    public void onRecovery(int underWay) {
        saveWindow();
    }

    @Override
    public void onRecoveryEnd() {
        // it sees the state change
    }

    @Override
    public void onUndo() {
        fullRate = 0; // a spurious slowdown may have looked like a full pipe
        fullRounds = mode == Mode.STARTUP ? 0 : fullRounds;
    }

    @Override
    public void onTimeout(boolean first, int underWay) {
        if (first) {
            saveWindow();
        }
        lastState = AckReport.State.LOSS;
        fullRate = 0;
        roundBegins = true;
        window = underWay + 1.0;
    }

    Mode mode() {
        return mode;
    }

    private void updateRate(AckReport ack) {
        roundBegins = false;
        if (!ack.sampled) {
            return;
        }
        if (ack.arrivedBeforeSample >= roundEnd) {
            roundEnd = ack.arrivedInAll;
            rounds++;
            roundBegins = true;
            conserving = false;
        }
        double sample = ack.sampleSegments * (double) Rates.NANOS_PER_SECOND / ack.sampleNanos;
        if (!ack.sampleLimited || sample >= rate.value()) {
            rate.add(rounds, sample);
        }
    }

    private void updateCycle(AckReport ack) {
        if (mode != Mode.PROBE_BW) {
            return;
        }
        boolean whole = ack.nowNanos - cycleNanos > leastNanos;
        boolean next = whole;
        if (paceGain > 1) {
            next = whole && (ack.newlyLost > 0 || ack.underWayBefore >= inflight(paceGain));
        } else if (paceGain < 1) {
            next = whole || ack.underWayBefore <= inflight(1);
        }
        if (next) {
            advanceCycle(ack.nowNanos);
        }
    }

    private void advanceCycle(long nowNanos) {
        cycle = (cycle + 1) % CYCLE.length;
        cycleNanos = nowNanos;
    }

    private boolean full() {
        return fullRounds >= FULL_ROUNDS;
    }

    private void checkFull(AckReport ack) {
        if (full() || !roundBegins || ack.sampleLimited) {
            return;
        }
        if (rate.value() >= fullRate * FULL_GROWTH) {
            fullRate = rate.value();
            fullRounds = 0;
        } else {
            fullRounds++;
        }
    }

    private void checkDrained(AckReport ack) {
        if (mode == Mode.STARTUP && full()) {
            mode = Mode.DRAIN;
        }
        if (mode == Mode.DRAIN && ack.underWay <= inflight(1)) {
            beginCycle(ack.nowNanos);
        }
    }

    /** Anywhere in the cycle but where it drains. */
    private void beginCycle(long nowNanos) {
        mode = Mode.PROBE_BW;
        cycle = CYCLE.length - 1 - random.nextInt(CYCLE.length - 1);
        advanceCycle(nowNanos);
    }

    private void updateLeast(AckReport ack) {
        boolean expired = leastNanos != Long.MAX_VALUE && ack.nowNanos - leastSinceNanos > LEAST_ROUND_TRIP_KEPT_NANOS;
        if (ack.roundTripNanos > 0 && (ack.roundTripNanos < leastNanos || expired)) {
            leastNanos = ack.roundTripNanos;
            leastSinceNanos = ack.nowNanos;
        }
        if (expired && mode != Mode.PROBE_RTT) {
            mode = Mode.PROBE_RTT;
            saveWindow();
            probeEndNanos = 0;
        }
        if (mode == Mode.PROBE_RTT) {
            probe(ack);
        }
    }

    private void probe(AckReport ack) {
        samples.onLimited(ack.underWay);
        if (probeEndNanos == 0) {
            if (ack.underWay <= LEAST_SEGMENTS) {
                probeEndNanos = ack.nowNanos + PROBE_NANOS;
                probeRound = false;
                roundEnd = ack.arrivedInAll;
            }
            return;
        }
        probeRound |= roundBegins;
        if (probeRound && ack.nowNanos > probeEndNanos) {
            leastSinceNanos = ack.nowNanos;
            window = Math.max(window, priorWindow);
            if (full()) {
                beginCycle(ack.nowNanos);
            } else {
                mode = Mode.STARTUP;
            }
        }
    }

    private void updateGains() {
        switch (mode) {
            case STARTUP -> setGains(HIGH_GAIN, HIGH_GAIN);
            case DRAIN -> setGains(DRAIN_GAIN, HIGH_GAIN);
            case PROBE_BW -> setGains(CYCLE[cycle], WINDOW_GAIN);
            case PROBE_RTT -> setGains(1, 1);
        }
    }

    private void setGains(double ofPace, double ofWindow) {
        paceGain = ofPace;
        windowGain = ofWindow;
    }

    private void updatePace(AckReport ack) {
        if (!paceKnown && ack.smoothedRoundTripNanos > 0) {
            paceKnown = true;
            pace = HIGH_GAIN * window * Rates.NANOS_PER_SECOND / ack.smoothedRoundTripNanos;
        }
        double newPace = rate.value() * paceGain * PACING_MARGIN;
        if (full() || newPace > pace) {
            pace = Math.max(newPace, 1);
        }
    }

    private void updateWindow(AckReport ack) {
        if (ack.arrived > 0 && !followsRecovery(ack)) {
            double target = withBursts(product(windowGain) + (full() ? bunching.segments(rate.value()) : 0));
            if (full()) {
                window = Math.min(window + ack.arrived, target);
            } else if (window < target || ack.arrivedInAll < INITIAL_SEGMENTS) {
                window += ack.arrived;
            }
            window = Math.max(window, LEAST_SEGMENTS);
        }
        window = Math.min(window, MAX_SEGMENTS);
        if (mode == Mode.PROBE_RTT) {
            window = Math.min(window, LEAST_SEGMENTS);
        }
    }

    /** In the first round trip of a recovery no more is sent than arrives; true while that holds. */
    private boolean followsRecovery(AckReport ack) {
        window = Math.max(1, window - ack.newlyLost);
        boolean recovering = ack.state == AckReport.State.RECOVERY;
        if (recovering && lastState != AckReport.State.RECOVERY) {
            conserving = true;
            roundEnd = ack.arrivedInAll;
            window = ack.underWay + ack.arrived;
        } else if (lastState != AckReport.State.OPEN && ack.state == AckReport.State.OPEN) {
            window = Math.max(window, priorWindow);
            conserving = false;
        }
        lastState = ack.state;
        if (conserving) {
            window = Math.max(window, ack.underWay + ack.arrived);
        }
        return conserving;
    }

    private void saveWindow() {
        priorWindow =
                lastState == AckReport.State.OPEN && mode != Mode.PROBE_RTT ? window : Math.max(priorWindow, window);
    }

    private double inflight(double gain) {
        return withBursts(product(gain));
    }

    private double product(double gain) {
        return leastNanos == Long.MAX_VALUE
                ? INITIAL_SEGMENTS
                : Math.ceil(rate.value() * leastNanos / Rates.NANOS_PER_SECOND * gain);
    }

    private double withBursts(double segments) {
        double even = Math.ceil((segments + 3 * burstSegments()) / 2) * 2;
        return even + (mode == Mode.PROBE_BW && cycle == 0 ? 2 : 0);
    }
}
