package io.bindlink.core.stream;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one stream: what has arrived, how far each direction is, and whether its flow takes more. Its one lock
 * is held for moments, and never while the engine is called. Thread-safe.
 */
final class StreamState {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final InboundBuffer inbound;
    private boolean refusedPacket;
    private boolean accepted;
    private boolean finReceived;
    private boolean finished; // by this end: nothing more may be written
    private boolean finSent;
    private boolean full; // the flow took nothing the last time
    private long acceptances;
    private @Nullable StreamResetException end;
    private volatile @Nullable Runnable ready;

    StreamState(Blocks blocks) {
        inbound = new InboundBuffer(blocks);
    }

    void onReady(@Nullable Runnable task) {
        ready = task;
    }

    private void tellReady() {
        Runnable task = ready;
        if (task != null) {
            task.run();
        }
    }

    // ---- in ----

    /** Whether bytes that arrived fit; if not, the device is told when they do. */
    boolean offer(int bytes) {
        lock.lock();
        try {
            refusedPacket = !inbound.hasRoom(bytes);
            return !refusedPacket;
        } finally {
            lock.unlock();
        }
    }

    /** Takes bytes for which {@link #offer} found room; returns false if they come after the end. */
    boolean handleData(ByteBuffer bytes) {
        boolean news;
        lock.lock();
        try {
            if (finReceived) {
                return false;
            }
            news = end == null && inbound.size() == 0;
            if (end == null) {
                inbound.add(bytes);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (news) {
            tellReady();
        }
        return true;
    }

    /** Waits, if that is wanted, until there are bytes or the end; false when there is nothing. */
    boolean awaitReadable(boolean wait) throws IOException {
        lock.lock();
        try {
            while (inbound.size() == 0 && !finReceived) {
                checkNotReset();
                if (!wait) {
                    return false;
                }
                await();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean readable() {
        lock.lock();
        try {
            return inbound.size() > 0 || finReceived;
        } finally {
            lock.unlock();
        }
    }

    int availableBytes() {
        lock.lock();
        try {
            return inbound.size();
        } finally {
            lock.unlock();
        }
    }

    /** Moves bytes out, by the one reader; returns how many. */
    int take(ByteBuffer target) {
        lock.lock();
        try {
            return inbound.take(target);
        } finally {
            lock.unlock();
        }
    }

    /** The oldest bytes, which stay as they are until they are skipped. */
    ByteBuffer head() {
        lock.lock();
        try {
            return inbound.head();
        } finally {
            lock.unlock();
        }
    }

    void skip(int bytes) {
        lock.lock();
        try {
            inbound.skip(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a packet that was refused is to be asked for again; once for each. */
    boolean takeRoomAgain() {
        lock.lock();
        try {
            boolean again = refusedPacket && inbound.size() <= InboundBuffer.CAPACITY_BYTES / 2;
            refusedPacket &= !again;
            return again;
        } finally {
            lock.unlock();
        }
    }

    // ---- out ----

    /** How often the flow was said to take packets again; to be asked before an attempt, lest a call be missed. */
    long acceptances() throws StreamResetException {
        lock.lock();
        try {
            checkNotReset();
            return acceptances;
        } finally {
            lock.unlock();
        }
    }

    /** The flow took nothing, unless it was said to take packets again just now. */
    void noteFull(long seen) {
        lock.lock();
        try {
            full = acceptances == seen;
        } finally {
            lock.unlock();
        }
    }

    void awaitAcceptance(long seen) throws IOException {
        lock.lock();
        try {
            while (acceptances == seen) {
                checkNotReset();
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean writable() {
        lock.lock();
        try {
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /** The flow takes packets again; true if it is known not to have taken some. */
    boolean handleAccepting() {
        boolean wasFull;
        lock.lock();
        try {
            acceptances++;
            wasFull = full;
            full = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            tellReady();
        }
        return wasFull;
    }

    /** Nothing more is to be written; false if that was said before. */
    boolean finish() throws StreamResetException {
        lock.lock();
        try {
            checkNotReset();
            boolean first = !finished;
            finished = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    void checkNotFinished(int number) throws IOException {
        lock.lock();
        try {
            checkNotReset();
            if (finished) {
                throw new IOException("stream " + number + " was finished, it takes no more bytes");
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the beginning and the end ----

    void handleAccept() {
        change(() -> accepted = true);
    }

    /** The peer writes no more. */
    void handleFin() {
        change(() -> finReceived = true);
    }

    /** The last message has gone out. */
    void handleFinSent() {
        change(() -> finSent = true);
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        tellReady();
    }

    /**
     * Ends the stream unless it has ended. What arrived before the peer finished can still be read: it is whole.
     *
     * @return whether it was open
     */
    boolean fail(ResetCode code, String text) {
        lock.lock();
        try {
            if (end != null || hasEnded()) {
                return false;
            }
            end = new StreamResetException(code, text);
            if (!finReceived) {
                inbound.clear();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        tellReady();
        return true;
    }

    /** Whether both ends have finished and both know. */
    boolean hasEnded() {
        lock.lock();
        try {
            return finSent && finReceived;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last word is on its way, so that closing need not reset. */
    boolean isEnding() {
        lock.lock();
        try {
            return finished && finReceived;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody will read what is left. */
    void discard() {
        lock.lock();
        try {
            inbound.clear();
        } finally {
            lock.unlock();
        }
    }

    boolean isAccepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    void awaitAccepted() throws StreamResetException, InterruptedIOException {
        lock.lock();
        try {
            while (!accepted) {
                checkNotReset();
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd() throws StreamResetException, InterruptedIOException {
        lock.lock();
        try {
            while (!finSent || !finReceived) {
                checkNotReset();
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    StreamResetException resetCause() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    private void checkNotReset() throws StreamResetException {
        if (end != null) {
            throw new StreamResetException(end.code(), String.valueOf(end.getMessage()));
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void await() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting in a stream");
        }
    }
}
