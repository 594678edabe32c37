package io.bindlink.core.io;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Packet;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.core.base.PooledPacket;
import io.bindlink.core.link.TransmitPool;
import io.bindlink.core.session.Node;
import io.bindlink.core.session.NodeConfig;
import io.bindlink.core.session.NodeEdge;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way into a node from several threads: a lock, held for 16 packets or 100 us at most, never across a send or
 * anything that blocks. A thread that comes back for it before the one that waits has woken up may have it, which spares
 * both a switch for each packet, but only 16 times in a row. Each input ends by polling all outputs: sealed datagrams are queued at their sockets under
 * the lock and sent after it was given back ({@link NodeSocket} keeps their order); the rest goes to
 * {@link EngineOutput}.
 *
 * <p>What the node throws closes it: inputs are ignored from then on, and the throwable is handed out as the cause.
 *
 * <p>Thread-safe.
 */
final class Engine {
    /** Packets under one hold of the lock. */
    static final int BATCH = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long MAX_HOLD_NANOS = 100_000;
    private static final long STATS_AGE_NANOS = 100_000_000;

    private final EntryLock lock = new EntryLock();
    private volatile int overtakes; // in a row, while another thread waited
    private final Role role;
    private final Node node;
    private final EngineOutput output;
    private final IoCounters counters;
    private final NodeOutputs outputs;
    private final long originNanos = System.nanoTime();
    private final SocketTable sockets = new SocketTable();
    private volatile long timeoutNanos = Long.MAX_VALUE;
    private volatile @Nullable StatsSnapshot snapshot;
    private volatile boolean stopped;
    private volatile boolean finished;

    /** A fair lock that tells who has it. */
    private static final class EntryLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        EntryLock() {
            super(true);
        }

        @Override
        public @Nullable Thread getOwner() {
            return super.getOwner();
        }
    }

    private record StatsSnapshot(Stats stats, long takenNanos) {}

    /**
     * An engine around a new node.
     *
     * @param config what the node is made of
     * @param edge the way to the device
     * @param output where everything else goes
     * @param counters what happens outside the node
     * @param linksChanged called under the lock with all links whenever one came, went or changed its state
     * @param afterInput called under the lock after each input
     */
    Engine(
            NodeConfig config,
            NodeEdge edge,
            EngineOutput output,
            IoCounters counters,
            Consumer<List<LinkStats>> linksChanged,
            Runnable afterInput) {
        this.role = config.role();
        this.output = output;
        this.counters = counters;
        this.node = new Node(config, edge, new TransmitPool(), Entropy.secure(), nowNanos());
        this.outputs = new NodeOutputs(node, sockets, output, linksChanged, afterInput);
    }

    /** The node's clock: nanoseconds since the engine was made, so that no comparison of times can overflow. */
    long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    /** When {@link #handleTimeout} is due, on the node's clock. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Whether the calling thread is inside an input: a strategy or device that calls back. */
    boolean isEntered() {
        return lock.isHeldByCurrentThread();
    }

    /** Whether inputs are ignored, because the node is closed or failed. */
    boolean isStopped() {
        return stopped;
    }

    // ---- inputs: network ----

    /** Datagrams of one socket, in the order they came. */
    void handleDatagrams(NodeSocket socket, Inbound inbound) {
        int count = inbound.count();
        int done = 0;
        while (done < count && enter()) {
            try {
                long startNanos = nowNanos();
                long now = startNanos;
                do {
                    handleDatagram(socket, inbound.source(done), inbound.datagram(done++), now);
                    now = nowNanos();
                } while (done < count && now - startNanos < MAX_HOLD_NANOS);
            } catch (Throwable e) {
                fail(e);
            } finally {
                leave();
            }
        }
    }

    private void handleDatagram(NodeSocket socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        if (node.handleDatagram(socket.number(), source, datagram, now)) {
            socket.handleAuthentic(source);
        }
    }

    void handleTimeout() {
        if (enter()) {
            try {
                node.handleTimeout(nowNanos());
            } catch (Throwable e) {
                fail(e);
            } finally {
                leave();
            }
        }
    }

    /** A dial succeeded. The socket is closed if nobody waits for it any more. */
    void handleDialed(LinkId linkId, int ticket, Dialed dialed) {
        NodeSocket socket = dialed.socket();
        boolean taken = input(now -> {
            if (outputs.awaits(linkId, ticket)) {
                add(socket);
                node.handleSocket(linkId, socket.number(), null, dialed.maxDatagramBytes(), now);
            }
        });
        if (!taken || socket.number() == 0) {
            socket.close();
        }
    }

    void handleDialFailed(LinkId linkId, int ticket, String reason) {
        input(now -> {
            if (outputs.awaits(linkId, ticket)) {
                node.handleDialFailed(linkId, reason, now);
            }
        });
    }

    /** A dial failed because the proxy relays no datagrams. */
    void handleDatagramsRefused(LinkId linkId, int ticket, String reason) {
        input(now -> {
            if (outputs.awaits(linkId, ticket)) {
                node.handleDatagramsRefused(linkId, reason, now);
            }
        });
    }

    /** A connection takes bytes again. */
    void handleWritable(TcpSocket socket) {
        socket.handleWritable();
        socket.flush();
        input(now -> {}); // which tells the node
    }

    /** A master's socket is bound. Answers false, and the socket is still the caller's, when the engine is stopped. */
    boolean addListener(NodeSocket socket) {
        return input(now -> add(socket));
    }

    /** A socket failed, or what keeps it alive ended. It is closed. */
    void handleSocketClosed(NodeSocket socket, String reason) {
        input(now -> {
            if (sockets.remove(socket.number()) != null) {
                if (node.handleSocketClosed(socket.number(), reason, now)) {
                    counters.add(LinkFailure.CONTROL_CLOSED.counter());
                }
            }
        });
        socket.close();
    }

    // ---- inputs: device ----

    /** A packet from the device; false: it stays the caller's. */
    boolean handlePacket(Packet packet) {
        if (!enter()) {
            return false;
        }
        try {
            return node.handlePacket(packet, nowNanos());
        } catch (Throwable e) {
            fail(e);
            return true; // the node had it in hand; whether it still has, nobody can tell
        } finally {
            leave();
        }
    }

    /** Best-effort packets from the device, in the order they came; they are released if they are not taken. */
    void handlePackets(PooledPacket[] batch, int count) {
        int done = 0;
        while (done < count && enter()) {
            try {
                long startNanos = nowNanos();
                long now = startNanos;
                do {
                    PooledPacket packet = batch[done++];
                    if (!node.handlePacket(packet, now)) {
                        packet.release();
                    }
                    now = nowNanos();
                } while (done < count && now - startNanos < MAX_HOLD_NANOS);
            } catch (Throwable e) {
                fail(e);
            } finally {
                leave();
            }
        }
        while (done < count) {
            batch[done++].release();
        }
    }

    void handleDeviceWritable(int flow) {
        input(now -> node.handleDeviceWritable(flow, now));
    }

    // ---- inputs: the user ----

    /**
     * Adds a link; it shows up among the links told before this returns.
     *
     * @return its number
     * @throws IllegalStateException when the node is closed
     */
    LinkId addLink(LinkUri uri) {
        if (!enter()) {
            throw new IllegalStateException("the node is closed");
        }
        try {
            LinkId id = node.addLink(uri, nowNanos());
            outputs.publishLinks();
            return id;
        } catch (Throwable e) {
            fail(e);
            throw new IllegalStateException("the node failed", e);
        } finally {
            leave();
        }
    }

    void pauseLink(LinkId linkId, boolean paused) {
        input(now -> node.pauseLink(linkId, paused, now));
    }

    void closeLink(LinkId linkId) {
        input(now -> {
            outputs.cancelDial(linkId);
            node.closeLink(linkId, now);
            outputs.publishLinks();
        });
    }

    /** Figures, at most a tenth of a second old; the last ones when the node is closed. */
    Stats stats() {
        StatsSnapshot newest = snapshot;
        if (newest != null && (finished || nowNanos() - newest.takenNanos() < STATS_AGE_NANOS)) {
            return newest.stats();
        }
        lock.lock();
        try {
            newest = snapshot;
            if (newest == null || !finished) {
                newest = takeStats();
                snapshot = newest;
            }
            return newest.stats();
        } finally {
            lock.unlock();
        }
    }

    private StatsSnapshot takeStats() {
        long now = nowNanos();
        Stats inner = node.stats();
        return new StatsSnapshot(inner.withCounters(counters.mergedWith(inner.counters())), now);
    }

    // ---- the end ----

    /**
     * Ends the node: says goodbye to the peer, takes the last figures, ignores all input from then on. Once.
     *
     * @param reason told to the peer
     * @param patienceNanos how long to wait for a strategy that hangs; the goodbye is left out then
     * @throws InterruptedException if the calling thread is interrupted
     */
    void shutdown(String reason, long patienceNanos) throws InterruptedException {
        stopped = true;
        boolean locked = lock.tryLock(patienceNanos, TimeUnit.NANOSECONDS);
        if (locked) {
            try {
                finish(reason);
            } finally {
                lock.unlock();
            }
            sockets.flush();
        } else {
            tellWhatHangs(lock.getOwner());
        }
        if (snapshot == null) {
            snapshot = new StatsSnapshot(new Stats(role, false, 0, List.of(), Map.of()), nowNanos());
        }
        finished = true;
    }

    private static void tellWhatHangs(@Nullable Thread owner) {
        if (owner != null) {
            String where = Arrays.stream(owner.getStackTrace())
                    .filter(frame -> !"java.base".equals(frame.getModuleName()))
                    .findFirst()
                    .map(StackTraceElement::toString)
                    .orElse("its end");
            LOG.warn("{} hangs in a strategy or device, at {}; the peer gets no goodbye", owner.getName(), where);
        }
    }

    private void finish(String reason) {
        try {
            node.close(reason, nowNanos());
            outputs.pollLast();
            snapshot = takeStats();
        } catch (Throwable e) {
            LOG.debug("the node threw again while it was closed", e); // what it threw first is the cause that is told
        }
    }

    /** The sockets, to be closed after {@link #shutdown}. */
    SocketTable sockets() {
        return sockets;
    }

    // ---- under the lock ----

    /** One input; false when the node is stopped. */
    private boolean input(LongConsumer handler) {
        if (!enter()) {
            return false;
        }
        try {
            handler.accept(nowNanos());
        } catch (Throwable e) {
            fail(e);
        } finally {
            leave();
        }
        return true;
    }

    private boolean enter() {
        lock();
        boolean open = !stopped;
        if (!open) {
            lock.unlock();
        }
        return open;
    }

    /** Polls the outputs, gives the lock back and sends. While there is more, the lock is handed round in between. */
    private void leave() {
        if (lock.getHoldCount() > 1) { // a strategy called back: the outer input polls
            lock.unlock();
            return;
        }
        boolean more;
        do {
            more = pollOutputs();
            boolean told = outputs.takeTold();
            boolean sooner = newTimeout();
            NodeSocket[] retired = outputs.takeRetired();
            lock.unlock();
            sockets.flush();
            finishUnlocked(retired, told, sooner);
            more |= sockets.roomChanged();
            if (more) {
                lock();
            }
        } while (more);
    }

    /** Overtakes who waits (as {@code tryLock} does) for a while, then queues up. */
    private void lock() {
        if (overtakes < BATCH && lock.tryLock()) {
            overtakes = lock.hasQueuedThreads() ? overtakes + 1 : 0;
        } else {
            lock.lock();
            overtakes = 0;
        }
    }

    private void finishUnlocked(NodeSocket[] retired, boolean told, boolean sooner) {
        for (NodeSocket socket : retired) {
            socket.flush();
            socket.close();
        }
        if (told) {
            output.flushEvents();
        }
        if (sooner) {
            output.wake();
        }
    }

    private boolean pollOutputs() {
        if (stopped) {
            return false;
        }
        try {
            sockets.tellRoom(node, nowNanos());
            return outputs.poll();
        } catch (Throwable e) {
            fail(e);
            return false;
        }
    }

    /** Takes over the node's timer. Answers whether it moved forward. */
    private boolean newTimeout() {
        long before = timeoutNanos;
        long next = stopped ? Long.MAX_VALUE : node.pollTimeout();
        timeoutNanos = next;
        return next < before;
    }

    private void add(NodeSocket socket) {
        sockets.add(socket);
        if (socket instanceof TcpSocket) {
            node.handleConnection(socket.number());
        }
        output.watch(socket);
    }

    private void fail(Throwable cause) {
        if (!stopped) {
            stopped = true;
            output.fail(cause);
        }
    }
}
