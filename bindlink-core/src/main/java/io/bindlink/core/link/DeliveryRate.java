package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Measures the rate at which a link delivers: bytes the peer received between two acknowledged packets, over the longer
 * of the spans in which these were sent and arrived. Both stamps are taken at the ends of the link itself, so that it
 * does not matter when and how the acknowledgements come back. Confined to its session.
 */
final class DeliveryRate {
    private static final int POINTS = 128; // a power of two
    private static final long SPACING_PARTS = 16; // points per span that are kept

    private final long[] number = new long[POINTS];
    private final long[] sentNanos = new long[POINTS];
    private final long[] arrivalNanos = new long[POINTS];
    private final long[] bytes = new long[POINTS];
    private long oldest;
    private long end;

    private long pauseNumber = -1; // newest acknowledged packet that the source was late with
    private long rate;
    private boolean appLimited;

    /** A packet was acknowledged before which the source had nothing to send. */
    void onPauseBefore(long packetNumber) {
        pauseNumber = Math.max(pauseNumber, packetNumber);
    }

    /**
     * A new largest number was acknowledged. Afterwards {@link #rate} and {@link #appLimited} tell the sample, if there
     * is one.
     */
    void add(long largest, long sent, long arrival, long receivedBytes, long spanNanos) {
        rate = 0;
        appLimited = false;
        while (end - oldest >= 2 && covers(oldest + 1, sent, arrival, spanNanos)) {
            oldest++;
        }
        if (oldest < end && covers(oldest, sent, arrival, spanNanos)) {
            long span = Math.max(sent - sentNanos[slot(oldest)], arrival - arrivalNanos[slot(oldest)]);
            rate = Rates.rate(receivedBytes - bytes[slot(oldest)], span);
            appLimited = pauseNumber > number[slot(oldest)];
        }
        if (oldest == end || sent - sentNanos[slot(end - 1)] >= spanNanos / SPACING_PARTS) {
            append(largest, sent, arrival, receivedBytes);
        }
    }

    /** Whether a point is a span away, both in sending and in arrival. */
    private boolean covers(long point, long sent, long arrival, long spanNanos) {
        return sent - sentNanos[slot(point)] >= spanNanos && arrival - arrivalNanos[slot(point)] > 0;
    }

    private void append(long largest, long sent, long arrival, long receivedBytes) {
        if (end - oldest == POINTS) {
            oldest++;
        }
        int slot = slot(end++);
        number[slot] = largest;
        sentNanos[slot] = sent;
        arrivalNanos[slot] = arrival;
        bytes[slot] = receivedBytes;
    }

    /** Bytes per second; 0 when the last acknowledgement gave no sample. */
    long rate() {
        return rate;
    }

    /** Whether the sample may be lower than what the link could deliver. */
    boolean appLimited() {
        return appLimited;
    }

    private static int slot(long index) {
        return (int) (index & (POINTS - 1));
    }
}
