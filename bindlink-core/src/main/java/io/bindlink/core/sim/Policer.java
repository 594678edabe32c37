package io.bindlink.core.sim;

/**
 * A token bucket that drops what exceeds it, without a queue, as some carriers do. Immutable.
 *
 * @param rateBytesPerSecond how fast it fills, over 0
 * @param burstBytes how much it holds; at first it is full
 */
public record Policer(long rateBytesPerSecond, long burstBytes) {
    /**
     * Checks the ranges.
     *
     * @param rateBytesPerSecond as the component
     * @param burstBytes as the component
     */
    public Policer {
        if (rateBytesPerSecond < 1 || burstBytes < 1) {
            throw new IllegalArgumentException(
                    "policer: rate " + rateBytesPerSecond + " B/s and burst " + burstBytes + " B must be over 0");
        }
    }
}
