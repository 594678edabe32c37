package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the peer of resets. Nobody waits for that: whoever resets a stream may be the engine itself, or a program about
 * to exit, so the device's own thread does it. Thread-safe.
 */
final class ResetSender {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private final Queue<Reset> resets = new ArrayDeque<>();
    private boolean worthATry;
    private boolean closed;

    /** A reset the peer was not told of yet. */
    private record Reset(int number, ResetCode code, String text) {}

    void add(int number, ResetCode code, String text) {
        lock.lock();
        try {
            resets.add(new Reset(number, code, text));
        } finally {
            lock.unlock();
        }
        retry();
    }

    /** Tries again what a full flow did not take. */
    void retry() {
        lock.lock();
        try {
            worthATry = !resets.isEmpty();
            due.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets them all: the session they belong to has ended. */
    void clear() {
        lock.lock();
        try {
            resets.clear();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            due.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends until closed. */
    void run(PacketSink sink) throws InterruptedIOException {
        while (await()) {
            for (Reset reset : waiting()) {
                send(reset, sink);
            }
        }
    }

    /** Waits for a reason to try; returns false when closed. */
    private boolean await() throws InterruptedIOException {
        lock.lock();
        try {
            while (!worthATry && !closed) {
                due.await();
            }
            worthATry = false;
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    private List<Reset> waiting() {
        lock.lock();
        try {
            return List.copyOf(resets);
        } finally {
            lock.unlock();
        }
    }

    private void send(Reset reset, PacketSink sink) {
        Packet packet = sink.acquire();
        if (packet == null) {
            return;
        }
        StreamMessages.writeReset(packet.data(), reset.code(), reset.text());
        packet.data().flip();
        if (!sink.submit(packet, reset.number(), Delivery.RELIABLE, Offload.NONE)) {
            packet.release();
            return;
        }
        lock.lock();
        try {
            resets.remove(reset);
        } finally {
            lock.unlock();
        }
    }
}
