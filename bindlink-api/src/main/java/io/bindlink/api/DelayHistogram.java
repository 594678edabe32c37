package io.bindlink.api;

import java.util.List;

/**
 * How often a delay fell into which range, since counting began. Immutable.
 *
 * @param boundsNanos the ranges' upper ends, each belonging to its range, ascending
 * @param counts one for each range, and a last one for what was longer; they never fall
 * @param sumNanos all delays together
 */
public record DelayHistogram(List<Long> boundsNanos, List<Long> counts, long sumNanos) {
    /** Nothing was counted, and there is but one range. */
    public static final DelayHistogram NONE = new DelayHistogram(List.of(), List.of(0L), 0);

    /**
     * Copies the lists.
     *
     * @param boundsNanos as the component
     * @param counts as the component
     * @param sumNanos as the component
     * @throws IllegalArgumentException unless there is one count more than there are bounds
     */
    public DelayHistogram {
        boundsNanos = List.copyOf(boundsNanos);
        counts = List.copyOf(counts);
        if (counts.size() != boundsNanos.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts for " + boundsNanos.size() + " bounds");
        }
    }

    /**
     * How many delays were counted.
     *
     * @return the sum of all counts
     */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
