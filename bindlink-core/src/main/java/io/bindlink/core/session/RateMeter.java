package io.bindlink.core.session;

import io.bindlink.core.base.Rates;

/** Counts happenings in the running second. Confined to its owner. */
final class RateMeter {
    private long windowStartNanos = Long.MIN_VALUE;
    private int count;

    /**
     * Counts one.
     *
     * @return how many there were in this second, this one included
     */
    int count(long nowNanos) {
        if (windowStartNanos == Long.MIN_VALUE || nowNanos - windowStartNanos >= Rates.NANOS_PER_SECOND) {
            windowStartNanos = nowNanos;
            count = 0;
        }
        return ++count;
    }
}
