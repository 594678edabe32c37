package io.bindlink.core.queue;

/**
 * The time during which the queue was served: it stands still while every link stalls, so that what piles up in a pause
 * of the radio, or of the process, is not held against the senders. It tells a stall by itself: something waits and
 * nothing was taken for {@link Aim#stallNanos}. Confined to its session.
 */
final class ServedClock {
    private final Aim aim;
    private long servedNanos;
    private long stalledNanos;

    ServedClock(Aim aim) {
        this.aim = aim;
    }

    /** The clock's time at a time of the node's clock. */
    long at(long nowNanos) {
        return servedNanos + Math.min(nowNanos - servedNanos, aim.stallNanos()) - stalledNanos;
    }

    /** When something was taken last, or nothing waited. */
    long servedNanos() {
        return servedNanos;
    }

    /** Something was taken from the queue. */
    void onServed(long nowNanos) {
        stalledNanos += Math.max(0, nowNanos - servedNanos - aim.stallNanos());
        servedNanos = nowNanos;
    }

    /** Nothing has waited till now, so there was nothing to serve. */
    void onIdle(long nowNanos) {
        servedNanos = nowNanos;
    }
}
