package io.bindlink.core.sim;

import io.bindlink.api.Delivery;
import io.bindlink.api.Event;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.core.base.PooledPacket;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import io.bindlink.core.session.DialRequest;
import io.bindlink.core.session.Node;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated bond: the real engine, an in-memory device and the applications behind it. Confined to its
 * bond.
 */
public final class SimEnd {
    private static final int MAX_BACKLOG_PACKETS = 500; // of a frozen end: the usual queue of a tun device

    private final SimBond bond;
    private final Role role;
    private final SimClock clock;
    private final SimDevice device;
    private final List<Event> events = new ArrayList<>();
    private final Deque<Waiting> backlog = new ArrayDeque<>();
    private TransmitPool transmits = new TransmitPool();
    private @Nullable Node node; // null: its process is dead
    private int lastSocket;
    private long frozenUntilNanos;
    private long sleptNanos; // when the process last began to wait, and for what
    private long awaitedNanos = Long.MAX_VALUE;

    /** A packet that waits for a frozen process. */
    private record Waiting(ByteBuffer bytes, int flow, Delivery delivery) {}

    /** Something done to a node, at a time of its own clock. */
    @FunctionalInterface
    interface NodeAction {
        void run(Node node, long localNanos);
    }

    SimEnd(SimBond bond, Role role, SimClock clock) {
        this.bond = bond;
        this.role = role;
        this.clock = clock;
        this.device = new SimDevice(bond.kind());
    }

    // ---- what a user does with it ----

    /**
     * Which end it is.
     *
     * @return its role
     */
    public Role role() {
        return role;
    }

    /**
     * Submits a packet to the device, with flow 0 and best effort, as a device for IP packets does.
     *
     * @param packet its bytes between position and limit; copied
     * @return false when it was not taken
     */
    public boolean send(ByteBuffer packet) {
        return send(packet, 0, Delivery.BEST_EFFORT);
    }

    /**
     * Submits a packet to the device.
     *
     * @param packet its bytes between position and limit; copied
     * @param flow the flow's number; over 0 at a device for streams
     * @param delivery what the flow is promised
     * @return false when it was not taken: {@link PacketReceiver#handleAccepting} follows
     */
    public boolean send(ByteBuffer packet, int flow, Delivery delivery) {
        if (node == null) {
            return false;
        }
        if (frozen()) {
            return backlog.size() < MAX_BACKLOG_PACKETS
                    && backlog.add(new Waiting(SimDevice.copy(packet), flow, delivery));
        }
        return submit(node, packet, flow, delivery);
    }

    /**
     * Says who gets packets.
     *
     * @param key the destination port of UDP and TCP packets; for streams the flow's number
     * @param receiver gets them, and hears when the flow takes packets again
     */
    public void attach(int key, PacketReceiver receiver) {
        device.attach(key, receiver);
    }

    /**
     * Ends what {@link #attach} began.
     *
     * @param key the same key
     */
    public void detach(int key) {
        device.detach(key);
    }

    /** The device is full from now on, as when nobody reads from it. */
    public void stall() {
        device.stall();
    }

    /** The device is not full any more. */
    public void resume() {
        List<Integer> waiting = device.resume();
        onNode((running, now) -> waiting.forEach(flow -> running.handleDeviceWritable(flow, now)));
    }

    /**
     * Stops the process for a while, as a garbage collection or a busy machine does: datagrams, timers and packets wait.
     *
     * @param pause for how long from now
     */
    public void freeze(Duration pause) {
        frozenUntilNanos = Math.max(frozenUntilNanos, bond.nowNanos() + pause.toNanos());
    }

    /** Ends the node in good order; the peer is told. It can be started again by {@link #restart}. */
    public void close() {
        onNode((running, now) -> running.close("closed", now));
    }

    /** Kills the process: the peer is not told, and what it held is gone. */
    public void crash() {
        node = null;
        transmits = new TransmitPool();
        device.reset(bond.nowNanos());
        backlog.clear();
    }

    /** Starts a new process in place of the old one, if need be after {@link #crash}. */
    public void restart() {
        crash();
        start();
        bond.settle();
    }

    /**
     * Figures of the node.
     *
     * @return a snapshot
     * @throws IllegalStateException after {@link #crash}
     */
    public Stats stats() {
        if (node == null) {
            throw new IllegalStateException("the " + role + "'s process is dead");
        }
        return node.stats();
    }

    /**
     * Figures of one link.
     *
     * @param link the link
     * @return a snapshot
     * @throws IllegalStateException if the session does not have it
     */
    public LinkStats stats(SimLinkPair link) {
        return stats().links().stream()
                .filter(stats -> Optional.of(stats.id()).equals(link.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the " + role + " does not know " + link));
    }

    /**
     * What happened so far, at all processes of this end.
     *
     * @return a copy, the oldest first
     */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /**
     * Whether a session with the peer is up and one of its links carries packets.
     *
     * @return false after {@link #crash}
     */
    public boolean isUp() {
        return node != null && node.isUp();
    }

    /**
     * Packets that came out for nobody.
     *
     * @return their number
     */
    public long unclaimedPackets() {
        return device.unclaimedPackets();
    }

    /**
     * What came out of the device: the packets of all flows, headers included.
     *
     * @return bytes, since the bond was made
     */
    public long deliveredBytes() {
        return device.deliveredBytes();
    }

    /**
     * Buffers in use, of packets and of datagrams.
     *
     * @return 0 when every one came back
     */
    public int buffersOut() {
        return device.buffersOut() + transmits.out();
    }

    // ---- the bond's side ----

    void start() {
        node = new Node(bond.nodeConfig(role), device, transmits, bond.newRandom(), localNanos());
        if (role == Role.SLAVE) {
            bond.links().forEach(SimLinkPair::add);
        }
    }

    void onNode(NodeAction action) {
        if (node != null) {
            action.run(node, localNanos());
            bond.settle();
        }
    }

    void handleDatagram(int socket, InetSocketAddress source, ByteBuffer datagram) {
        if (node != null) {
            node.handleDatagram(socket, source, datagram, localNanos());
            settle();
            awaitedNanos = Long.MAX_VALUE; // it is awake: coarse timers are looked at, and set anew
            if (bond.timerNanos() > 0 && clock.bond(node.pollTimeout()) <= bond.nowNanos()) {
                handleTimeout();
            }
        }
    }

    /** When the node or its backlog wants {@link #handleTimeout}, on the bond's clock. */
    long pollTimeout() {
        if (node == null) {
            return Long.MAX_VALUE;
        }
        return awake(backlog.isEmpty() ? wakingNanos(clock.bond(node.pollTimeout())) : bond.nowNanos());
    }

    /** When a process that waits for a time goes on: its wait is a whole number of its timer's steps. */
    private long wakingNanos(long dueNanos) {
        long stepNanos = bond.timerNanos();
        if (stepNanos == 0 || dueNanos == Long.MAX_VALUE) {
            return dueNanos;
        }
        if (dueNanos < awaitedNanos) { // it waits anew, for less
            sleptNanos = bond.nowNanos();
            awaitedNanos = dueNanos;
        }
        long steps = Math.max(0, dueNanos - sleptNanos + stepNanos - 1) / stepNanos;
        return sleptNanos + steps * stepNanos;
    }

    void handleTimeout() {
        if (node == null) {
            return;
        }
        for (Waiting packet = backlog.poll(); packet != null; packet = backlog.poll()) {
            submit(node, packet.bytes(), packet.flow(), packet.delivery());
        }
        awaitedNanos = Long.MAX_VALUE;
        node.handleTimeout(localNanos());
        settle();
    }

    /** The first time at or after the one given at which the process runs. */
    long awake(long nanos) {
        return Math.max(nanos, frozenUntilNanos);
    }

    boolean frozen() {
        return bond.nowNanos() < frozenUntilNanos;
    }

    /** Takes out everything the node has to give; applications may answer, which gives it more. */
    void settle() {
        boolean more = node != null && !frozen();
        while (more && node != null) {
            more = pollOutputs(node);
            more |= device.serve(bond.nowNanos());
        }
    }

    private boolean pollOutputs(Node running) {
        boolean any = false;
        for (Transmit transmit = running.pollTransmit(); transmit != null; transmit = running.pollTransmit()) {
            bond.network().transmit(role, transmit, bond.nowNanos());
            transmit.release();
            any = true;
        }
        for (DialRequest dial = running.pollDial(); dial != null; dial = running.pollDial()) {
            dial(running, dial);
            any = true;
        }
        for (int socket = running.pollUnusedSocket(); socket != 0; socket = running.pollUnusedSocket()) {
            bond.network().closeSocket(socket);
            any = true;
        }
        for (Event event = running.pollEvent(); event != null; event = running.pollEvent()) {
            events.add(event);
            any = true;
        }
        return any;
    }

    private void dial(Node running, DialRequest request) {
        if (request.uri().scheme() != LinkUri.Scheme.UDP) { // a trial of a link that gets no answer
            running.handleDialFailed(request.linkId(), "the simulated network has no TCP", localNanos());
            return;
        }
        SimLinkPair link = bond.network().link(request.uri());
        String refusal = link.dialRefusal();
        if (refusal != null) {
            running.handleDialFailed(request.linkId(), refusal, localNanos());
            return;
        }
        link.open(++lastSocket);
        running.handleSocket(
                request.linkId(),
                lastSocket,
                SimNetwork.MASTER_ADDRESS,
                SimNetwork.INTERFACE_DATAGRAM_BYTES,
                localNanos());
    }

    private boolean submit(Node running, ByteBuffer bytes, int flow, Delivery delivery) {
        PooledPacket packet = device.wrap(bytes, flow, delivery);
        if (packet == null) {
            return false;
        }
        boolean taken = running.handlePacket(packet, localNanos());
        if (!taken) {
            packet.release();
        }
        return taken;
    }

    private long localNanos() {
        return clock.local(bond.nowNanos());
    }
}
