package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Measures the rate at which a link delivers: bytes the peer received between two acknowledged packets, over the longer
 * of the spans in which these were sent and arrived. Both stamps are taken at the ends of the link itself, so that it
 * does not matter when and how the acknowledgements come back. Confined to its session.
 */
final class DeliveryRate {
    private static final int POINTS = 128; // a power of two
    private static final long MAX_SPAN_NANOS =
            500 * Rates.NANOS_PER_MILLI; // a sample of few datagrams is better than none
    private static final long SPACING_PARTS = 16; // points per span that are kept

    private final long[] number = new long[POINTS];
    private final long[] sentNanos = new long[POINTS];
    private final long[] arrivalNanos = new long[POINTS];
    private final long[] bytes = new long[POINTS];
    private long oldest;
    private long end;

    private long pauseNumber = -1; // newest acknowledged packet that the source was late with
    private long leastBytes;
    private long rate;
    private long arrivalRate;
    private boolean appLimited;

    /** So many bytes a sample spans at least, unless they take too long. */
    void leastBytes(long bytes) {
        leastBytes = bytes;
    }

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
        arrivalRate = arrivalRate(arrival, receivedBytes, spanNanos);
        while (end - oldest >= 2 && covers(oldest + 1, sent, arrival, receivedBytes, spanNanos)) {
            oldest++;
        }
        if (oldest < end && covers(oldest, sent, arrival, receivedBytes, spanNanos)) {
            long span = Math.max(sent - sentNanos[slot(oldest)], arrival - arrivalNanos[slot(oldest)]);
            rate = Rates.rate(receivedBytes - bytes[slot(oldest)], span);
            appLimited = pauseNumber > number[slot(oldest)];
        }
        if (oldest == end || sent - sentNanos[slot(end - 1)] >= spanNanos / SPACING_PARTS) {
            append(largest, sent, arrival, receivedBytes);
        }
    }

    /** Rate over at least the last {@code spanNanos} at the peer, however the packets were sent. */
    private long arrivalRate(long arrival, long receivedBytes, long spanNanos) {
        for (long point = end - 1; point >= oldest; point--) {
            long span = arrival - arrivalNanos[slot(point)];
            if (suffices(point, span, receivedBytes, spanNanos)) {
                return Rates.rate(receivedBytes - bytes[slot(point)], span);
            }
        }
        return 0;
    }

    /** Whether a point is a span away, both in sending and in arrival. */
    private boolean covers(long point, long sent, long arrival, long receivedBytes, long spanNanos) {
        long span = sent - sentNanos[slot(point)];
        return arrival - arrivalNanos[slot(point)] > 0 && suffices(point, span, receivedBytes, spanNanos);
    }

    /** Whether a span since a point is long enough, and brought enough. */
    private boolean suffices(long point, long span, long receivedBytes, long spanNanos) {
        return span >= spanNanos && (receivedBytes - bytes[slot(point)] >= leastBytes || span >= MAX_SPAN_NANOS);
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

    /** Bytes per second at which packets arrived; the link's capacity if it was busy all the while. 0: no sample. */
    long arrivalRate() {
        return arrivalRate;
    }

    /** Whether the sample may be lower than what the link could deliver. */
    boolean appLimited() {
        return appLimited;
    }

    private static int slot(long index) {
        return (int) (index & (POINTS - 1));
    }
}
