package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/** Where a link stands in its capacity trace. Confined to its link. */
final class TraceCursor {
    private final CapacityTrace trace;
    private final long periodNanos;
    private long loopStartNanos;
    private int index;

    TraceCursor(CapacityTrace trace, long offsetNanos, long nowNanos) {
        this.trace = trace;
        this.periodNanos = trace.periodMillis() * Rates.NANOS_PER_MILLI;
        this.loopStartNanos = nowNanos - offsetNanos % periodNanos;
        seek(nowNanos);
    }

    /** Time of the opportunity at hand. */
    long nanos() {
        return loopStartNanos + trace.millis(index) * Rates.NANOS_PER_MILLI;
    }

    /** Goes on to the following opportunity, which may come at the same time. */
    void next() {
        if (++index == trace.size()) {
            index = 0;
            loopStartNanos += periodNanos;
        }
    }

    /** Goes on to the first opportunity at or after a time; those before it are wasted. Never goes back. */
    void seek(long atNanos) {
        if (nanos() - atNanos >= 0) {
            return;
        }
        long loops = (atNanos - loopStartNanos) / periodNanos;
        if (loops > 0) {
            loopStartNanos += loops * periodNanos;
            index = 0;
        }
        if (nanos() - atNanos >= 0) {
            return;
        }
        long millis = Math.floorDiv(atNanos - loopStartNanos + Rates.NANOS_PER_MILLI - 1, Rates.NANOS_PER_MILLI);
        index = trace.indexAtOrAfter(millis) - 1;
        next();
    }
}
