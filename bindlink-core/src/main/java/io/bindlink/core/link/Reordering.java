package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * How far packets overtake each other on one link, learnt from those that came after they were given up. Nothing on a
 * link that keeps order; fades when it is not seen again. Confined to its session.
 */
final class Reordering {
    static final long MAX_NANOS = 100 * Rates.NANOS_PER_MILLI;
    static final int MAX_PACKETS = 1024;

    private static final long FADE_NANOS = Rates.NANOS_PER_SECOND;
    private static final long LEAST_NANOS = 100 * Rates.NANOS_PER_MICRO;

    private long nanos;
    private long packets;
    private long fadedNanos;

    /** A packet came after it had been given up: with this much patience it would not have been. */
    void learn(long latenessNanos, long latenessPackets, long nowNanos) {
        nanos = Math.max(nanos, Math.min(MAX_NANOS, latenessNanos + latenessNanos / 4));
        packets = Math.max(packets, Math.min(MAX_PACKETS, latenessPackets + 1));
        fadedNanos = nowNanos;
    }

    /** Time has passed: an eighth is forgotten every second. */
    void fade(long nowNanos) {
        if (nanos == 0 || nowNanos - fadedNanos < FADE_NANOS) {
            return;
        }
        fadedNanos = nowNanos;
        nanos -= nanos / 8;
        packets -= packets / 8;
        if (nanos < LEAST_NANOS) {
            nanos = 0;
            packets = 0;
        }
    }

    long nanos() {
        return nanos;
    }

    long packets() {
        return packets;
    }
}
