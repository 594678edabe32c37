package io.bindlink.tun.tcp;

/** A moment until which several threads may be waited for, all in all. Immutable. */
record Deadline(long atNanos) {
    static Deadline in(long nanos) {
        return new Deadline(System.nanoTime() + nanos);
    }

    /** Waits for a thread to end, unless it is the calling one or the deadline has passed. */
    void join(Thread thread) {
        long leftMillis = (atNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0 || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(leftMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
