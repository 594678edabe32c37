package io.bindlink.core.io;

/** The machine's monotonic clock. Thread-safe. */
public final class SystemClock {
    private SystemClock() {}

    /**
     * The time now.
     *
     * @return nanoseconds since a moment that means nothing
     */
    public static long nanoTime() {
        return System.nanoTime();
    }
}
