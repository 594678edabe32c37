package io.bindlink.core.io;

import io.bindlink.api.Counter;
import io.bindlink.api.spi.DatagramTooLargeException;
import io.bindlink.api.spi.UdpSocket;
import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket. Datagrams of one size to one place leave as one train. Thread-safe; {@link #receive} is for one thread. */
abstract class UdpNodeSocket extends NodeSocket {
    private static final Logger LOG = LoggerFactory.getLogger(UdpNodeSocket.class);
    private static final int MAX_FAILURES = 64; // read errors in a row: soft ones end, a dead socket's do not

    private final UdpEndpoint endpoint;
    private final UdpSocket udp;
    private final ByteBuffer train; // of the thread that sends
    private final Inbound.Filter filter = this::accept; // made once
    private int failures;

    UdpNodeSocket(UdpEndpoint endpoint, IoCounters counters) {
        super(counters);
        this.endpoint = endpoint;
        this.udp = endpoint.socket();
        this.train = ByteBuffer.allocateDirect(
                udp.maxTrainDatagrams() > 1
                        ? UdpSocket.MAX_TRAIN_BYTES
                        : Transmit.HEADROOM_BYTES + Transmit.MAX_DATAGRAM_BYTES);
    }

    @Override
    final DatagramChannel channel() {
        return endpoint.channel();
    }

    /** Sends a datagram and all behind it that can go with it. */
    @Override
    final @Nullable Transmit send(Transmit first) {
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
                counters().sendBufferFull.add(count);
            }
        } catch (ClosedChannelException e) {
            // The link went away meanwhile.
        } catch (IOException | IllegalArgumentException e) { // the latter: a target of the other address family
            if (count == 1) {
                IoCounters counters = counters();
                (e instanceof DatagramTooLargeException ? counters.tooLarge : counters.sendFailed).increment();
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
            counters().add(Counter.LINK_FAILURES_ICMP);
            return udp.send(train.limit(end).position(start), datagramBytes, remote);
        }
    }

    @Override
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
            counters().add(Counter.LINK_FAILURES_ICMP);
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

    /** Where the datagram begins in the buffer, after a proxy's header was put before it. */
    int start(Transmit transmit) {
        return Transmit.HEADROOM_BYTES;
    }

    /** Where a datagram is sent; null when the channel is connected. One thread at a time. */
    abstract @Nullable InetSocketAddress destination(Transmit transmit);

    @Override
    final boolean handleReceiveFailed() {
        counters().receiveFailed.increment();
        return ++failures >= MAX_FAILURES;
    }

    @Override
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
