package io.bindlink.core.link;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Serial;

/**
 * The peer's clock as it shows in its stamps: expands the low 32 bits of a microsecond count, which wrap after 71
 * minutes, to nanoseconds that never wrap. One per session, so that times of different links can be compared. Its zero
 * is unknown: only differences mean something. Confined to its session.
 */
public final class PeerClock {
    private static final int BITS = 32;

    private boolean started;
    private long newestMicros;

    /** A clock that starts with the first stamp. */
    public PeerClock() {}

    /**
     * The low bits of a time on our own clock, as stamped into datagrams.
     *
     * @param nowNanos a time on this node's clock
     * @return microseconds, low 32 bits
     */
    public static long stamp(long nowNanos) {
        return Math.floorDiv(nowNanos, Rates.NANOS_PER_MICRO) & 0xFFFF_FFFFL;
    }

    /**
     * Expands a stamp of an authentic datagram.
     *
     * @param lowMicros the low 32 bits of the peer's microseconds
     * @return the peer's time, at most 35 minutes away from the newest seen so far
     */
    public long expand(long lowMicros) {
        if (!started) {
            started = true;
            newestMicros = lowMicros & 0xFFFF_FFFFL;
        }
        long micros = Serial.expand(newestMicros, lowMicros, BITS);
        newestMicros = Math.max(newestMicros, micros);
        return micros * Rates.NANOS_PER_MICRO;
    }
}
