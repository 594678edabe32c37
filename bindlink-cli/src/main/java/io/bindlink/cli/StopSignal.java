package io.bindlink.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends the process cleanly, with exit code 0, on SIGINT and SIGTERM: closes what was registered, the last first.
 * Without it the JVM's exit code would be 130 or 143, also after a clean end. What hangs at closing is left after a while,
 * with exit code 1. Thread-safe.
 */
public final class StopSignal {
    private static final long PATIENCE_MILLIS = 10_000;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stop, "bindlink-stop");

    private StopSignal() {}

    /**
     * Begins to wait for a signal.
     *
     * @return to be released before the process ends by itself
     */
    public static StopSignal await() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /**
     * Registers something to close at a signal.
     *
     * @param closeable closed once at most by this signal; may also be closed elsewhere
     */
    public synchronized void closes(AutoCloseable closeable) {
        open.push(closeable);
    }

    /**
     * Ends the waiting. When a signal came first, waits for the end of the process instead of returning.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void release() throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            hook.join(); // the process is being ended with 0; another exit code must not overtake it
        }
    }

    private void stop() {
        Thread closing = new Thread(this::closeAll, "bindlink-closing");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // in a hook nobody waits for: end now
        }
        Runtime.getRuntime().halt(closing.isAlive() ? 1 : 0);
    }

    private void closeAll() {
        for (AutoCloseable closeable : registered()) {
            try {
                closeable.close();
            } catch (Exception e) {
                // the next one shall be closed too
            }
        }
    }

    private synchronized Deque<AutoCloseable> registered() {
        return new ArrayDeque<>(open);
    }
}
