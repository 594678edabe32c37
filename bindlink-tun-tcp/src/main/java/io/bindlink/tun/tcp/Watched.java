package io.bindlink.tun.tcp;

import java.io.IOException;

/** Something that the loop serves: a listener, a connection. Each call comes from the loop's thread. */
interface Watched {
    /** Its channel is ready, something it waits for may have happened, or its time has come. */
    void handleReady() throws IOException;

    /** Ends at once, with a reset where there is somebody to be told. Idempotent. */
    void abort();

    /** Whether it ever has a deadline: a bulk of those that have none costs nothing. */
    default boolean hasDeadlines() {
        return true;
    }

    /** When {@link #handleReady} must be called, on the clock of {@link System#nanoTime}; {@code Long.MAX_VALUE}: no need. */
    default long deadlineNanos() {
        return Long.MAX_VALUE;
    }
}
