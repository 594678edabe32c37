package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkMap;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Rates;
import io.bindlink.core.session.DialRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node on a real machine, with its threads:
 *
 * <ul>
 *   <li>{@code bindlink-tun} reads the device and carries packets through queue, scheduler and seal to the sockets;
 *   <li>{@code bindlink-net} waits for sockets and timers and carries what arrives to the device;
 *   <li>{@code bindlink-dial-N} wait for name servers and proxies, while there is a need;
 *   <li>{@code bindlink-events} logs events and calls listeners that brought no executor, while there are any.
 * </ul>
 *
 * <p>The first two carry each packet all the way, since handing it from thread to thread would cost more than the work
 * itself; the {@link Engine} lets one at a time into the node. Thread-safe.
 */
public final class NodeDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeDriver.class);
    private static final long CLOSE_NANOS = 2 * Rates.NANOS_PER_SECOND;
    private static final long PATIENCE_NANOS = CLOSE_NANOS / 8; // with one thing that hangs, the others have time left
    private static final long LINGER_MILLIS = 50; // a proxy drops what it has not passed on when its connection ends
    private static final long IDLE_SECONDS = 2; // threads with nothing to do end
    private static final long TIDY_NANOS = Rates.NANOS_PER_SECOND;
    private static final int TIDIES_PER_SCAN = 5;

    private final TunDevice device;
    private final Role role;
    private final IoCounters counters = new IoCounters();
    private final NodeStatus status = new NodeStatus();
    private final StatusHistory history;
    private final LinkHandles handles = new LinkHandles();
    private final AtomicReference<@Nullable Worker> closer = new AtomicReference<>();
    private final AtomicInteger dialThreads = new AtomicInteger();
    private final ThreadPoolExecutor eventThread;
    private final List<EventPump> pumps = new ArrayList<>();
    private final DialPool dials;
    private final TcpConnections connections;
    private final ListenerSet listeners;
    private int tidied; // the network thread's
    private final DeviceEdge edge;
    private final LinkTally tally = new LinkTally(counters);
    private final FlightLog flight;
    private final Engine engine;
    private final NetLoop net;
    private final LiveLinkMap linkMap;
    private final List<Worker> workers = new ArrayList<>(); // guarded by itself; those that ended leave with the next
    private final Worker netThread = worker("bindlink-net", this::runNet);
    private final Worker tunThread = worker("bindlink-tun", this::runTun);

    /**
     * A driver whose threads do not run yet. It owns the device from now on.
     *
     * @param config what it is made of
     * @throws UncheckedIOException if the system has no selector left
     */
    public NodeDriver(DriverConfig config) {
        device = config.device();
        role = config.node().role();
        history = new StatusHistory(device.name(), System.nanoTime());
        eventThread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> worker("bindlink-events", work));
        eventThread.allowCoreThreadTimeOut(true);
        pumps.add(new EventPump(eventThread, new EventLog(this::masters), counters));
        for (EventListener each : config.listeners()) {
            Executor executor = each.executor();
            pumps.add(new EventPump(executor != null ? executor : eventThread, each.consumer(), counters));
        }
        dials = new DialPool(
                new Dialer(config.proxyTarget(), config.udp(), counters),
                work -> worker("bindlink-dial-" + dialThreads.incrementAndGet(), work));
        edge = new DeviceEdge(device, role, counters);
        engine = new Engine(config.node(), edge, new Output(), counters, this::handleLinks, edge::handleReleases);
        flight = FlightLog.of(device.name(), role, engine::stats);
        connections = new TcpConnections(counters);
        listeners = new ListenerSet(engine, config.udp(), counters, connections, this::watch);
        linkMap = new LiveLinkMap(role, config.proxyTarget(), engine, handles, listeners);
        try {
            long tidyNanos = role == Role.MASTER ? TIDY_NANOS : Long.MAX_VALUE;
            net = new NetLoop(engine, tidyNanos, this::tidy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A thread of this driver's. */
    private final class Worker extends Thread {
        Worker(String name, Runnable work) {
            super(work, name);
            setDaemon(true);
        }

        private NodeDriver driver() {
            return NodeDriver.this;
        }
    }

    private Worker worker(String name, Runnable work) {
        Worker worker = new Worker(name, work);
        synchronized (workers) {
            workers.removeIf(each -> each.getState() == Thread.State.TERMINATED);
            workers.add(worker);
        }
        return worker;
    }

    /** What the engine wants done. */
    private final class Output implements EngineOutput {
        @Override
        public void dial(DialRequest request, int ticket) {
            dials.dial(request, ticket, engine);
        }

        @Override
        public void watch(NodeSocket socket) {
            net.watch(socket);
        }

        @Override
        public void publish(Event event) {
            if (!(event instanceof Event.Closed)) { // that one is the driver's, and the last
                status.handleEvent(event);
                tally.handleEvent(event);
                flight.handleEvent(event);
                history.handleEvent(event, Instant.now());
                pumps.forEach(pump -> pump.offer(event));
            }
        }

        @Override
        public void flushEvents() {
            pumps.forEach(EventPump::flush);
        }

        @Override
        public void wake() {
            net.wake();
        }

        @Override
        public void fail(Throwable cause) {
            beginClose(cause);
        }
    }

    /** Starts the threads. Once. */
    public void start() {
        flight.start();
        netThread.start();
        tunThread.start();
    }

    /**
     * Which end this is.
     *
     * @return the same for the node's life
     */
    public Role role() {
        return role;
    }

    /**
     * The node's links. They may be added before {@link #start}.
     *
     * @return the same map for the node's life
     */
    public LinkMap linkMap() {
        return linkMap;
    }

    /**
     * Where a slave looks for its master.
     *
     * @return hosts and ports for people
     */
    public String masters() {
        return linkMap.masters();
    }

    /**
     * The node's figures.
     *
     * @return a snapshot, at most a tenth of a second old; after {@link #close} the last one
     */
    public Stats stats() {
        return engine.stats();
    }

    /**
     * The node as its user wants to see it.
     *
     * @return figures as {@link #stats}, what they came to of late, and the last events
     */
    public Status snapshot() {
        return history.status(stats(), System.nanoTime());
    }

    /**
     * What can be waited for.
     *
     * @return the same for the node's life
     */
    public NodeStatus status() {
        return status;
    }

    private void handleLinks(List<LinkStats> links) {
        handles.handleLinks(engine, links);
    }

    private void watch(TcpAcceptor acceptor) {
        net.watch(acceptor);
    }

    /** A master's regular work, each second: connections that prove nothing go, and addresses are followed. */
    private void tidy() {
        for (TcpSocket expired : connections.takeExpired(System.nanoTime())) {
            engine.handleSocketClosed(expired, "nothing authentic came through it");
        }
        if (++tidied % TIDIES_PER_SCAN == 0) {
            dials.execute(listeners::scan);
        }
    }

    private void runNet() {
        try {
            net.run();
        } catch (Throwable e) {
            beginClose(e);
        } finally {
            net.release();
        }
    }

    private void runTun() {
        try {
            device.run(new DeviceSink(engine, edge, counters));
            beginClose(new IOException("tun device " + device.name() + " came to an end"));
        } catch (Throwable e) {
            beginClose(e);
        }
    }

    /**
     * Closes node, links, device and threads. Idempotent; from any thread. Returns within two seconds, without those
     * threads that hang; at once from a listener, strategy or device, since it cannot wait for itself.
     */
    @Override
    public void close() {
        Worker closing = beginClose(null);
        boolean own = Thread.currentThread() instanceof Worker worker && worker.driver() == this;
        if (own || engine.isEntered()) {
            return;
        }
        try {
            closing.join(CLOSE_NANOS / Rates.NANOS_PER_MILLI);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing goes on without a witness
        }
    }

    /** Starts closing, once; whoever comes later gets the thread that is at it. */
    private Worker beginClose(@Nullable Throwable cause) {
        Worker fresh = new Worker("bindlink-close", () -> closeAll(cause));
        Worker first = closer.compareAndExchange(null, fresh);
        if (first != null) {
            return first;
        }
        fresh.start();
        return fresh;
    }

    private void closeAll(@Nullable Throwable cause) {
        long deadlineNanos = System.nanoTime() + CLOSE_NANOS;
        attempt(() -> engine.shutdown(cause == null ? "closed" : "failed", PATIENCE_NANOS));
        attempt(flight::close);
        attempt(device::close);
        attempt(listeners::close);
        attempt(net::close);
        attempt(dials::close);
        attempt(() -> await(netThread, deadlineNanos - 2 * PATIENCE_NANOS));
        attempt(() -> await(tunThread, deadlineNanos - 2 * PATIENCE_NANOS));
        attempt(() -> {
            if (engine.sockets().usesProxies()) {
                Thread.sleep(LINGER_MILLIS);
            }
            engine.sockets().close();
        });
        attempt(() -> {
            if (netThread.getState() == Thread.State.NEW) { // else its selector goes with it, should it hang as yet
                net.release();
            }
        });
        attempt(() -> closeEvents(new Event.Closed(Optional.ofNullable(cause)), deadlineNanos - PATIENCE_NANOS));
        status.handleClosed(cause);
        attempt(() -> awaitWorkers(deadlineNanos - PATIENCE_NANOS / 2));
    }

    private static void await(Thread thread, long deadlineNanos) throws InterruptedException {
        thread.join(leftMillis(deadlineNanos));
        if (thread.isAlive()) {
            LOG.warn("{} does not end and is interrupted", thread.getName());
            thread.interrupt();
            thread.join(PATIENCE_NANOS / 4 / Rates.NANOS_PER_MILLI);
        }
    }

    private void closeEvents(Event last, long deadlineNanos) throws InterruptedException {
        for (EventPump pump : pumps) {
            pump.offer(last);
            pump.flush();
        }
        for (EventPump pump : pumps) {
            if (!pump.awaitEmpty(deadlineNanos)) {
                eventThread.shutdownNow(); // a listener hangs
            }
        }
        eventThread.shutdown();
    }

    private void awaitWorkers(long deadlineNanos) throws InterruptedException {
        List<Worker> left;
        synchronized (workers) {
            left = List.copyOf(workers);
        }
        for (Worker each : left) {
            each.join(leftMillis(deadlineNanos));
        }
    }

    private static long leftMillis(long deadlineNanos) {
        return Math.max((deadlineNanos - System.nanoTime()) / Rates.NANOS_PER_MILLI, 1); // 0 would be for ever
    }

    /** A step of closing; whatever becomes of it, the next one follows. */
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (Throwable e) {
            LOG.warn("while closing: {}", EventLog.text(e));
            LOG.debug("while closing", e);
        }
    }
}
