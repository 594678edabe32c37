package io.bindlink.core.io;

import io.bindlink.core.base.Rates;
import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slave's socket to a SOCKS5 relay, with the control connection that keeps the relay alive.
 *
 * <p>It is not connected: a relay may answer from another address than it listens at, and connecting later would throw
 * away what waits in the socket. Instead, the source of the first authentic datagram is the only one listened to from
 * then on. Until then anybody's datagrams are looked at, and where there is a doubt about the relay's address, each
 * possible one is tried for a second in turn.
 *
 * <p>Thread-safe.
 */
final class SocksLinkSocket extends UdpNodeSocket {
    private static final long PATIENCE_NANOS = Rates.NANOS_PER_SECOND;
    private static final long EARLY_NANOS = 2 * Rates.NANOS_PER_SECOND;

    private final SocketChannel control;
    private final List<InetSocketAddress> candidates;
    private final byte[] header;
    private final DialMemory memory;
    private final long madeNanos = System.nanoTime();
    private int candidate; // the sending thread's
    private long firstSentNanos;
    private boolean sent;
    private volatile InetSocketAddress relay;
    private volatile @Nullable InetSocketAddress pinned;

    SocksLinkSocket(
            UdpEndpoint bound,
            SocketChannel control,
            List<InetSocketAddress> candidates,
            InetSocketAddress target,
            DialMemory memory,
            IoCounters counters)
            throws IOException {
        super(bound, counters);
        this.control = control;
        this.candidates = candidates;
        this.header = Socks5Datagram.header(target);
        this.memory = memory;
        this.candidate = Math.min(memory.relay(), candidates.size() - 1);
        this.relay = candidates.get(candidate);
        control.configureBlocking(false);
    }

    /** The connection whose end is the end of the relay. */
    SocketChannel control() {
        return control;
    }

    @Override
    boolean accept(InetSocketAddress source, ByteBuffer datagram) {
        InetSocketAddress only = pinned;
        if (only != null && !only.equals(source)) {
            counters().source.increment();
            return false;
        }
        int headerBytes = Socks5Datagram.headerBytes(datagram);
        if (headerBytes < 0) {
            counters().socks.increment();
            return false;
        }
        datagram.position(datagram.position() + headerBytes); // others may stand before it
        return true;
    }

    @Override
    void handleAuthentic(InetSocketAddress source) {
        if (pinned == null) {
            pin(source);
        }
    }

    @Override
    boolean handleControlEnd() {
        return memory.handleControlEnd(System.nanoTime() - madeNanos < EARLY_NANOS);
    }

    private synchronized void pin(InetSocketAddress source) {
        int answering = candidates.indexOf(source);
        if (answering >= 0) { // else it answers from elsewhere: go on sending where it seems to hear us
            relay = source;
        }
        memory.handleRelay(candidates.indexOf(relay));
        memory.handleAnswer();
        pinned = source;
    }

    @Override
    int start(Transmit transmit) {
        int start = Transmit.HEADROOM_BYTES - header.length;
        System.arraycopy(header, 0, transmit.bytes(), start, header.length);
        return start;
    }

    @Override
    InetSocketAddress destination(Transmit transmit) {
        if (pinned == null && candidates.size() > 1) {
            tryNextCandidate();
        }
        return relay;
    }

    private synchronized void tryNextCandidate() {
        long now = System.nanoTime();
        if (pinned != null) {
            return;
        }
        if (!sent) {
            sent = true;
            firstSentNanos = now;
        } else if (now - firstSentNanos > PATIENCE_NANOS) {
            firstSentNanos = now;
            candidate = (candidate + 1) % candidates.size();
            relay = candidates.get(candidate);
        }
    }

    @Override
    public void close() {
        super.close();
        try {
            control.close();
        } catch (IOException e) {
            // Nothing is sent on it any more.
        }
    }
}
