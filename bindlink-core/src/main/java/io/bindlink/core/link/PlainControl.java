package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Congestion control as plain as can be, for comparison and for links on which {@link RateControl} is suspected of
 * something: a window that grows round by round and shrinks when even the least delay of a round shows a queue, or when
 * too much is lost. It needs no measurement of the rate. Confined to its session.
 */
public final class PlainControl implements CongestionControl {
    private static final int START_DATAGRAMS = 10; // RFC 6928
    private static final int LEAST_DATAGRAMS = 4; // enough for losses to be noticed by later packets
    private static final long MOST_BYTES = 64L << 20; // more than 10 Gbit/s need in 50 ms
    private static final long QUEUE_NANOS = 25 * Rates.NANOS_PER_MILLI; // as LEDBAT (RFC 6817), but strict
    private static final double MOST_LOSS = 0.1; // radio loses less
    private static final double DECREASE = 0.8;
    private static final double INCREASE = 0.05; // of the window each round, so that fast links are filled in time too
    private static final double PACING_GAIN = 1.25; // so that the window limits, and not the pacer
    private static final long FIRST_RTT_NANOS = 100 * Rates.NANOS_PER_MILLI;
    private static final long LEAST_RTT_NANOS = Rates.NANOS_PER_MILLI;
    private static final long LEAST_SPAN_NANOS = 10 * Rates.NANOS_PER_MILLI;

    private final WindowedMin base = new WindowedMin(10, Rates.NANOS_PER_SECOND);
    private int datagramBytes = MtuSearch.BASE_BYTES;
    private long windowBytes = START_DATAGRAMS * (long) MtuSearch.BASE_BYTES;
    private boolean doubling = true;
    private long rttNanos = FIRST_RTT_NANOS;
    private boolean started;
    private long roundSentNanos; // the round is over when a packet sent since is acknowledged
    private long roundLeastNanos = WindowedMin.NONE;
    private long queueNanos;

    /** A control that knows nothing of its link yet. */
    public PlainControl() {}

    @Override
    public void datagramBytes(int bytes) {
        datagramBytes = bytes;
        windowBytes = clamp(windowBytes);
    }

    @Override
    public void onSent(long nowNanos, int bytes, long inFlightBytes) {
        // All it needs to know comes with the acknowledgements.
    }

    @Override
    public void onAcked(AckSample sample) {
        long now = sample.nowNanos();
        rttNanos = Math.max(LEAST_RTT_NANOS, sample.rttNanos());
        base.add(sample.oneWayDelayNanos(), now);
        roundLeastNanos = Math.min(roundLeastNanos, sample.oneWayDelayNanos());
        if (!started) {
            started = true;
            roundSentNanos = sample.sentNanos();
        }
        if (sample.sentNanos() - roundSentNanos < 0) {
            return;
        }
        queueNanos = roundLeastNanos - base.least(now);
        roundSentNanos = now;
        roundLeastNanos = WindowedMin.NONE;
        if (queueNanos > QUEUE_NANOS || sample.lossRatio() > MOST_LOSS) {
            doubling = false;
            windowBytes = clamp((long) (windowBytes * DECREASE));
        } else if (!sample.appLimited()) {
            long more = doubling ? windowBytes : Math.max(datagramBytes, (long) (windowBytes * INCREASE));
            windowBytes = clamp(windowBytes + more);
        }
    }

    @Override
    public void onLost(long nowNanos, long bytes) {
        // Judged by the share of what is lost, once each round.
    }

    @Override
    public void onRestart(long nowNanos) {
        windowBytes = clamp(windowBytes / 2);
        base.clear();
        queueNanos = 0;
    }

    private long clamp(long bytes) {
        return Math.min(MOST_BYTES, Math.max(LEAST_DATAGRAMS * (long) datagramBytes, bytes));
    }

    @Override
    public long rateSpanNanos() {
        return Math.max(LEAST_SPAN_NANOS, rttNanos);
    }

    @Override
    public long windowBytes() {
        return windowBytes;
    }

    @Override
    public long pacingBytesPerSecond() {
        return Math.max(1, (long) (rateBytesPerSecond() * PACING_GAIN));
    }

    @Override
    public long rateBytesPerSecond() {
        return Math.max(1, Rates.rate(windowBytes, rttNanos));
    }

    @Override
    public boolean isProven(long nowNanos) {
        return !doubling;
    }

    @Override
    public long queueNanos() {
        return queueNanos;
    }
}
