package io.bindlink.core.queue;

import io.bindlink.core.base.Rates;

/**
 * What the queue aims at, as follows from the links: CoDel's target and interval, what is too short to speak of, and
 * whether the links are still finding out what they can do. Confined to its session.
 */
final class Aim {
    /** Least target, RFC 8289 section 4.3: 5 % of the interval. */
    static final long LEAST_TARGET_NANOS = 5_000_000L;

    /** Least interval, RFC 8289 section 4.3: a round trip that few paths of the internet exceed. */
    static final long LEAST_INTERVAL_NANOS = 100_000_000L;

    /** Least pacing interval: that of a link's pacer. */
    static final long LEAST_PACING_NANOS = 1_000_000L;

    /** Least time without service that is a stall. */
    static final long LEAST_STALL_NANOS = 20_000_000L;

    /** Two full datagrams with their UDP and IP headers: waiting for the one ahead is no queue. */
    static final long TWO_DATAGRAMS_BYTES = 2 * 1_500;

    /** Most for any of them: a link so slow, or a round trip so long, is a fault rather than a measure. */
    static final long MOST_NANOS = 1_000_000_000L;

    /**
     * Most that a long round trip makes of the target. The target is the slowest round trip: one CUBIC flow that cuts its
     * window to 0.7 needs 0.43 round trips of queue to keep the links busy, one on lossy links more, and BBR lets up to one
     * stand by design; RFC 8289's 5 ms cost such a flow up to a third of its rate (docs/adr/0008). A flow's own queue
     * delays no other.
     */
    private static final long MOST_RTT_TARGET_NANOS = 300_000_000L;

    /** Without service for as long as eight datagrams take the links stall. */
    private static final int STALL_PACINGS = 4;

    /** Growth by a quarter is a link's start, or its next step up. */
    private static final int RAMP_DIVISOR = 4;

    private long targetNanos = LEAST_TARGET_NANOS;
    private long intervalNanos = LEAST_INTERVAL_NANOS;
    private long pacingNanos = LEAST_PACING_NANOS;
    private long knownRate; // bytes per second
    private boolean ramping;
    private long rampEndNanos;

    /** Follows the links; a rate of 0 is not known and changes nothing. */
    void tune(long rateBytesPerSecond, long slowestRttNanos, long nowNanos) {
        if (rateBytesPerSecond <= 0) {
            return;
        }
        long twoNanos = (long) (TWO_DATAGRAMS_BYTES * (double) Rates.NANOS_PER_SECOND / rateBytesPerSecond);
        long rttNanos = Math.min(slowestRttNanos, MOST_RTT_TARGET_NANOS);
        pacingNanos = clamp(twoNanos, LEAST_PACING_NANOS);
        targetNanos = clamp(Math.max(twoNanos, rttNanos), LEAST_TARGET_NANOS);
        intervalNanos = clamp(Math.max(slowestRttNanos, targetNanos), LEAST_INTERVAL_NANOS);
        followRate(rateBytesPerSecond, nowNanos);
    }

    private static long clamp(long nanos, long leastNanos) {
        return Math.min(Math.max(nanos, leastNanos), MOST_NANOS);
    }

    /** A rate that grew may be growing still: where it ends is seen an interval later. */
    private void followRate(long rateBytesPerSecond, long nowNanos) {
        if (rateBytesPerSecond >= knownRate + knownRate / RAMP_DIVISOR) {
            knownRate = rateBytesPerSecond;
            onRamp(nowNanos);
        } else {
            knownRate = Math.min(knownRate, rateBytesPerSecond);
        }
    }

    /** The links begin to find out their rate, or go on with it. */
    void onRamp(long nowNanos) {
        ramping = true;
        rampEndNanos = nowNanos + intervalNanos;
    }

    /** Whether the links' rate is still growing, so that what waits says nothing of the senders. */
    boolean isRamping(long nowNanos) {
        ramping = ramping && nowNanos - rampEndNanos < 0;
        return ramping;
    }

    /** Waiting time that is no standing queue. */
    long targetNanos() {
        return targetNanos;
    }

    /** How long a sender may take to react. */
    long intervalNanos() {
        return intervalNanos;
    }

    /** Time in which the links' pacers let something out. */
    long pacingNanos() {
        return pacingNanos;
    }

    /** How long nothing may be taken from the queue before the links count as stalled. */
    long stallNanos() {
        return Math.max(LEAST_STALL_NANOS, STALL_PACINGS * pacingNanos);
    }
}
