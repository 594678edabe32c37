package io.bindlink.cli.demo;

import io.bindlink.api.BindlinkException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends the process when a time has passed, whatever hangs. Thread-safe. */
final class Watchdog {
    /** What is left for ending in good order before the process is ended in any order. */
    private static final long CLOSING_NANOS = 3_000_000_000L;

    private final long deadlineNanos;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Watchdog(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    static Watchdog start(long nanos, PrintWriter err) {
        Watchdog watchdog = new Watchdog(System.nanoTime() + nanos - CLOSING_NANOS);
        Thread thread = new Thread(() -> watchdog.watch(nanos, err), "bindlink-demo-watchdog");
        thread.setDaemon(true);
        thread.start();
        return watchdog;
    }

    /** When to begin to end in good order. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    void cancel() {
        cancelled.countDown();
    }

    private void watch(long nanos, PrintWriter err) {
        try {
            if (!cancelled.await(nanos, TimeUnit.NANOSECONDS)) {
                err.println("bindlink: the demo did not end within its time and was stopped");
                err.flush();
                Runtime.getRuntime().halt(BindlinkException.Code.RUNTIME.exitCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
