package io.bindlink.core.session;

import io.bindlink.core.base.Rates;

/**
 * How often acknowledgements may take datagrams of their own: on a thin way back they must leave it to what it is for. Their
 * bytes stay within 2 % of the rate of the link that carries them, but the sender hears 20 times a second whatever that
 * costs. News that cannot wait (a gap, a mark, a probe) is exempt, and on a link below 1 Mbit/s spaced by 10 ms. Confined
 * to its session.
 */
final class AckBudget {
    private static final double SHARE = 0.02;
    private static final long MOST_NANOS = 50 * Rates.NANOS_PER_MILLI; // the sender's window is made for little more
    private static final long THIN_BYTES_PER_SECOND = 125_000;
    private static final long URGENT_NANOS = 10 * Rates.NANOS_PER_MILLI; // on thin links

    private boolean begun;
    private long sentNanos;
    private int sentBytes;

    /** An acknowledgement took a datagram of its own, of a size without UDP and IP headers. */
    void onSent(int bytes, long nowNanos) {
        begun = true;
        sentBytes = bytes;
        sentNanos = nowNanos;
    }

    /** When the next one may leave by a link of such a rate, if it is due at a time. */
    long allowedNanos(long dueNanos, boolean urgent, long rateBytesPerSecond) {
        if (!begun) {
            return dueNanos;
        }
        long spacing = urgent ? urgentSpacing(rateBytesPerSecond) : spacing(rateBytesPerSecond);
        long allowed = sentNanos + spacing;
        return allowed - dueNanos > 0 ? allowed : dueNanos;
    }

    private long spacing(long rateBytesPerSecond) {
        double nanos = sentBytes * (double) Rates.NANOS_PER_SECOND / (SHARE * Math.max(1, rateBytesPerSecond));
        return (long) Math.min(MOST_NANOS, nanos);
    }

    private static long urgentSpacing(long rateBytesPerSecond) {
        return rateBytesPerSecond < THIN_BYTES_PER_SECOND ? URGENT_NANOS : 0;
    }
}
