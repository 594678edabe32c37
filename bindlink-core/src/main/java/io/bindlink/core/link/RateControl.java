package io.bindlink.core.link;

import io.bindlink.core.base.Rates;
import io.bindlink.core.link.QueueEstimate.Pace;

/**
 * Congestion control by rate of delivery and one-way delay; loss is not congestion, since radio loses packets at any rate.
 * Confined to its session.
 *
 * <pre>
 * START   doubles each round trip, until a queue shows or the rate grows no more
 * CRUISE  paces at the rate
 * PROBE   now and then, a little faster for a moment, and START again when that succeeds
 * DRAIN   slower, until the queue that showed is gone; the rate is what was delivered meanwhile
 * </pre>
 *
 * The rate is the greatest delivered lately. While a queue stands, the link is busy and what it delivers is what it can:
 * then the estimate may fall at once. Delay that does not fall when the sender slows down is not our queue but the path's,
 * and becomes the new base.
 */
public final class RateControl implements CongestionControl {
    private enum Phase {
        START,
        CRUISE,
        PROBE,
        DRAIN
    }

    private static final long MILLI = Rates.NANOS_PER_MILLI;
    private static final int START_DATAGRAMS = 10; // RFC 6928
    private static final long START_SPAN_NANOS = 100 * MILLI; // over which they are spread, or over a round trip
    private static final long MIN_START_SPAN_NANOS = 10 * MILLI;
    private static final int MAX_START_ERROR = 10;
    private static final double START_GAIN = 2;
    private static final double START_GROWTH = 1.25;
    private static final int START_FLAT_ROUNDS = 3;
    private static final int START_UNJUDGED_ROUNDS = 16; // in which the source left pauses
    private static final double PROBE_GAIN = 1.25;
    private static final int PROBE_JITTERS = 6;
    private static final int START_SUCCESSES = 2;
    private static final double PROBE_SUCCESS = 1.05;
    private static final long MIN_PROBE_INTERVAL_NANOS = 500 * MILLI;
    private static final long MAX_PROBE_INTERVAL_NANOS = 1000 * MILLI;
    private static final double DRAIN_GAIN = 0.7;
    private static final double DEEP_DRAIN_GAIN = 0.5;
    private static final long DEEP_QUEUE_NANOS = 100 * MILLI;
    private static final int MAX_VAIN_DRAINS = 3;
    private static final double EASE_GAIN = 0.95; // a small queue is worn away
    private static final long MIN_SPAN_NANOS = 20 * MILLI;
    private static final long MIN_QUEUE_SPAN_NANOS = 40 * MILLI; // a busy machine is no queue
    private static final long MAX_SPAN_NANOS = 60 * MILLI; // a round trip, but not all of a long one
    private static final long MAX_SLOW_SPAN_NANOS = 500 * MILLI;
    private static final int SPAN_DATAGRAMS = 8;
    private static final int SPAN_JITTERS = 12;
    private static final long MIN_TARGET_NANOS = 3 * MILLI;
    private static final int TARGET_DATAGRAMS = 2;
    private static final long WINDOW_SLACK_NANOS = 20 * MILLI; // late acknowledgements and timers
    private static final double WINDOW_SHARE = 1.25;
    private static final long RATE_MEMORY_NANOS = 2 * Rates.NANOS_PER_SECOND;
    private static final long BASE_UNSEEN_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final double MAX_LOSS = 0.1; // beyond that, sending more to make up for it is no good

    private final QueueEstimate queue = new QueueEstimate();
    private final WindowedMin negativeRates = new WindowedMin(64, 50 * MILLI); // the least is the greatest rate

    private int datagramBytes = MtuSearch.BASE_BYTES;
    private Phase phase = Phase.START;
    private double gain = 1;
    private long rate = Rates.rate(START_DATAGRAMS * (long) datagramBytes, START_SPAN_NANOS);
    private long rttNanos = START_SPAN_NANOS;
    private double lossRatio;
    private boolean started;
    private long deliveredBytes; // until then
    private boolean proven; // the rate was measured under load, not assumed
    private long cruiseSinceNanos;
    private long baseSeenNanos; // when the path last held next to no queue
    private long limitedNanos; // when last less was sent than the link was thought to take

    private long roundSentNanos; // START
    private long roundRate;
    private int flatRounds;
    private int unjudgedRounds;

    private long phaseEndNanos; // PROBE and DRAIN
    private boolean verdictDue;
    private long rateBeforeProbe;
    private int successes;
    private long nextProbeNanos;
    private long effectSentNanos; // packets sent later show what the last drain did
    private boolean effectDue;
    private long drainedQueueNanos;
    private int vainDrains;
    private long rateBeforeDrains;

    /** A control that knows nothing of its link yet. */
    public RateControl() {}

    // ---- events ----

    @Override
    public void datagramBytes(int bytes) {
        datagramBytes = bytes;
    }

    @Override
    public void onSent(long nowNanos, int bytes, long inFlightBytes) {
        if (phase == Phase.PROBE && nowNanos - phaseEndNanos >= 0) {
            cruise(nowNanos);
            phaseEndNanos = nowNanos;
        } else if (phase == Phase.DRAIN && (nowNanos - phaseEndNanos >= 0 || inFlightBytes <= drainedBytes())) {
            endDrain(nowNanos);
        }
    }

    @Override
    public void onAcked(AckSample sample) {
        begin(sample);
        rttNanos = sample.rttNanos();
        lossRatio = sample.lossRatio();
        if (sample.appLimited() || gain < 1) {
            limitedNanos = sample.nowNanos();
        }
        updateQueue(sample);
        updateRate(sample);
        switch (phase) {
            case START -> onStart(sample);
            case CRUISE -> onCruise(sample);
            case PROBE -> brakeIfQueued(sample);
            case DRAIN -> {
                if (sample.inFlightBytes() <= drainedBytes()) {
                    endDrain(sample.nowNanos());
                }
            }
        }
    }

    @Override
    public void onLost(long nowNanos, long bytes) {
        // Radio loses packets at any rate; a full queue shows by its delay.
    }

    @Override
    public void onRestart(long nowNanos) {
        rate = Math.max(rate / 2, Rates.rate(datagramBytes, START_SPAN_NANOS));
        queue.clear();
        negativeRates.clear();
        startAgain();
        gain = 1;
        verdictDue = false;
        effectDue = false;
        vainDrains = 0;
    }

    /** The clock's zero is anywhere: the first time seen stands for all that has not happened yet. */
    private void begin(AckSample sample) {
        if (!started) {
            long nowNanos = sample.nowNanos();
            started = true;
            long span = Math.min(START_SPAN_NANOS, Math.max(MIN_START_SPAN_NANOS, sample.rttNanos()));
            rate = Rates.rate(START_DATAGRAMS * (long) datagramBytes, span);
            cruiseSinceNanos = nowNanos;
            baseSeenNanos = nowNanos;
            limitedNanos = nowNanos;
            roundSentNanos = nowNanos;
            nextProbeNanos = nowNanos;
            effectSentNanos = nowNanos;
        }
    }

    // ---- estimates ----

    private void updateQueue(AckSample sample) {
        boolean steady = phase == Phase.CRUISE && sample.sentNanos() - cruiseSinceNanos >= 0;
        Pace pace = phase == Phase.START ? Pace.RISING : steady ? Pace.STEADY : Pace.CHANGING;
        queue.add(sample, pace, queueSpanNanos());
        if (!queueExceeds(0.5)) {
            baseSeenNanos = sample.nowNanos();
        }
    }

    private void updateRate(AckSample sample) {
        long sampled = sample.rateBytesPerSecond();
        if (sampled == 0) {
            return;
        }
        long now = sample.nowNanos();
        deliveredBytes += proven ? 0 : sample.deliveredBytes();
        negativeRates.add(-sampled, now);
        if (!proven && !isIdle(sample) && deliveredBytes >= SPAN_DATAGRAMS * (long) datagramBytes) {
            proven = true;
            rate = Math.max(sampled, rate / MAX_START_ERROR); // a first sample may still span a lonely probe
        } else if (sampled > rate) {
            rate = sampled;
        } else if (phase != Phase.START && now - limitedNanos >= memoryNanos()) {
            rate = -negativeRates.least(now, memoryNanos());
        }
    }

    private void replaceRate(long measured, long nowNanos) {
        rate = Math.max(measured, Rates.rate(datagramBytes, MAX_SLOW_SPAN_NANOS));
        negativeRates.clear();
        negativeRates.add(-rate, nowNanos);
    }

    private long memoryNanos() {
        return Math.min(RATE_MEMORY_NANOS, 8 * Math.max(rttNanos, rateSpanNanos()));
    }

    /** At the start a queue must be noticed soon; later jitter must not be taken for one. */
    private long queueSpanNanos() {
        return phase == Phase.START ? MIN_QUEUE_SPAN_NANOS : Math.max(MIN_QUEUE_SPAN_NANOS, rateSpanNanos());
    }

    /** The queue to aim at: below that, timers and whole packets are all there is to see. */
    private long targetNanos() {
        return Math.max(MIN_TARGET_NANOS, Rates.nanosFor(TARGET_DATAGRAMS * (long) datagramBytes, rate));
    }

    private boolean queueExceeds(double targets) {
        return queue.exceeds(targets, targetNanos());
    }

    /** What is in flight when the path holds no queue. */
    private long drainedBytes() {
        return Rates.bytesIn(queue.baseRttNanos() + 2 * queue.jitterNanos(), rate) + 2L * datagramBytes;
    }

    // ---- START ----

    private void startAgain() {
        phase = Phase.START;
        roundRate = 0;
        flatRounds = 0;
        unjudgedRounds = 0;
        successes = 0;
    }

    private void onStart(AckSample sample) {
        if (sample.rateBytesPerSecond() == 0) {
            return;
        }
        gain = START_GAIN;
        if (queueExceeds(2)) {
            drain(sample);
            nextProbeNanos = sample.nowNanos(); // in case it was jitter
            return;
        }
        if (sample.sentNanos() - roundSentNanos < 0) {
            return;
        }
        roundSentNanos = sample.nowNanos() + rateSpanNanos();
        if (sample.appLimited()) {
            if (proven && ++unjudgedRounds >= START_UNJUDGED_ROUNDS) {
                cruise(sample.nowNanos());
                nextProbeNanos = sample.nowNanos() + probeIntervalNanos();
            }
            return;
        }
        if (rate >= roundRate * START_GROWTH) {
            roundRate = rate;
            flatRounds = 0;
        } else if (++flatRounds >= START_FLAT_ROUNDS) {
            drain(sample);
        }
    }

    // ---- CRUISE and PROBE ----

    private void cruise(long nowNanos) {
        phase = Phase.CRUISE;
        cruiseSinceNanos = nowNanos;
        gain = 1;
    }

    private void onCruise(AckSample sample) {
        if (verdictDue && sample.sentNanos() - phaseEndNanos >= 0) {
            judgeProbe(sample);
        }
        gain = queueExceeds(0.5) ? EASE_GAIN : 1;
        if (brakeIfQueued(sample) || isIdle(sample) || sample.rateBytesPerSecond() == 0) {
            return;
        }
        if (sample.nowNanos() - baseSeenNanos >= BASE_UNSEEN_NANOS) {
            baseSeenNanos = sample.nowNanos();
            drain(sample);
        } else if (!verdictDue && sample.nowNanos() - nextProbeNanos >= 0 && !queueExceeds(1)) {
            probe(sample.nowNanos());
        }
    }

    /** Whether the source has no use for a higher rate. */
    private static boolean isIdle(AckSample sample) {
        return sample.appLimited() && !sample.constrained();
    }

    private void probe(long nowNanos) {
        phase = Phase.PROBE;
        gain = PROBE_GAIN;
        rateBeforeProbe = rate;
        verdictDue = true;
        phaseEndNanos = nowNanos + rateSpanNanos() + PROBE_JITTERS * queue.jitterNanos(); // to see the whole of a span
    }

    /**
     * A source that leaves pauses never shows what the link can do. When it is held up all the same, no queue is the best
     * proof there is.
     */
    private void judgeProbe(AckSample sample) {
        long nowNanos = sample.nowNanos();
        verdictDue = false;
        double doubt = (double) queue.jitterNanos() / rateSpanNanos();
        boolean unseen = sample.appLimited() && sample.constrained() && !queueExceeds(1);
        if (unseen || rate > rateBeforeProbe * (PROBE_SUCCESS + doubt)) {
            if (++successes >= START_SUCCESSES) {
                startAgain();
            }
            nextProbeNanos = nowNanos;
        } else {
            successes = 0;
            nextProbeNanos = nowNanos + probeIntervalNanos();
        }
    }

    private long probeIntervalNanos() {
        return Math.min(MAX_PROBE_INTERVAL_NANOS, Math.max(MIN_PROBE_INTERVAL_NANOS, 8 * rttNanos));
    }

    // ---- DRAIN ----

    private boolean brakeIfQueued(AckSample sample) {
        if (sample.sentNanos() - effectSentNanos < 0 || sample.rateBytesPerSecond() == 0) {
            return false;
        }
        if (effectDue) {
            effectDue = false;
            judgeDrain(sample.nowNanos());
        }
        if (!queueExceeds(2)) {
            return false;
        }
        drain(sample);
        if (!sample.appLimited()) { // it is busy: this is what it can
            double doubt = vainDrains == 0 ? (double) queue.jitterNanos() / rateSpanNanos() : 0;
            replaceRate(Math.min(rate, (long) (sample.rateBytesPerSecond() * (1 + doubt))), sample.nowNanos());
        }
        return true;
    }

    /** Slowing down again and again without effect: the delay is the path's own. */
    private void judgeDrain(long nowNanos) {
        if (!queueExceeds(2) || queue.queueNanos() < drainedQueueNanos * 3 / 4) {
            vainDrains = 0;
        } else if (++vainDrains >= MAX_VAIN_DRAINS) {
            vainDrains = 0;
            queue.rebase(queueSpanNanos(), nowNanos);
            replaceRate(rateBeforeDrains, nowNanos);
        }
    }

    private void drain(AckSample sample) {
        long now = sample.nowNanos();
        if (vainDrains == 0) {
            rateBeforeDrains = rate;
        }
        phase = Phase.DRAIN;
        verdictDue = false;
        successes = 0;
        drainedQueueNanos = queue.queueNanos();
        long excessNanos = Rates.nanosFor(Math.max(0, sample.inFlightBytes() - drainedBytes()), rate);
        gain = excessNanos > DEEP_QUEUE_NANOS ? DEEP_DRAIN_GAIN : DRAIN_GAIN;
        // Half as long again as the excess takes: by then it is gone, if it was a queue.
        phaseEndNanos = now + (long) (1.5 * excessNanos / (1 - gain)) + rateSpanNanos();
        nextProbeNanos = now + probeIntervalNanos();
    }

    private void endDrain(long nowNanos) {
        cruise(nowNanos);
        effectDue = true;
        effectSentNanos = nowNanos + queueSpanNanos();
    }

    // ---- figures ----

    @Override
    public long rateSpanNanos() {
        long span = Math.min(MAX_SPAN_NANOS, Math.max(MIN_SPAN_NANOS, rttNanos));
        long datagrams = Rates.nanosFor(SPAN_DATAGRAMS * (long) datagramBytes, rate);
        long jitters = SPAN_JITTERS * queue.jitterNanos();
        return Math.max(span, Math.max(Math.min(datagrams, MAX_SLOW_SPAN_NANOS), jitters));
    }

    @Override
    public long windowBytes() {
        if (!proven) {
            return START_DATAGRAMS * (long) datagramBytes;
        }
        double share = phase == Phase.START ? START_GAIN : Math.max(WINDOW_SHARE, gain);
        long span = queue.baseRttNanos() + WINDOW_SLACK_NANOS + 4 * queue.jitterNanos();
        long least = phase == Phase.START ? START_DATAGRAMS : SPAN_DATAGRAMS;
        return least * datagramBytes + (long) (share * Rates.bytesIn(span, rate));
    }

    @Override
    public long pacingBytesPerSecond() {
        double makeUp = queueExceeds(1) ? 1 : 1 / (1 - Math.min(lossRatio, MAX_LOSS));
        return Math.max(1, (long) (rate * gain * makeUp));
    }

    @Override
    public long rateBytesPerSecond() {
        return Math.max(1, rate);
    }

    @Override
    public long queueNanos() {
        return queue.queueNanos();
    }
}
