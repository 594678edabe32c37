package io.bindlink.core.link;

/**
 * The packet numbers received on one link, as ranges with gaps between them, and how far they are settled: the number
 * below which everything has arrived or will not. A gap is settled once a packet came that was sent later than the one
 * after the gap by more than the link's tolerance, or that long has passed. Confined to its session.
 */
final class ReceivedRanges {
    static final int MAX_RANGES = 32; // an acknowledgement describes 16; what falls out below is settled

    private final long[] low = new long[MAX_RANGES];
    private final long[] high = new long[MAX_RANGES];
    private final long[] highSentNanos = new long[MAX_RANGES];
    private final long[] gapSentNanos = new long[MAX_RANGES]; // of the packet that showed the gap below the range
    private final long[] gapSeenNanos = new long[MAX_RANGES]; // when that came
    private int count;

    private long settled;
    private long settledSentNanos = Long.MIN_VALUE;

    /** Takes a number in; false when it was there already or is too old to be told from that. */
    boolean add(long number, long sentNanos, long nowNanos) {
        int i = count - 1;
        while (i >= 0 && number < low[i]) {
            i--;
        }
        if (i >= 0 && number <= high[i]) {
            return false;
        }
        boolean joinsBelow = i >= 0 && high[i] + 1 == number;
        boolean joinsAbove = i + 1 < count && low[i + 1] - 1 == number;
        if (joinsBelow && joinsAbove) {
            high[i] = high[i + 1];
            highSentNanos[i] = highSentNanos[i + 1];
            remove(i + 1);
        } else if (joinsBelow) {
            high[i] = number;
            highSentNanos[i] = sentNanos;
        } else if (joinsAbove) {
            low[i + 1] = number;
        } else {
            return insert(i + 1, number, sentNanos, nowNanos);
        }
        return true;
    }

    private boolean insert(int index, long number, long sentNanos, long nowNanos) {
        int at = index;
        if (count == MAX_RANGES) {
            if (at == 0) {
                return false;
            }
            settle(high[0] + 1, highSentNanos[0]);
            remove(0);
            at--;
        }
        move(at, at + 1, count - at);
        count++;
        low[at] = number;
        high[at] = number;
        highSentNanos[at] = sentNanos;
        gapSentNanos[at] = sentNanos;
        gapSeenNanos[at] = nowNanos;
        return true;
    }

    /** Moves {@link #settled} past what arrived and past the gaps that outlived the tolerance. */
    void settle(long toleranceNanos, long nowNanos, boolean byTime) {
        if (count == 0) {
            return;
        }
        long newestSentNanos = highSentNanos[count - 1];
        for (int i = count - 1; i >= 0 && high[i] >= settled; i--) {
            boolean closedBelow = low[i] <= settled;
            boolean outlived = newestSentNanos - gapSentNanos[i] >= toleranceNanos
                    || (byTime && nowNanos - gapSeenNanos[i] >= toleranceNanos);
            if (closedBelow || outlived) {
                settle(high[i] + 1, highSentNanos[i]); // an older gap has outlived it too
                return;
            }
        }
    }

    /** Settles all below a number; whatever was sent up to a time has arrived or is lost. */
    void settle(long below, long sentNanos) {
        settled = Math.max(settled, below);
        settledSentNanos = Math.max(settledSentNanos, sentNanos);
    }

    /** When the oldest gap that is not settled was seen, or {@link Long#MAX_VALUE}. */
    long oldestGapNanos() {
        for (int i = 0; i < count; i++) {
            if (low[i] > settled) {
                return gapSeenNanos[i];
            }
        }
        return Long.MAX_VALUE;
    }

    /** Forgets the ranges wholly below a number, but for the newest one. */
    void forgetBelow(long number) {
        int gone = 0;
        while (gone < count - 1 && high[gone] < number) {
            gone++;
        }
        if (gone > 0) {
            move(gone, 0, count - gone);
            count -= gone;
        }
    }

    int count() {
        return count;
    }

    /** Lowest number of a range; range 0 holds the lowest numbers. */
    long low(int index) {
        return low[index];
    }

    long high(int index) {
        return high[index];
    }

    /** Largest number received; -1 when there is none. */
    long largest() {
        return count == 0 ? -1 : high[count - 1];
    }

    long settled() {
        return settled;
    }

    long settledSentNanos() {
        return settledSentNanos;
    }

    private void remove(int index) {
        move(index + 1, index, count - index - 1);
        count--;
    }

    private void move(int from, int to, int length) {
        System.arraycopy(low, from, low, to, length);
        System.arraycopy(high, from, high, to, length);
        System.arraycopy(highSentNanos, from, highSentNanos, to, length);
        System.arraycopy(gapSentNanos, from, gapSentNanos, to, length);
        System.arraycopy(gapSeenNanos, from, gapSeenNanos, to, length);
    }
}
