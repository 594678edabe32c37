package io.bindlink.core.io;

import io.bindlink.api.Event;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a caller can wait for: whether the session is up, and whether the node is closed. Thread-safe. */
public final class NodeStatus {
    private boolean up;
    private boolean closed;
    private @Nullable Throwable cause;
    private @Nullable String refusal;

    NodeStatus() {}

    /** Takes note of an event. */
    synchronized void handleEvent(Event event) {
        if (event instanceof Event.SessionStarted) {
            up = true;
            refusal = null;
        } else if (event instanceof Event.SessionEnded) {
            up = false;
        } else if (event instanceof Event.Refused refused) {
            refusal = refused.reason();
        }
        notifyAll();
    }

    /** The node is closed for good. */
    synchronized void handleClosed(@Nullable Throwable cause) {
        this.cause = cause;
        closed = true;
        up = false;
        notifyAll();
    }

    /**
     * Waits until a session is up.
     *
     * @param timeoutNanos how long at most
     * @return false when the time ran out or the node was closed
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized boolean awaitUp(long timeoutNanos) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (!up && !closed) {
            long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
            if (leftNanos <= 0) {
                return false;
            }
            waitNanos(leftNanos);
        }
        return up;
    }

    /**
     * Waits until the node is closed.
     *
     * @return why, if it was not by its user
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized Optional<Throwable> awaitClosed() throws InterruptedException {
        while (!closed) {
            wait();
        }
        return Optional.ofNullable(cause);
    }

    /**
     * Whether the node is closed.
     *
     * @return true for good
     */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Why it was closed.
     *
     * @return empty when by its user, or not yet
     */
    public synchronized Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /**
     * Why the newest handshake was refused.
     *
     * @return a reason for people; empty when none was refused since the last session began
     */
    public synchronized Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void waitNanos(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
}
