package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket that the node knows by a number.
 *
 * <p>Datagrams are sealed under the node's lock and sent outside it, and more than one thread may have some for the same
 * socket. So that they leave in the order of their numbers, they are queued under the lock, which fixes the order, and
 * whoever flushes first sends all there are, also those that others add meanwhile.
 *
 * <p>Thread-safe; {@link #receive} is for one thread.
 */
abstract class NodeSocket implements AutoCloseable {
    /** Room for the largest datagram with the longest header in front. */
    static final int RECEIVE_BYTES = 2048;

    private static final int BUFFER_BYTES = 1 << 20; // a burst of some 700 datagrams; the system may grant less
    private static final int MAX_FAILURES = 64; // read errors in a row: soft ones end, a dead socket's do not

    private final DatagramChannel channel;
    private final IoCounters counters;
    private final ArrayDeque<Transmit> queue = new ArrayDeque<>();
    private final ByteBuffer sendBuffer =
            ByteBuffer.allocateDirect(Transmit.HEADROOM_BYTES + Transmit.MAX_DATAGRAM_BYTES);
    private boolean sending; // guarded by queue
    private volatile boolean pending;
    private int failures;
    private volatile int number;

    NodeSocket(DatagramChannel channel, IoCounters counters) throws IOException {
        this.channel = channel;
        this.counters = counters;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    }

    /** The number the node knows it by; 0 before it has one. */
    final int number() {
        return number;
    }

    final void number(int number) {
        this.number = number;
    }

    final DatagramChannel channel() {
        return channel;
    }

    final IoCounters counters() {
        return counters;
    }

    /** Takes a datagram to be sent by the next flush. Under the node's lock. */
    final void enqueue(Transmit transmit) {
        synchronized (queue) {
            queue.add(transmit);
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
        for (Transmit next = next(); next != null; next = next()) {
            send(next);
            next.release();
        }
    }

    private @Nullable Transmit next() {
        synchronized (queue) {
            Transmit next = queue.poll();
            if (next == null) {
                sending = false;
                pending = false;
            }
            return next;
        }
    }

    private void send(Transmit transmit) {
        try {
            int start = start(transmit);
            sendBuffer.clear();
            sendBuffer.put(transmit.bytes(), start, Transmit.HEADROOM_BYTES + transmit.length() - start);
            sendBuffer.flip();
            if (!trySend(transmit)) {
                counters.sendBufferFull.increment();
            }
        } catch (ClosedChannelException e) {
            // The link went away meanwhile.
        } catch (IOException | IllegalArgumentException e) { // the latter: a target of the other address family
            counters.sendFailed.increment();
        }
    }

    private boolean trySend(Transmit transmit) throws IOException {
        try {
            return write(sendBuffer, transmit);
        } catch (PortUnreachableException e) { // about an earlier datagram; this one has not been sent
            return write(sendBuffer, transmit);
        }
    }

    /**
     * Reads a datagram, its proxy header removed.
     *
     * @param into empty; position and limit are set around the datagram
     * @return where it came from; null when there is none
     * @throws IOException when a read failed
     */
    abstract @Nullable InetSocketAddress receive(ByteBuffer into) throws IOException;

    /** The node opened the last datagram from there: it was the peer's. Under the node's lock. */
    void handleAuthentic(InetSocketAddress source) {}

    /** Where the datagram begins in the buffer, after a proxy's header was put before it. */
    int start(Transmit transmit) {
        return Transmit.HEADROOM_BYTES;
    }

    /** Hands a datagram to the system; false when its buffer is full. One thread at a time. */
    abstract boolean write(ByteBuffer datagram, Transmit transmit) throws IOException;

    /** Counts a failed read. Answers whether the socket is to be given up. */
    final boolean handleReceiveFailed() {
        counters.receiveFailed.increment();
        return ++failures >= MAX_FAILURES;
    }

    final void handleReceived() {
        failures = 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // A datagram socket holds nothing back that could be lost.
        }
    }
}
