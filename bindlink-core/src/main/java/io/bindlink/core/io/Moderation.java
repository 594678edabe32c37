package io.bindlink.core.io;

import io.bindlink.core.base.Rates;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Interrupt moderation, as network cards do it: while packets come thick but one by one, the thread rests for a moment
 * before it waits for the next, so that one wake-up serves several. A wake-up costs more than all the rest of a packet's
 * way. Slow traffic is never held up, nor fast traffic, of which there is always more at hand. Confined to its thread.
 */
final class Moderation {
    /** No rest is longer; below that a pacer's burst and a timer's grain hide it. */
    static final long REST_NANOS = Rates.NANOS_PER_MILLI;

    private static final double LEAST_PER_SECOND = 800; // 8 Mbit/s in full packets, or the calls of a family
    private static final double MOST_PER_SECOND = 20_000; // 240 Mbit/s: a rest would overflow a socket's buffer
    private static final int MANY = 8; // together: moderated enough
    private static final double MEMORY_NANOS = 100_000_000;

    private final LongConsumer rest;
    private double perSecond;
    private long lastNanos;

    /** Rests the calling thread. */
    Moderation() {
        this(LockSupport::parkNanos);
    }

    Moderation(LongConsumer rest) {
        this.rest = rest;
    }

    /**
     * Some packets were served, and no more are at hand.
     *
     * @param count how many
     * @param nowNanos the time
     * @param untilNanos how long until something else must be done
     */
    void served(int count, long nowNanos, long untilNanos) {
        double elapsed = Math.max(1, nowNanos - lastNanos);
        lastNanos = nowNanos;
        double weight = Math.min(1, elapsed / MEMORY_NANOS);
        perSecond += (count * (double) Rates.NANOS_PER_SECOND / elapsed - perSecond) * weight;
        boolean thick = perSecond >= LEAST_PER_SECOND && perSecond <= MOST_PER_SECOND;
        if (thick && count > 0 && count < MANY && untilNanos > 0) {
            rest.accept(Math.min(REST_NANOS, untilNanos));
        }
    }
}
