package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection to the peer, straight or through a proxy, with datagrams in it ({@link StreamDeframer}).
 *
 * <p>When the system takes no more, what is left of a datagram waits here, and the socket is {@link #full}: the node is
 * told, and puts no payload on the link until there is room again. What it sends nevertheless (acknowledgements and
 * probes, and what was under way) waits too; beyond that, whole datagrams are dropped, never a part of one. How much the
 * system holds is bounded by the link's congestion window (docs/adr/0019).
 *
 * <p>Thread-safe; {@link #receive} is for one thread.
 */
final class TcpSocket extends NodeSocket {
    private static final int BUFFER_BYTES =
            64 * 1024; // what one hold of the node's lock may seal, twice, and small ones

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final Runnable answered;
    private final Consumer<TcpSocket> closed;
    private final StreamDeframer deframer = new StreamDeframer();
    private @Nullable ByteBuffer out; // the sending thread's; strangers get none
    private volatile boolean full;
    private volatile boolean toldFull;
    private volatile @Nullable SelectionKey key;
    private volatile Runnable wake = () -> {};
    private volatile long authenticNanos;
    private volatile boolean authentic;

    /**
     * A socket around a connection.
     *
     * @param connected the connection
     * @param remote who is at its other end: the peer or a proxy
     * @param answered called at the first authentic datagram
     * @param closed called when it is closed, at least once
     */
    TcpSocket(
            SocketChannel connected,
            InetSocketAddress remote,
            Runnable answered,
            Consumer<TcpSocket> closed,
            IoCounters counters)
            throws IOException {
        super(counters);
        this.channel = connected;
        this.remote = remote;
        this.answered = answered;
        this.closed = closed;
        connected.configureBlocking(false);
    }

    @Override
    SocketChannel channel() {
        return channel;
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** The network thread watches it from now on, for room too. */
    void handleWatched(SelectionKey watching, Runnable wakeUp) {
        wake = wakeUp;
        key = watching;
    }

    // ---- sending ----

    @Override
    @Nullable
    Transmit send(Transmit transmit) {
        ByteBuffer buffer = out;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            out = buffer;
        }
        int bytes = StreamDeframer.LENGTH_BYTES + transmit.length();
        if (buffer.remaining() < bytes) {
            flushed();
        }
        if (buffer.remaining() < bytes) {
            counters().sendBufferFull.increment();
        } else {
            buffer.putShort((short) transmit.length());
            buffer.put(transmit.bytes(), Transmit.HEADROOM_BYTES, transmit.length());
        }
        transmit.release();
        return null;
    }

    @Override
    void flushed() {
        ByteBuffer buffer = out;
        if (buffer == null || buffer.position() == 0 || full) {
            return;
        }
        try {
            buffer.flip();
            channel.write(buffer);
            buffer.compact();
            if (buffer.position() > 0) {
                awaitRoom();
            }
        } catch (ClosedChannelException | CancelledKeyException e) {
            buffer.clear(); // the link went away meanwhile
        } catch (IOException e) { // reading tells the node of it
            buffer.clear();
            counters().sendFailed.increment();
        }
    }

    private void awaitRoom() {
        full = true; // first: once it is watched for, the network thread may find room at once
        SelectionKey watching = key;
        if (watching != null && watching.isValid()) {
            watching.interestOpsOr(SelectionKey.OP_WRITE);
            wake.run();
        }
    }

    /** The system takes more. The network thread's; {@link #flush} follows. */
    void handleWritable() {
        full = false;
        touch();
    }

    /** Whether the system takes no more for now. */
    boolean full() {
        return full;
    }

    /** What the node was last told of that. Under the node's lock. */
    boolean toldFull() {
        return toldFull;
    }

    void toldFull(boolean told) {
        toldFull = told;
    }

    // ---- receiving ----

    /**
     * Takes in a part of what the system has; to be received before the next call.
     *
     * @throws IOException when the connection has ended
     */
    void handleReadable() throws IOException {
        if (channel.read(deframer.room()) < 0) {
            throw new EOFException("the connection was closed at its other end");
        }
        deframer.handleRead();
    }

    @Override
    boolean receive(Inbound into) throws IOException {
        if (deframer.poll(into.arrivals())) {
            into.take(remote, Inbound.MAX_DATAGRAM_BYTES, (source, datagram) -> true);
            return true;
        }
        if (deframer.malformed()) {
            counters().framing.increment();
            throw new ProtocolException("what came is no datagram");
        }
        return false;
    }

    /** Whether there is more to be received of what was taken in. */
    boolean hasBuffered() {
        return deframer.isReady();
    }

    @Override
    void handleAuthentic(InetSocketAddress source) {
        authenticNanos = System.nanoTime();
        if (!authentic) {
            authentic = true;
            answered.run();
        }
    }

    /** Whether anything authentic ever came through it. */
    boolean isAuthentic() {
        return authentic;
    }

    /** When the last authentic datagram came, by {@link System#nanoTime}; 0 before the first. */
    long authenticNanos() {
        return authenticNanos;
    }

    /** A connection does not get better. */
    @Override
    boolean handleReceiveFailed() {
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Whatever was to be sent on it is for nothing now.
        }
        closed.accept(this);
    }
}
