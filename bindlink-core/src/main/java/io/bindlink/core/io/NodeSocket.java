package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A socket that datagrams go through and that the node knows by a number: a {@link UdpNodeSocket} or a {@link TcpSocket}.
 *
 * <p>Datagrams are sealed under the node's lock and sent outside it, and more than one thread may have some for the same
 * socket. So that they leave in the order of their numbers, they are queued under the lock, which fixes the order, and
 * whoever flushes first sends all there are, also those that others add meanwhile.
 *
 * <p>Thread-safe; {@link #receive} is for one thread.
 */
abstract class NodeSocket implements AutoCloseable {
    private final IoCounters counters;
    private final ArrayDeque<Transmit> queue = new ArrayDeque<>();
    private boolean sending; // guarded by queue
    private volatile boolean pending;
    private volatile int number;

    NodeSocket(IoCounters counters) {
        this.counters = counters;
    }

    /** The number the node knows it by; 0 before it has one. */
    final int number() {
        return number;
    }

    final void number(int number) {
        this.number = number;
    }

    final IoCounters counters() {
        return counters;
    }

    /** What the network thread waits for. */
    abstract SelectableChannel channel();

    /** Takes a datagram to be sent by the next flush. Under the node's lock. */
    final void enqueue(Transmit transmit) {
        synchronized (queue) {
            queue.add(transmit);
            pending = true;
        }
    }

    /** Makes the next flush call {@link #flushed} though nothing may be queued. */
    final void touch() {
        synchronized (queue) {
            pending = true;
        }
    }

    /** Sends what is queued, unless another thread is at it. Outside the node's lock; never blocks. */
    final void flush() {
        if (!pending) {
            return;
        }
        synchronized (queue) {
            if (sending) {
                return;
            }
            sending = true;
        }
        while (takePending()) {
            Transmit next = next();
            while (next != null) {
                Transmit behind = send(next);
                next = behind != null ? behind : next();
            }
            flushed();
        }
    }

    /** Whether there is work since the last call; if not, the next to flush has its turn. */
    private boolean takePending() {
        synchronized (queue) {
            sending = pending;
            pending = false;
            return sending;
        }
    }

    /** The next that is queued. For the thread that sends. */
    final @Nullable Transmit next() {
        synchronized (queue) {
            return queue.poll();
        }
    }

    /**
     * Hands a datagram to the system, or keeps its bytes until {@link #flushed}, and releases it. It may take those that are
     * {@link #next} along. One thread at a time; never throws.
     *
     * @return the first taken that could not go along; null when there is none
     */
    abstract @Nullable Transmit send(Transmit transmit);

    /** All that was queued has been handed to {@link #send}. One thread at a time. */
    void flushed() {}

    /**
     * Reads a datagram, or several that came together, their proxy headers removed.
     *
     * @param into has room; takes those that are to be handled
     * @return whether there was anything, even if none is to be handled
     * @throws IOException when a read failed
     */
    abstract boolean receive(Inbound into) throws IOException;

    /** The node opened the last datagram from there: it was the peer's. Under the node's lock. */
    void handleAuthentic(InetSocketAddress source) {}

    /** A read failed. Answers whether the socket is to be given up. */
    abstract boolean handleReceiveFailed();

    /** The connection ended by which this socket's relay was asked for. Answers whether the socket is to be given up. */
    boolean handleControlEnd() {
        return true;
    }

    /** A read brought something. */
    void handleReceived() {}

    @Override
    public abstract void close();
}
