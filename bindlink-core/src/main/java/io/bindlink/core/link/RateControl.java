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
    private static final double START_GAIN = 2;
    private static final double PROBE_GAIN = 1.25;
    private static final int PROBE_JITTERS = 6;
    private static final double EASE_GAIN = 0.95; // a small queue is worn away
    private static final long MIN_SPAN_NANOS = 20 * MILLI;
    private static final long MIN_QUEUE_SPAN_NANOS = 40 * MILLI; // a busy machine is no queue
    private static final long MAX_SPAN_NANOS = 60 * MILLI; // a round trip, but not all of a long one
    private static final long MAX_SLOW_SPAN_NANOS = 500 * MILLI;
    private static final int SPAN_DATAGRAMS = 8;
    private static final int SPAN_JITTERS = 12;
    private static final long MIN_TARGET_NANOS = 3 * MILLI;
    private static final int TARGET_DATAGRAMS = 2;
    private static final int BUSY_TARGETS = 8; // with what jitter adds, more than any swing of the path
    private static final long WINDOW_SLACK_NANOS = 20 * MILLI; // late acknowledgements and timers
    private static final double WINDOW_SHARE = 1.25;
    private static final int WINDOW_JITTERS = 2;
    private static final long RATE_MEMORY_NANOS = 2 * Rates.NANOS_PER_SECOND;
    private static final long BASE_UNSEEN_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final long PROVEN_NANOS = 60 * Rates.NANOS_PER_SECOND; // a radio's cell is another after that
    private static final double MAX_LOSS = 0.1; // beyond that, sending more to make up for it is no good

    private final QueueEstimate queue = new QueueEstimate();
    private final RateEstimate estimate =
            new RateEstimate(Rates.rate(START_DATAGRAMS * (long) MtuSearch.BASE_BYTES, START_SPAN_NANOS));
    private final StartRounds rounds = new StartRounds();
    private final ProbePlan probing = new ProbePlan();
    private final DrainPlan drain = new DrainPlan();
    private final Recovery recovery = new Recovery();

    private int datagramBytes = MtuSearch.BASE_BYTES;
    private Phase phase = Phase.START;
    private double gain = 1;
    private long rttNanos = START_SPAN_NANOS;
    private double lossRatio;
    private boolean started;
    private long cruiseSinceNanos;
    private long baseSeenNanos; // when the path last held next to no queue
    private boolean loaded; // ever
    private long loadedNanos; // when the source last had use for all the link gives
    private long limitedNanos; // when last less was sent than the link was thought to take

    /** A control that knows nothing of its link yet. */
    public RateControl() {}

    // ---- events ----

    @Override
    public void datagramBytes(int bytes) {
        datagramBytes = bytes;
        estimate.datagramBytes(bytes);
    }

    @Override
    public void onSent(long nowNanos, int bytes, long inFlightBytes) {
        if (phase == Phase.PROBE && probing.over(nowNanos)) {
            cruise(nowNanos);
            probing.end(nowNanos);
        } else if (phase == Phase.DRAIN && (drain.due(nowNanos) || inFlightBytes <= drainedBytes())) {
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
        estimate.halve();
        queue.clear();
        drain.clear(nowNanos);
        start(nowNanos);
        gain = 1; // until the first sample
    }

    /** The clock's zero is anywhere: the first time seen stands for all that has not happened yet. */
    private void begin(AckSample sample) {
        if (started) {
            return;
        }
        long nowNanos = sample.nowNanos();
        started = true;
        long span = Math.min(START_SPAN_NANOS, Math.max(MIN_START_SPAN_NANOS, sample.rttNanos()));
        estimate.assume(Rates.rate(START_DATAGRAMS * (long) datagramBytes, span));
        cruiseSinceNanos = nowNanos;
        baseSeenNanos = nowNanos;
        limitedNanos = nowNanos;
        probing.next(nowNanos);
        rounds.begin(nowNanos);
        drain.clear(nowNanos);
        recovery.clear(nowNanos);
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
        long now = sample.nowNanos();
        boolean mayFall = phase != Phase.START && now - limitedNanos >= memoryNanos();
        if (isLoaded(sample)) {
            loadedNanos = now;
            loaded = true;
        }
        estimate.add(sample, isIdle(sample), mayFall, SPAN_DATAGRAMS * (long) datagramBytes, memoryNanos());
        if (phase != Phase.START && queueExceeds(BUSY_TARGETS)) {
            followBusyLink(sample);
        }
        estimate.remember(now);
    }

    /** A queue stood all the while: what arrived is what the link can, however much was sent. */
    private void followBusyLink(AckSample sample) {
        long arrived = sample.arrivalBytesPerSecond();
        double doubt = Math.min(1, doubt());
        if (arrived * (1 + doubt) < rate() && arrived > 0) {
            estimate.replace((long) (arrived * (1 + doubt)), sample.nowNanos());
        } else if (arrived * (1 - doubt) > rate()) {
            estimate.replace((long) (arrived * (1 - doubt)), sample.nowNanos());
        }
    }

    /** By what share jitter may falsify a sample of the rate. */
    private double doubt() {
        return (double) queue.jitterNanos() / sampleNanos();
    }

    private long rate() {
        return estimate.bytesPerSecond();
    }

    private long memoryNanos() {
        return Math.min(RATE_MEMORY_NANOS, 8 * Math.max(rttNanos, sampleNanos()));
    }

    /** At the start a queue must be noticed soon; later jitter must not be taken for one. */
    private long queueSpanNanos() {
        return phase == Phase.START ? MIN_QUEUE_SPAN_NANOS : Math.max(MIN_QUEUE_SPAN_NANOS, sampleNanos());
    }

    /** The queue to aim at: below that, timers and whole packets are all there is to see. */
    private long targetNanos() {
        return Math.max(MIN_TARGET_NANOS, Rates.nanosFor(TARGET_DATAGRAMS * (long) datagramBytes, rate()));
    }

    private boolean queueExceeds(double targets) {
        return queue.exceeds(targets, targetNanos());
    }

    /** What is in flight when the path holds no queue. */
    private long drainedBytes() {
        return Rates.bytesIn(queue.baseRttNanos() + 2 * queue.jitterNanos(), rate()) + 2L * datagramBytes;
    }

    // ---- START ----

    private void start(long nowNanos) {
        phase = Phase.START;
        gain = START_GAIN;
        probing.cancel();
        rounds.begin(nowNanos);
    }

    private void onStart(AckSample sample) {
        if (sample.rateBytesPerSecond() == 0) {
            return;
        }
        gain = START_GAIN;
        if (queueExceeds(2)) {
            endStart(sample);
            probing.next(sample.nowNanos()); // in case it was jitter
            return;
        }
        switch (rounds.judge(sample, estimate, sampleNanos())) {
            case FULL -> endStart(sample);
            case UNUSED -> {
                cruise(sample.nowNanos());
                postponeProbe(sample.nowNanos());
            }
            case OPEN -> {}
        }
    }

    private void endStart(AckSample sample) {
        recovery.onStartEnded(sample.nowNanos(), rate());
        drain(sample);
    }

    // ---- CRUISE and PROBE ----

    private void cruise(long nowNanos) {
        phase = Phase.CRUISE;
        cruiseSinceNanos = nowNanos;
        gain = 1;
    }

    private void onCruise(AckSample sample) {
        long now = sample.nowNanos();
        if (probing.verdictDue() && probing.over(sample.sentNanos())) {
            judgeProbe(sample);
        }
        gain = queueExceeds(0.5) ? EASE_GAIN : 1;
        if (brakeIfQueued(sample) || isIdle(sample) || sample.rateBytesPerSecond() == 0) {
            return;
        }
        if (!probing.verdictDue() && !queueExceeds(1) && estimate.isLow(now) && recovery.due(now)) {
            recovery.onStart(rate());
            start(now);
        } else if (now - baseSeenNanos >= BASE_UNSEEN_NANOS) {
            baseSeenNanos = now;
            drain(sample);
        } else if (probing.due(now) && !queueExceeds(1)) {
            probe(now);
        }
    }

    /** Whether the source has no use for a higher rate. */
    private static boolean isIdle(AckSample sample) {
        return sample.appLimited() && !sample.constrained();
    }

    /**
     * Whether it brought about as much as the link can. That some packet had to wait is no proof, nor is a rate that is
     * still growing.
     */
    private boolean isLoaded(AckSample sample) {
        long sampled = sample.rateBytesPerSecond();
        return phase != Phase.START
                && sampled > 0
                && (!sample.appLimited() || (sample.constrained() && sampled >= rate() / 2));
    }

    private void probe(long nowNanos) {
        phase = Phase.PROBE;
        gain = PROBE_GAIN;
        long length = sampleNanos() + PROBE_JITTERS * queue.jitterNanos(); // to see the whole of a span
        probing.begin(nowNanos, rate(), length);
    }

    /**
     * A source that leaves pauses never shows what the link can do. When it is held up all the same, no queue is the best
     * proof there is.
     */
    private void judgeProbe(AckSample sample) {
        long nowNanos = sample.nowNanos();
        boolean unseen = sample.appLimited() && sample.constrained() && !queueExceeds(1);
        if (!probing.judge(rate(), doubt(), unseen)) {
            postponeProbe(nowNanos);
            return;
        }
        if (probing.succeedsAgain()) {
            start(nowNanos);
        }
        probing.next(nowNanos);
    }

    private void postponeProbe(long nowNanos) {
        probing.postpone(nowNanos, rttNanos, estimate.isBelowUsual(nowNanos));
    }

    // ---- DRAIN ----

    private boolean brakeIfQueued(AckSample sample) {
        if (!drain.shows(sample.sentNanos()) || sample.rateBytesPerSecond() == 0) {
            return false;
        }
        if (drain.inVain(queueExceeds(2), queue.queueNanos())) { // the delay is the path's own
            queue.rebase(queueSpanNanos(), sample.nowNanos());
            estimate.replace(drain.rateBefore(), sample.nowNanos());
        }
        if (!queueExceeds(2)) {
            return false;
        }
        drain(sample);
        if (!sample.appLimited()) { // it is busy: this is what it can
            double doubt = drain.effective() ? doubt() : 0;
            long delivered = (long) (sample.rateBytesPerSecond() * (1 + doubt));
            estimate.replace(Math.min(rate(), delivered), sample.nowNanos());
        }
        return true;
    }

    private void drain(AckSample sample) {
        long now = sample.nowNanos();
        long excessNanos = Rates.nanosFor(Math.max(0, sample.inFlightBytes() - drainedBytes()), rate());
        phase = Phase.DRAIN;
        probing.cancel();
        drain.begin(now, rate(), queue.queueNanos(), excessNanos, rttNanos, sampleNanos());
        gain = drain.gain();
        postponeProbe(now);
    }

    private void endDrain(long nowNanos) {
        cruise(nowNanos);
        drain.end(nowNanos, queueSpanNanos());
    }

    // ---- figures ----

    @Override
    public long rateSpanNanos() {
        long span = Math.min(MAX_SPAN_NANOS, Math.max(MIN_SPAN_NANOS, rttNanos));
        return Math.max(span, SPAN_JITTERS * queue.jitterNanos());
    }

    /** How long a sample of the rate takes: that span, or some datagrams. */
    private long sampleNanos() {
        long datagrams = Rates.nanosFor(SPAN_DATAGRAMS * (long) datagramBytes, rate());
        return Math.max(rateSpanNanos(), Math.min(datagrams, MAX_SLOW_SPAN_NANOS));
    }

    @Override
    public long windowBytes() {
        if (!estimate.proven()) {
            return START_DATAGRAMS * (long) datagramBytes;
        }
        double share = phase == Phase.START ? START_GAIN : Math.max(WINDOW_SHARE, gain);
        long span = queue.baseRttNanos() + WINDOW_SLACK_NANOS + WINDOW_JITTERS * queue.jitterNanos();
        long least = phase == Phase.START ? START_DATAGRAMS : SPAN_DATAGRAMS;
        return least * datagramBytes + (long) (share * Rates.bytesIn(span, rate()));
    }

    @Override
    public long pacingBytesPerSecond() {
        double makeUp = queueExceeds(1) ? 1 : 1 / (1 - Math.min(lossRatio, MAX_LOSS));
        return Math.max(1, (long) (rate() * gain * makeUp));
    }

    @Override
    public long rateBytesPerSecond() {
        return Math.max(1, rate());
    }

    @Override
    public boolean isProven(long nowNanos) {
        return loaded && nowNanos - loadedNanos <= PROVEN_NANOS;
    }

    @Override
    public long queueNanos() {
        return queue.queueNanos();
    }
}
