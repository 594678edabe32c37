package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the peer was not told of yet and nobody waits for: resets, and the messages of streams whose flow was full.
 * Whoever causes them may be the engine itself, or a program about to exit, so the device's own thread sends them.
 * Thread-safe.
 */
final class Owed {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private final Queue<Reset> resets = new ArrayDeque<>();
    private final Set<ByteStream> streams = new LinkedHashSet<>();
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

    /** A stream has messages to send, and its flow takes some. */
    void add(ByteStream stream) {
        lock.lock();
        try {
            streams.add(stream);
        } finally {
            lock.unlock();
        }
        retry();
    }

    /** Tries again what a full flow did not take. */
    void retry() {
        lock.lock();
        try {
            worthATry = !resets.isEmpty() || !streams.isEmpty();
            if (worthATry) {
                due.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets it all: the session it belongs to has ended. */
    void clear() {
        lock.lock();
        try {
            resets.clear();
            streams.clear();
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
            send(sink);
        }
    }

    /** Sends what can be sent now. */
    void send(PacketSink sink) {
        for (ByteStream stream : takeStreams()) {
            stream.handleOwing(); // comes back by itself when its flow takes messages again
        }
        for (Reset reset : waitingResets()) {
            send(reset, sink);
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

    private List<ByteStream> takeStreams() {
        lock.lock();
        try {
            List<ByteStream> taken = List.copyOf(streams);
            streams.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private List<Reset> waitingResets() {
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
