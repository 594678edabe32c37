package io.bindlink.core.base;

/** Conversions between bytes, rates and times that round the safe way and do not overflow. Immutable. */
public final class Rates {
    /** Nanoseconds in a second. */
    public static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Nanoseconds in a millisecond. */
    public static final long NANOS_PER_MILLI = 1_000_000L;

    /** Nanoseconds in a microsecond. */
    public static final long NANOS_PER_MICRO = 1_000L;

    private Rates() {}

    /**
     * Time that bytes take at a rate.
     *
     * @param bytes 0 or more
     * @param bytesPerSecond the rate; under 1 is taken as 1
     * @return nanoseconds, rounded up
     */
    public static long nanosFor(long bytes, long bytesPerSecond) {
        return (long) Math.ceil(bytes * (double) NANOS_PER_SECOND / Math.max(1, bytesPerSecond));
    }

    /**
     * Bytes that pass in a time at a rate.
     *
     * @param nanos 0 or more
     * @param bytesPerSecond the rate
     * @return bytes, rounded down
     */
    public static long bytesIn(long nanos, long bytesPerSecond) {
        return (long) (nanos / (double) NANOS_PER_SECOND * bytesPerSecond);
    }

    /**
     * The rate at which bytes passed.
     *
     * @param bytes 0 or more
     * @param nanos the time they took; under 1 is taken as 1
     * @return bytes per second
     */
    public static long rate(long bytes, long nanos) {
        return (long) (bytes * (double) NANOS_PER_SECOND / Math.max(1, nanos));
    }
}
