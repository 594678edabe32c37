package io.bindlink.core.base;

import io.bindlink.api.DelayHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Counts delays by range, from a millisecond to two seconds. Confined to its owner. */
public final class DelayCounts {
    private static final List<Long> BOUNDS_NANOS = LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
            .map(millis -> millis * Rates.NANOS_PER_MILLI)
            .boxed()
            .toList();
    private static final long[] BOUNDS =
            BOUNDS_NANOS.stream().mapToLong(Long::longValue).toArray();

    private final long[] counts = new long[BOUNDS.length + 1];
    private long sumNanos;

    /** None yet. */
    public DelayCounts() {}

    /**
     * Counts one.
     *
     * @param nanos 0 or more
     */
    public void add(long nanos) {
        int range = 0;
        while (range < BOUNDS.length && nanos > BOUNDS[range]) {
            range++;
        }
        counts[range]++;
        sumNanos += nanos;
    }

    /**
     * All so far.
     *
     * @return an immutable copy
     */
    public DelayHistogram snapshot() {
        List<Long> copy = new ArrayList<>(counts.length);
        for (long count : counts) {
            copy.add(count);
        }
        return new DelayHistogram(BOUNDS_NANOS, copy, sumNanos);
    }
}
