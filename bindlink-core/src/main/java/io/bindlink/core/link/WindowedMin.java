package io.bindlink.core.link;

import java.util.Arrays;

/** Least value of the recent past, kept in buckets of time. Confined to its session. */
final class WindowedMin {
    /** What an empty window answers. */
    static final long NONE = Long.MAX_VALUE;

    private final long bucketNanos;
    private final long[] least;
    private long newestBucket = Long.MIN_VALUE;
    private long whole = NONE; // the least of all buckets
    private boolean wholeExpired;

    /** A window of {@code buckets} times {@code bucketNanos}; the oldest part of it is coarse. */
    WindowedMin(int buckets, long bucketNanos) {
        this.bucketNanos = bucketNanos;
        this.least = new long[buckets];
        Arrays.fill(least, NONE);
    }

    /** Takes a value in. Time must not run backwards; when it does, the newest bucket takes the value. */
    void add(long value, long nowNanos) {
        advance(nowNanos);
        int slot = slot(newestBucket);
        least[slot] = Math.min(least[slot], value);
        whole = Math.min(whole, value);
    }

    /** The least value of the whole window, or {@link #NONE}. */
    long least(long nowNanos) {
        advance(nowNanos);
        if (wholeExpired) {
            wholeExpired = false;
            whole = NONE;
            for (long each : least) {
                whole = Math.min(whole, each);
            }
        }
        return whole;
    }

    /** The least value of at least the last {@code spanNanos}, as far as the window goes, or {@link #NONE}. */
    long least(long nowNanos, long spanNanos) {
        advance(nowNanos);
        long count = Math.min(least.length, spanNanos / bucketNanos + 1);
        long result = NONE;
        for (long bucket = newestBucket; bucket > newestBucket - count; bucket--) {
            result = Math.min(result, least[slot(bucket)]);
        }
        return result;
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(least, NONE);
        whole = NONE;
        wholeExpired = false;
    }

    private void advance(long nowNanos) {
        long bucket = Math.floorDiv(nowNanos, bucketNanos);
        if (newestBucket == Long.MIN_VALUE || bucket - newestBucket >= least.length) {
            clear();
            newestBucket = bucket;
        }
        while (newestBucket < bucket) {
            newestBucket++;
            int slot = slot(newestBucket);
            wholeExpired |= least[slot] == whole;
            least[slot] = NONE;
        }
    }

    private int slot(long bucket) {
        return (int) Math.floorMod(bucket, (long) least.length);
    }
}
