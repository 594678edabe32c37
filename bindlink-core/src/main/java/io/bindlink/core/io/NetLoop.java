package io.bindlink.core.io;

import io.bindlink.core.base.Rates;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network thread's work: waits on all sockets and for the node's timer, and carries what arrives into the engine. A
 * socket is read some 64 datagrams at a time, so that none starves another or the timer.
 *
 * <p>Sleeping and waking: another thread that moves the timer forward writes it first and then looks whether this one
 * sleeps; this one first says that it sleeps and then reads the timer. One of the two sees the other.
 */
final class NetLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetLoop.class);
    private static final long MAX_SLEEP_MILLIS = 60_000;

    private final Engine engine;
    private final Selector selector;
    private final Queue<NodeSocket> arrivals = new ConcurrentLinkedQueue<>();
    private final Queue<TcpAcceptor> acceptors = new ConcurrentLinkedQueue<>();
    private final List<SelectionKey> resting = new ArrayList<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Inbound inbound = new Inbound();
    private final ByteBuffer scratch = ByteBuffer.allocate(256);
    private final Moderation moderation = new Moderation();
    private final Runnable chore;
    private final long chorePeriodNanos;
    private long choreDueNanos;
    private int served;
    private volatile boolean closed;

    /**
     * A loop that watches nothing yet.
     *
     * @param engine where what arrives goes
     * @param chorePeriodNanos how often to do the chore; {@link Long#MAX_VALUE}: never
     * @param chore must not block
     * @throws IOException if the system has no selector left
     */
    NetLoop(Engine engine, long chorePeriodNanos, Runnable chore) throws IOException {
        this.engine = engine;
        this.chorePeriodNanos = chorePeriodNanos;
        this.choreDueNanos = chorePeriodNanos;
        this.chore = chore;
        this.selector = Selector.open();
    }

    /** A socket to watch from now on. From any thread. */
    void watch(NodeSocket socket) {
        arrivals.add(socket);
        wake();
    }

    /** A master's TCP port to watch from now on. From any thread. */
    void watch(TcpAcceptor acceptor) {
        acceptors.add(acceptor);
        wake();
    }

    /** The timer moved forward, or a socket came. From any thread. */
    void wake() {
        if (asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Works until closed. */
    void run() throws IOException {
        while (!closed) {
            asleep.set(true);
            registerArrivals();
            select(Math.min(engine.timeoutNanos(), choreDueNanos) - engine.nowNanos());
            asleep.set(false);
            long now = engine.nowNanos();
            if (engine.timeoutNanos() <= now) {
                engine.handleTimeout();
            }
            if (choreDueNanos <= now) {
                choreDueNanos = now + chorePeriodNanos;
                chore.run();
                wakeAcceptors();
            }
            moderation.served(served, now, engine.timeoutNanos() - now);
            served = 0;
        }
    }

    /** Those that found the system short of descriptors try again. */
    private void wakeAcceptors() {
        for (SelectionKey key : resting) {
            if (key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
        resting.clear();
    }

    private void select(long waitNanos) throws IOException {
        if (closed || waitNanos <= 0) {
            selector.selectNow(this::handleReady);
        } else {
            // Rounded up: a millisecond late is what pacers are made for, a busy wait is not
            long millis = Math.min((waitNanos - 1) / Rates.NANOS_PER_MILLI + 1, MAX_SLEEP_MILLIS);
            selector.select(this::handleReady, millis);
        }
    }

    private void registerArrivals() {
        for (NodeSocket next = arrivals.poll(); next != null; next = arrivals.poll()) {
            try {
                SelectionKey key = register(next.channel(), next);
                if (next instanceof TcpSocket stream) {
                    stream.handleWatched(key, this::wake);
                    key.interestOpsOr(SelectionKey.OP_WRITE); // it may have been full before
                } else if (next instanceof SocksLinkSocket socks) {
                    register(socks.control(), socks);
                }
            } catch (ClosedChannelException e) {
                LOG.trace("closed before it was watched", e);
            } catch (CancelledKeyException e) {
                LOG.trace("closed while it was being watched", e);
            }
        }
        for (TcpAcceptor next = acceptors.poll(); next != null; next = acceptors.poll()) {
            try {
                next.channel().register(selector, SelectionKey.OP_ACCEPT, next);
            } catch (ClosedChannelException e) {
                LOG.trace("closed before it was watched", e);
            }
        }
    }

    private SelectionKey register(SelectableChannel channel, NodeSocket socket) throws ClosedChannelException {
        return channel.register(selector, SelectionKey.OP_READ, socket);
    }

    private void handleReady(SelectionKey key) {
        asleep.set(false);
        if (key.attachment() instanceof TcpAcceptor acceptor) {
            if (!acceptor.handleAcceptable()) {
                key.interestOps(0);
                resting.add(key);
            }
        } else if (key.attachment() instanceof TcpSocket stream) {
            serve(stream, key);
        } else if (key.channel() instanceof SocketChannel control) {
            watchControl(control, key);
        } else {
            read((NodeSocket) key.attachment());
        }
    }

    private void serve(TcpSocket stream, SelectionKey key) {
        try {
            boolean readable = key.isReadable();
            if (key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE); // first: whoever finds it full asks for it again
                engine.handleWritable(stream);
            }
            if (readable) {
                stream.handleReadable(); // once, so that a fast one does not starve the others and the timer
                do {
                    read(stream);
                } while (stream.hasBuffered());
            }
        } catch (CancelledKeyException | ClosedChannelException e) {
            LOG.trace("closed meanwhile", e);
        } catch (IOException e) {
            handleFailure(stream, e);
        }
    }

    private void read(NodeSocket socket) {
        inbound.clear();
        IOException failure = null;
        try {
            boolean more = true;
            for (int i = 0; more && i < Inbound.ENOUGH && inbound.hasRoom(); i++) {
                more = socket.receive(inbound);
            }
        } catch (PortUnreachableException | ClosedChannelException e) {
            LOG.trace("nothing to read", e); // the former tells of a datagram sent; the node's own probes decide
        } catch (IOException e) {
            failure = e;
        }
        served += inbound.count();
        if (inbound.count() > 0) {
            socket.handleReceived();
            engine.handleDatagrams(socket, inbound);
        }
        if (failure != null) { // what came before is worth hearing, a goodbye above all
            handleFailure(socket, failure);
        }
    }

    private void handleFailure(NodeSocket socket, IOException e) {
        if (socket.handleReceiveFailed()) {
            engine.handleSocketClosed(socket, "socket failed: " + e.getMessage());
        }
    }

    /** Nothing is expected on a control connection but its end, which is the relay's end as a rule. */
    private void watchControl(SocketChannel control, SelectionKey key) {
        NodeSocket socket = (NodeSocket) key.attachment();
        try {
            scratch.clear();
            if (control.read(scratch) >= 0) {
                return;
            }
            key.cancel(); // it would be ready for ever
            if (socket.handleControlEnd()) {
                engine.handleSocketClosed(socket, "the proxy closed the control connection");
            }
        } catch (IOException e) {
            engine.handleSocketClosed(socket, "the proxy's control connection failed: " + e.getMessage());
        }
    }

    /** Makes {@link #run} return soon. From any thread. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    /** Gives the selector back; at the end of the thread, or when there never was one. */
    void release() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("selector", e);
        }
    }
}
