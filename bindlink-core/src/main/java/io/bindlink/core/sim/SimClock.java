package io.bindlink.core.sim;

/** A node's own clock: it began elsewhere than the bond's, and may run a little faster or slower. Immutable. */
record SimClock(long offsetNanos, long driftPpm) {
    private static final long MILLION = 1_000_000;

    /** The node's time at a time of the bond. */
    long local(long bondNanos) {
        return offsetNanos + bondNanos + Math.floorDiv(bondNanos * driftPpm, MILLION);
    }

    /** The first time of the bond at which the node's clock has reached a time. */
    long bond(long localNanos) {
        long elapsedNanos = localNanos - offsetNanos;
        if (localNanos == Long.MAX_VALUE || driftPpm == 0) {
            return localNanos == Long.MAX_VALUE ? Long.MAX_VALUE : elapsedNanos;
        }
        long nanos = elapsedNanos - Math.floorDiv(elapsedNanos * driftPpm, MILLION + driftPpm); // off by a few at most
        while (local(nanos) - localNanos >= 0) {
            nanos--;
        }
        while (local(nanos) - localNanos < 0) {
            nanos++;
        }
        return nanos;
    }
}
