package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Spreads packets over time at a rate, in bursts no longer than a quantum: a millisecond, or two datagrams. Confined to
 * its session.
 */
final class Pacer {
    private static final long BURST_NANOS = Rates.NANOS_PER_MILLI; // below that, timers cost more than they give

    private long paidNanos; // all sent so far is paid for by this time
    private long readyNanos;

    Pacer(long nowNanos) {
        paidNanos = nowNanos;
        readyNanos = nowNanos;
    }

    /** A packet was sent; its bytes are paid for at the rate. */
    void onSent(int bytes, int datagramBytes, long bytesPerSecond, long nowNanos) {
        // Time that went by unused counts up to a burst, so that a late timer costs nothing.
        long creditNanos = Math.max(BURST_NANOS, Rates.nanosFor(datagramBytes, bytesPerSecond));
        paidNanos = Math.max(paidNanos, nowNanos - creditNanos) + Rates.nanosFor(bytes, bytesPerSecond);
        readyNanos = paidNanos - nowNanos < BURST_NANOS ? nowNanos : paidNanos;
    }

    long readyAtNanos() {
        return readyNanos;
    }

    /** Lets the next packet go at once: what was owed was owed to another rate. */
    void reset(long nowNanos) {
        paidNanos = nowNanos;
        readyNanos = nowNanos;
    }
}
