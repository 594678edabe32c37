package io.bindlink.cli;

import java.util.List;

/** Looks for threads that should have ended. */
public final class LeftThreads {
    private static final long PATIENCE_NANOS = 2_000_000_000L; // a thread may outlive its last statement by a moment

    private LeftThreads() {}

    /**
     * Waits a moment for threads to end.
     *
     * @param prefix what their names begin with
     * @return the names of those that did not
     */
    public static List<String> of(String prefix) {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        List<String> left;
        do {
            left = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        } while (!left.isEmpty() && System.nanoTime() - deadlineNanos < 0);
        return left;
    }
}
