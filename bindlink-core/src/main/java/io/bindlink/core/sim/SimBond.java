package io.bindlink.core.sim;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.session.NodeConfig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole bond in one thread on virtual time: the real engine of a master and of a slave, joined by simulated links. The
 * same settings, seed and calls give the same run, to the byte.
 *
 * <pre>{@code
 * try (SimBond bond = SimBond.builder()
 *         .seed(1)
 *         .link(slow)
 *         .link(fast)
 *         .build()) {
 *     bond.awaitUp(Duration.ofSeconds(2));
 *     GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
 *     bond.runFor(Duration.ofSeconds(30));
 *     System.out.println(flow.result());
 * }
 * }</pre>
 *
 * <p>Not thread-safe: confined to its owner.
 */
public final class SimBond implements AutoCloseable {
    private static final int MAX_STEPS_AT_ONCE = 100_000; // far beyond what one instant can rightly hold
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final SimSettings settings;
    private final SplittableRandom random;
    private final PresharedSecret secret;
    private final SimNetwork network = new SimNetwork();
    private final List<Traffic> traffic = new ArrayList<>();
    private final SimEnd master;
    private final SimEnd slave;
    private long nowNanos;
    private int stepsAtOnce;
    private int lastPort;
    private int lastFlow;

    SimBond(SimSettings settings) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.secret = PresharedSecret.random(random);
        this.master = new SimEnd(this, Role.MASTER, new SimClock(random.nextLong(1L << 40), 0));
        this.slave = new SimEnd(this, Role.SLAVE, new SimClock(random.nextLong(1L << 40), settings.driftPpm()));
        settings.links().forEach(models -> network.create(this, models, random));
        master.start();
        slave.start();
        settle();
    }

    /**
     * Begins with one seed, no links, IP packets and the default strategies.
     *
     * @return a builder
     */
    public static SimBondBuilder builder() {
        return new SimBondBuilder();
    }

    /**
     * The end that listens.
     *
     * @return the master
     */
    public SimEnd master() {
        return master;
    }

    /**
     * The end that reaches out.
     *
     * @return the slave
     */
    public SimEnd slave() {
        return slave;
    }

    /**
     * The end of a role.
     *
     * @param role which
     * @return the end
     */
    public SimEnd end(Role role) {
        return role == Role.MASTER ? master : slave;
    }

    /**
     * All links, removed ones too.
     *
     * @return a copy, in the order they were made
     */
    public List<SimLinkPair> links() {
        return List.copyOf(network.links());
    }

    /**
     * One link.
     *
     * @param index from 1, in the order they were made
     * @return the link
     */
    public SimLinkPair link(int index) {
        return network.links().get(index - 1);
    }

    /**
     * Makes another link, while the bond runs.
     *
     * @param up from slave to master
     * @param down from master to slave
     * @return the link, which the slave begins to try at once
     */
    public SimLinkPair addLink(LinkModel up, LinkModel down) {
        SimLinkPair link = network.create(this, new SimSettings.Models(up, down), random);
        link.add();
        return link;
    }

    /**
     * What the devices carry.
     *
     * @return the same at both ends
     */
    public TunDevice.Kind kind() {
        return settings.kind();
    }

    /**
     * Largest packet the devices carry.
     *
     * @return bytes
     */
    public int mtuBytes() {
        return settings.mtuBytes();
    }

    /**
     * The time.
     *
     * @return nanoseconds since the bond was made; the nodes' own clocks begin elsewhere
     */
    public long nowNanos() {
        return nowNanos;
    }

    /**
     * Listens on all links, in both directions.
     *
     * @param newTap sees every datagram the ends send; null: nobody
     */
    public void tap(@Nullable Wiretap newTap) {
        network.tap(newTap);
    }

    /**
     * Sends a datagram to the master from somewhere else on the internet. It arrives at once.
     *
     * @param source where it says it is from
     * @param datagram its bytes
     */
    public void inject(InetSocketAddress source, byte[] datagram) {
        master.handleDatagram(SimNetwork.LISTENER_SOCKET, source, ByteBuffer.wrap(datagram.clone()));
        settle();
    }

    /**
     * Adds something that acts on the bond's clock.
     *
     * @param acting asked for its time from now on
     */
    public void add(Traffic acting) {
        traffic.add(acting);
    }

    /**
     * Ends what {@link #add} began.
     *
     * @param acting the same object
     */
    public void remove(Traffic acting) {
        traffic.remove(acting);
    }

    /**
     * Datagrams the master sent to addresses where nobody is, as after {@link SimLinkPair#rebind}.
     *
     * @return their number
     */
    public long misdirectedDatagrams() {
        return network.misdirectedDatagrams();
    }

    /**
     * Lets time pass.
     *
     * @param time how much
     */
    public void runFor(Duration time) {
        runUntil(() -> false, time);
    }

    /**
     * Lets time pass until something holds.
     *
     * @param condition asked after each event
     * @param limit how long at most
     * @return whether it held
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long endNanos = nowNanos + limit.toNanos();
        settle();
        while (!condition.getAsBoolean()) {
            long nextNanos = Math.max(nowNanos, nextNanos());
            if (nextNanos > endNanos) {
                nowNanos = endNanos;
                return condition.getAsBoolean();
            }
            stepsAtOnce = nextNanos == nowNanos ? stepsAtOnce + 1 : 0;
            if (stepsAtOnce > MAX_STEPS_AT_ONCE) {
                throw new IllegalStateException("time stands still at " + nowNanos + " ns; " + urgency());
            }
            nowNanos = nextNanos;
            step();
        }
        return true;
    }

    /**
     * Lets time pass until both ends are up.
     *
     * @param limit how long at most
     * @throws IllegalStateException if it takes longer; with what happened so far
     */
    public void awaitUp(Duration limit) {
        if (!runUntil(() -> master.isUp() && slave.isUp(), limit)) {
            throw new IllegalStateException(
                    "not up after " + limit + "; slave: " + slave.events() + "; master: " + master.events());
        }
    }

    /**
     * Buffers in use at both ends.
     *
     * @return 0 after {@link #close}, or buffers are lost
     */
    public int buffersOut() {
        return master.buffersOut() + slave.buffersOut();
    }

    /** Ends both nodes in good order, the slave first, and lets two seconds pass. */
    @Override
    public void close() {
        traffic.clear();
        slave.close();
        runFor(CLOSING);
        master.close();
        runFor(CLOSING);
    }

    // ---- for the parts ----

    /** A port that no flow of this bond has used, for both ends. */
    int newPort() {
        return 10_000 + lastPort++ % 50_000;
    }

    /** A flow number that no stream of this bond has used. */
    int newFlow() {
        return ++lastFlow;
    }

    static Role other(Role role) {
        return role == Role.MASTER ? Role.SLAVE : Role.MASTER;
    }

    /** A source of chance of its own for a part of the bond. */
    RandomGenerator newRandom() {
        return random.split();
    }

    NodeConfig nodeConfig(Role role) {
        MultiplexerProvider provider = settings.multiplexer();
        Supplier<Multiplexer> multiplexer = () -> provider.create(settings.multiplexerOptions());
        return new NodeConfig(
                role,
                secret,
                List.of(Suite.values()),
                random.nextLong(),
                settings.kind(),
                settings.kind() == TunDevice.Kind.IP_PACKETS,
                provider.name(),
                provider.version(),
                multiplexer,
                settings.scheduler(),
                settings.congestionControl(),
                settings.bufferBytes(),
                settings.rekeyNanos(),
                settings.sessionTimeoutNanos());
    }

    /** How coarse the nodes' timers are; 0: exact. */
    long timerNanos() {
        return settings.timerNanos();
    }

    SimNetwork network() {
        return network;
    }

    /** Takes out what the nodes have to give, after anything was done to them. */
    void settle() {
        slave.settle();
        master.settle();
    }

    private long nextNanos() {
        long nanos = Math.min(slave.pollTimeout(), master.pollTimeout());
        nanos = Math.min(nanos, network.nextNanos(slave, master));
        for (Traffic acting : traffic) {
            nanos = Math.min(nanos, acting.pollTimeout());
        }
        return nanos;
    }

    private void step() {
        network.deliver(slave, master, nowNanos);
        if (slave.pollTimeout() <= nowNanos) {
            slave.handleTimeout();
        }
        if (master.pollTimeout() <= nowNanos) {
            master.handleTimeout();
        }
        for (Traffic acting : List.copyOf(traffic)) {
            if (acting.pollTimeout() <= nowNanos) {
                acting.handleTimeout(nowNanos);
                settle();
            }
        }
    }

    /** Who wanted to act last, for whoever must find out why time stands still. */
    private String urgency() {
        return "slave wants " + slave.pollTimeout() + ", master " + master.pollTimeout() + ", links "
                + network.nextNanos(slave, master);
    }
}
