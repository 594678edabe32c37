package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * The rate a link is thought to deliver at: the greatest measured lately, which falls at once when a queue shows that it
 * was too much. Besides, what the link was good for in the last ten seconds. Confined to its session.
 */
final class RateEstimate {
    private static final long MILLI = Rates.NANOS_PER_MILLI;
    private static final long LEAST_SPAN_NANOS = 500 * MILLI; // no link is slower than a datagram in that time
    private static final int MAX_START_ERROR = 10;
    private static final double USUAL_SHARE = 0.75; // jitter makes a steady one seem to waver by less
    private static final double LOW_SHARE = 0.5; // a start doubles: with less to gain it would go too far

    private final WindowedMin negativeRates = new WindowedMin(64, 50 * MILLI); // the least is the greatest rate
    private final WindowedMin negativeUsual = new WindowedMin(10, Rates.NANOS_PER_SECOND);
    private int datagramBytes = MtuSearch.BASE_BYTES;
    private long rate;
    private boolean proven;
    private long deliveredBytes; // until it was proven

    RateEstimate(long firstRate) {
        rate = firstRate;
    }

    void datagramBytes(int bytes) {
        datagramBytes = bytes;
    }

    /** Replaces the assumption by another, before anything was measured. */
    void assume(long assumed) {
        rate = assumed;
    }

    /** Half of it, measurements forgotten: the link was away. */
    void halve() {
        rate = Math.max(rate / 2, least());
        negativeRates.clear();
        negativeUsual.clear();
    }

    /**
     * Takes a sample in, if there is one. The estimate rises with any; when {@code mayFall}, it is the greatest of the
     * last {@code memoryNanos}.
     */
    void add(AckSample sample, boolean idle, boolean mayFall, long neededBytes, long memoryNanos) {
        long sampled = sample.rateBytesPerSecond();
        long now = sample.nowNanos();
        if (sampled == 0) {
            return;
        }
        deliveredBytes += proven ? 0 : sample.deliveredBytes();
        negativeRates.add(-sampled, now);
        if (!proven && !idle && deliveredBytes >= neededBytes) {
            proven = true;
            rate = Math.max(sampled, rate / MAX_START_ERROR); // a first sample may still span a lonely probe
        } else if (sampled > rate) {
            rate = sampled;
        } else if (mayFall) {
            rate = Math.max(-negativeRates.least(now, memoryNanos), least());
        }
    }

    /** Replaces the estimate by what a busy link delivered. */
    void replace(long measured, long nowNanos) {
        rate = Math.max(measured, least());
        negativeRates.clear();
        negativeRates.add(-rate, nowNanos);
    }

    /** Remembers the estimate as what the link is good for. */
    void remember(long nowNanos) {
        if (proven) {
            negativeUsual.add(-rate, nowNanos);
        }
    }

    /** Whether the link did far better within the last ten seconds. */
    boolean isLow(long nowNanos) {
        return isBelow(LOW_SHARE, nowNanos);
    }

    /** Whether the link did better within the last ten seconds. */
    boolean isBelowUsual(long nowNanos) {
        return isBelow(USUAL_SHARE, nowNanos);
    }

    private boolean isBelow(double share, long nowNanos) {
        long usual = negativeUsual.least(nowNanos);
        return usual != WindowedMin.NONE && rate < share * -usual;
    }

    /** Whether it was measured under load, not assumed. */
    boolean proven() {
        return proven;
    }

    /** Bytes per second, over 0. */
    long bytesPerSecond() {
        return rate;
    }

    private long least() {
        return Rates.rate(datagramBytes, LEAST_SPAN_NANOS);
    }
}
