package io.bindlink.core.link;

/**
 * The packets lately given up as lost, in rising order, in case they arrive after all. Confined to its session.
 */
final class LostNumbers {
    private static final int CAPACITY = 1 << 12; // an outage gives up a window at once

    private final long[] numbers = new long[CAPACITY];
    private final long[] lostNanos = new long[CAPACITY];
    private long oldest;
    private long end;

    /** Adds a number higher than all before; the oldest one goes when there are too many. */
    void add(long number, long nowNanos) {
        if (end - oldest == CAPACITY) {
            oldest++;
        }
        numbers[slot(end)] = number;
        lostNanos[slot(end)] = nowNanos;
        end++;
    }

    /** First index to iterate from, downwards from {@link #end} exclusive to {@link #oldest} inclusive. */
    long end() {
        return end;
    }

    long oldest() {
        return oldest;
    }

    long number(long index) {
        return numbers[slot(index)];
    }

    boolean isEmpty() {
        return oldest == end;
    }

    /** Takes one out; those above it keep their order. */
    void remove(long index) {
        for (long i = index; i < end - 1; i++) {
            numbers[slot(i)] = numbers[slot(i + 1)];
            lostNanos[slot(i)] = lostNanos[slot(i + 1)];
        }
        end--;
    }

    /** Forgets those given up before a time. */
    void forgetBefore(long nanos) {
        while (oldest < end && lostNanos[slot(oldest)] - nanos < 0) {
            oldest++;
        }
    }

    private static int slot(long index) {
        return (int) (index & (CAPACITY - 1));
    }
}
