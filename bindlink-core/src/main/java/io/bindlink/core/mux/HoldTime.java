package io.bindlink.core.mux;

/**
 * How long a missing piece is worth waiting for. What the receiver may still wait for, the sender still sends again.
 * Immutable.
 */
final class HoldTime {
    /** No hold is shorter: a repair takes a loss report and a transmission, and timers are coarse. */
    static final long SHORTEST_NANOS = 60_000_000L;

    /** No hold is longer: the packets behind would be of no use to a person any more. */
    static final long LONGEST_NANOS = 500_000_000L;

    private HoldTime() {}

    /** How long to hold after a piece is known to be gone. */
    static long capNanos(long fastestRttNanos, long delaySpreadNanos) {
        long repair = Math.max(4 * fastestRttNanos, delaySpreadNanos + 2 * fastestRttNanos);
        return Math.min(Math.max(repair, SHORTEST_NANOS), LONGEST_NANOS);
    }

    /** How long to hold when nobody can tell whether it is gone, because a link has fallen silent. */
    static long silenceNanos(long delaySpreadNanos) {
        return LONGEST_NANOS + delaySpreadNanos;
    }
}
