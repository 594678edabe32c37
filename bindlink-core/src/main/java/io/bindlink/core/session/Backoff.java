package io.bindlink.core.session;

import java.util.random.RandomGenerator;

/** Doubling waits with a little chance in them, so that retries do not fall in step. Confined to its owner. */
final class Backoff {
    private final long firstNanos;
    private final long largestNanos;
    private long nextNanos;

    Backoff(long firstNanos, long largestNanos) {
        this.firstNanos = firstNanos;
        this.largestNanos = largestNanos;
        this.nextNanos = firstNanos;
    }

    /** The next wait: between 75 and 125 % of twice the one before. */
    long next(RandomGenerator random) {
        long wait = nextNanos * 3 / 4 + random.nextLong(nextNanos / 2 + 1);
        nextNanos = Math.min(largestNanos, nextNanos * 2);
        return wait;
    }

    void reset() {
        nextNanos = firstNanos;
    }
}
