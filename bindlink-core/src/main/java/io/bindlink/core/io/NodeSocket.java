package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocket;
import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A datagram socket that the node knows by a number.
 *
 * <p>Datagrams are sealed under the node's lock and sent outside it, and more than one thread may have some for the same
 * socket. So that they leave in the order of their numbers, they are queued under the lock, which fixes the order, and
 * whoever flushes first sends all there are, also those that others add meanwhile. Those of one size to one place leave
 * as one train.
 *
 * <p>Thread-safe; {@link #receive} is for one thread.
 */
abstract class NodeSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSocket.class);
    private static final int MAX_FAILURES = 64; // read errors in a row: soft ones end, a dead socket's do not

    private final UdpEndpoint endpoint;
    private final UdpSocket udp;
    private final IoCounters counters;
    private final ArrayDeque<Transmit> queue = new ArrayDeque<>();
    private final ByteBuffer train; // of the thread that sends
    private final Inbound.Filter filter = this::accept; // made once
    private boolean sending; // guarded by queue
    private volatile boolean pending;
    private int failures;
    private volatile int number;

    NodeSocket(UdpEndpoint endpoint, IoCounters counters) {
        this.endpoint = endpoint;
        this.udp = endpoint.socket();
        this.counters = counters;
        this.train = ByteBuffer.allocateDirect(
                udp.maxTrainDatagrams() > 1
                        ? UdpSocket.MAX_TRAIN_BYTES
                        : Transmit.HEADROOM_BYTES + Transmit.MAX_DATAGRAM_BYTES);
    }

    /** The number the node knows it by; 0 before it has one. */
    final int number() {
        return number;
    }

    final void number(int number) {
        this.number = number;
    }

    final DatagramChannel channel() {
        return endpoint.channel();
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
        Transmit next = nextOrDone();
        while (next != null) {
            Transmit behind = sendTrain(next);
            next = behind != null ? behind : nextOrDone();
        }
    }

    private @Nullable Transmit nextOrDone() {
        synchronized (queue) {
            Transmit next = queue.poll();
            if (next == null) {
                sending = false;
                pending = false;
            }
            return next;
        }
    }

    private @Nullable Transmit next() {
        synchronized (queue) {
            return queue.poll();
        }
    }

    /** Sends a datagram and all behind it that can go with it. Answers the first that cannot. */
    private @Nullable Transmit sendTrain(Transmit first) {
        InetSocketAddress peer = first.remote();
        InetSocketAddress remote = destination(first);
        int length = first.length();
        int room = udp.maxTrainDatagrams() - 1;
        train.clear();
        int datagramBytes = board(first);
        Transmit next = room > 0 ? next() : null;
        while (next != null && next.length() <= length && fits(next, peer)) {
            boolean last = next.length() < length || --room == 0; // a shorter one ends the train
            board(next);
            next = last ? null : next();
        }
        send(0, train.position(), datagramBytes, remote);
        return next;
    }

    private boolean fits(Transmit next, @Nullable InetSocketAddress peer) {
        return train.remaining() >= Transmit.HEADROOM_BYTES + next.length() && Objects.equals(next.remote(), peer);
    }

    /** Puts a datagram behind those in the train. Its size with a proxy's header. */
    private int board(Transmit transmit) {
        int start = start(transmit);
        int bytes = Transmit.HEADROOM_BYTES + transmit.length() - start;
        train.put(transmit.bytes(), start, bytes);
        transmit.release();
        return bytes;
    }

    /** Sends a part of the train; when it is refused as a whole, each datagram by itself. */
    private void send(int start, int end, int datagramBytes, @Nullable InetSocketAddress remote) {
        int count = (end - start + datagramBytes - 1) / datagramBytes;
        try {
            if (!trySend(start, end, datagramBytes, remote)) {
                counters.sendBufferFull.add(count);
            }
        } catch (ClosedChannelException e) {
            // The link went away meanwhile.
        } catch (IOException | IllegalArgumentException e) { // the latter: a target of the other address family
            if (count == 1) {
                counters.sendFailed.increment();
            } else {
                sendSingly(end, datagramBytes, remote, e);
            }
        }
    }

    private void sendSingly(int end, int datagramBytes, @Nullable InetSocketAddress remote, Exception refusal) {
        if (udp.maxTrainDatagrams() == 1) {
            LOG.info("datagrams go one by one from now on: {}", refusal.getMessage());
        }
        for (int start = 0; start < end; start += datagramBytes) {
            send(start, Math.min(start + datagramBytes, end), datagramBytes, remote);
        }
    }

    private boolean trySend(int start, int end, int datagramBytes, @Nullable InetSocketAddress remote)
            throws IOException {
        try {
            return udp.send(train.limit(end).position(start), datagramBytes, remote);
        } catch (PortUnreachableException e) { // about an earlier datagram; this one has not been sent
            return udp.send(train.limit(end).position(start), datagramBytes, remote);
        }
    }

    /**
     * Reads a datagram, or several that came together, their proxy headers removed.
     *
     * @param into has room; takes those that are to be handled
     * @return whether there was anything, even if none is to be handled
     * @throws IOException when a read failed
     */
    final boolean receive(Inbound into) throws IOException {
        int datagramBytes = tryReceive(into);
        if (datagramBytes < 0) {
            return false;
        }
        into.take(source(udp.source()), datagramBytes, filter);
        return true;
    }

    private int tryReceive(Inbound into) throws IOException {
        try {
            return udp.receive(into.arrivals());
        } catch (PortUnreachableException e) { // nobody listens there yet; the node's own probes decide
            return udp.receive(into.arrivals());
        }
    }

    /** What the node is told of a datagram's source. */
    InetSocketAddress source(InetSocketAddress source) {
        return source;
    }

    /** Whether to handle a datagram; a proxy's header is skipped. */
    boolean accept(InetSocketAddress source, ByteBuffer datagram) {
        return true;
    }

    /** The node opened the last datagram from there: it was the peer's. Under the node's lock. */
    void handleAuthentic(InetSocketAddress source) {}

    /** Where the datagram begins in the buffer, after a proxy's header was put before it. */
    int start(Transmit transmit) {
        return Transmit.HEADROOM_BYTES;
    }

    /** Where a datagram is sent; null when the channel is connected. One thread at a time. */
    abstract @Nullable InetSocketAddress destination(Transmit transmit);

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
            endpoint.close();
        } catch (IOException e) {
            // A datagram socket holds nothing back that could be lost.
        }
    }
}
