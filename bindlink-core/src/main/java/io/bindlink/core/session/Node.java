package io.bindlink.core.session;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Packet;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.core.base.Rates;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One end of a bond, sans-IO: inputs go in by {@code handle...}, outputs come out by {@code poll...} until there are
 * none, and {@link #pollTimeout} says when to call {@link #handleTimeout}. After every input, or a few packets or
 * datagrams that came together, all outputs must be polled.
 * Times are nanoseconds of one clock that starts at 0 or later and never runs backwards.
 *
 * <p>Sockets are numbers that the driver chooses, over 0 and never used twice. A slave asks for a socket for each link by
 * {@link #pollDial}; a master takes datagrams from any socket and answers through the one they came by.
 *
 * <p>What a multiplexer or scheduler throws comes out of the input that caused it; the node is then of no more use but to
 * be closed. Confined to its driver: one call at a time.
 */
public final class Node {
    /** A session silent for this long, or for three probe timeouts, may be dead: the slave says hello beside its probes. */
    private static final long HELLO_AFTER_NANOS = 500 * Rates.NANOS_PER_MILLI;

    private final NodeContext node;
    private final SlaveLinks slaveLinks;
    private final TcpFallback fallback;
    private final SlaveHandshake slaveHandshake;
    private final SessionSlot slot;
    private final Dispatcher dispatcher;
    private long nowNanos;
    private boolean unsettled; // packets or datagrams came, and what they have caused is not done
    private boolean closed;

    /**
     * A node that has no session yet.
     *
     * @param config what it is made of
     * @param edge the way to its device
     * @param pool where its datagrams' buffers come from
     * @param random its only source of chance, cryptographic outside tests
     * @param nowNanos the time now
     */
    public Node(NodeConfig config, NodeEdge edge, TransmitPool pool, RandomGenerator random, long nowNanos) {
        this(config, edge, pool, random, NodeContext.PACKETS_PER_KEYS, NodeContext.FIRST_NUMBER, nowNanos);
    }

    /** A node whose keys wear out after another number of packets, or that begins to count them elsewhere, as its peer must. */
    Node(
            NodeConfig config,
            NodeEdge edge,
            TransmitPool pool,
            RandomGenerator random,
            long packetsPerKeys,
            long firstNumber,
            long nowNanos) {
        this.node = new NodeContext(config, edge, pool, random, packetsPerKeys, firstNumber);
        this.nowNanos = nowNanos;
        this.slaveLinks = new SlaveLinks(node);
        this.fallback = new TcpFallback(node, slaveLinks);
        this.slaveHandshake = new SlaveHandshake(node);
        this.slot = new SessionSlot(node, slaveLinks, slaveHandshake);
        this.dispatcher =
                new Dispatcher(node, slot, slaveLinks, fallback, slaveHandshake, new MasterHandshake(node, nowNanos));
    }

    // ---- inputs: links of a slave ----

    /**
     * Adds a link. {@link #pollDial} asks for its socket.
     *
     * @param uri what to make it from
     * @param now the time now
     * @return its number: the one it had if it was there before
     * @throws IllegalStateException at a master, and when there are 255 links already
     */
    public LinkId addLink(LinkUri uri, long now) {
        if (node.config.role() == Role.MASTER) {
            throw new IllegalStateException("a master learns its links, it does not initiate them");
        }
        nowNanos = now;
        SlaveLink link = slaveLinks.add(uri, now);
        Session session = slot.session();
        if (session != null) {
            session.addLink(link, now);
        } else {
            slaveHandshake.start(now);
        }
        return new LinkId(link.id());
    }

    /**
     * Takes a link in or out of use at both ends.
     *
     * @param linkId the link
     * @param paused whether out of use
     * @param now the time now
     */
    public void pauseLink(LinkId linkId, boolean paused, long now) {
        nowNanos = now;
        SlaveLink wished = slaveLinks.find(linkId.value());
        if (wished != null) {
            wished.paused(paused);
        }
        Deafness deafness = wished == null ? null : wished.deafness();
        SlaveLink standIn = deafness == null ? null : deafness.standIn();
        if (standIn != null) {
            pauseLink(new LinkId(standIn.id()), paused, now);
        }
        Session session = slot.session();
        SessionLink live = session == null ? null : session.links().find(linkId.value());
        if (session != null && live != null) {
            session.enter(now);
            session.pause(live, paused);
            afterInput();
        }
    }

    /**
     * Removes a link.
     *
     * @param linkId the link; unknown ones are ignored
     * @param now the time now
     */
    public void closeLink(LinkId linkId, long now) {
        nowNanos = now;
        Session session = slot.session();
        SessionLink live = session == null ? null : session.links().find(linkId.value());
        if (session != null && live != null) {
            session.enter(now);
            session.close(live);
        }
        SlaveLink removed = slaveLinks.remove(linkId.value());
        Deafness deafness = removed == null ? null : removed.deafness();
        SlaveLink standIn = deafness == null ? null : deafness.standIn();
        SlaveLink trial = deafness == null ? null : deafness.trial();
        if (trial != null && trial.address() != null) {
            slaveLinks.giveUp(trial);
        }
        afterInput();
        if (standIn != null && slaveLinks.find(standIn.id()) == standIn) {
            closeLink(new LinkId(standIn.id()), now);
        }
    }

    // ---- inputs: sockets ----

    /**
     * A socket for a slave's link is ready.
     *
     * @param linkId the link it was asked for
     * @param socket its number
     * @param remote handed back with each datagram for it; null when the socket knows where to send
     * @param maxDatagramBytes UDP payload that fits the path as far as known: the interface's MTU less the headers of IP,
     *     UDP and proxy
     * @param now the time now
     */
    public void handleSocket(
            LinkId linkId, int socket, @Nullable InetSocketAddress remote, int maxDatagramBytes, long now) {
        nowNanos = now;
        SlaveLink link = slaveLinks.onSocket(linkId.value(), socket, remote, maxDatagramBytes, now);
        PathAddress address = link == null ? null : link.address();
        if (link == null || address == null) {
            return;
        }
        Session session = slot.session();
        if (slaveLinks.findTrial(link.id()) == link) {
            fallback.handleTrialConnected(link, session, now);
            slaveHandshake.greet(address, now);
        } else if (session == null) {
            slaveHandshake.greet(address, now);
        } else {
            SessionLink live = session.links().find(link.id());
            if (live != null) {
                session.attach(live, address, maxDatagramBytes, now);
            }
        }
        afterInput();
    }

    /**
     * No socket could be made for a slave's link. It is asked for again, after a while.
     *
     * @param linkId the link it was asked for
     * @param reason why, for people
     * @param now the time now
     */
    public void handleDialFailed(LinkId linkId, String reason, long now) {
        SlaveLink link = slaveLinks.find(linkId.value());
        if (link != null) {
            link.onDialFailed();
            Deafness deafness = link.deafness();
            if (deafness != null) {
                deafness.onNotTried();
            }
            lose(link, TcpFallback.told(link, reason), now);
            return;
        }
        SlaveLink trial = slaveLinks.findTrial(linkId.value());
        if (trial != null) {
            fallback.handleTrialFailed(trial);
        }
    }

    /**
     * No socket could be made for a slave's link, because its proxy relays no datagrams. It is asked for again, after a
     * while; a link by TCP through the same proxy stands in.
     *
     * @param linkId the link it was asked for
     * @param reason why, for people
     * @param now the time now
     */
    public void handleDatagramsRefused(LinkId linkId, String reason, long now) {
        SlaveLink link = slaveLinks.find(linkId.value());
        if (link != null) {
            link.onDialFailed();
            fallback.handleRefused(link, reason, slot.session(), now);
            lose(link, TcpFallback.told(link, reason), now);
        }
    }

    /**
     * A socket is a TCP connection. Before anything comes through it.
     *
     * @param socket its number
     */
    public void handleConnection(int socket) {
        node.connections.add(socket);
    }

    /**
     * A TCP connection takes no more for now, or takes more again. No payload is put on its link meanwhile.
     *
     * @param socket its number; unknown ones are ignored
     * @param room whether there is room
     * @param now the time now
     */
    public void handleRoom(int socket, boolean room, long now) {
        nowNanos = now;
        node.connections.room(socket, room);
        Session session = slot.session();
        if (room && session != null) {
            session.enter(now);
            unsettled = true;
        }
    }

    /**
     * A link lost its socket, or the proxy ended the association behind it.
     *
     * @param socket its number; one that belongs to no link is ignored
     * @param reason why, for people
     * @param now the time now
     * @return whether a link went through it
     */
    public boolean handleSocketClosed(int socket, String reason, long now) {
        node.connections.remove(socket);
        SlaveLink link = slaveLinks.findBySocket(socket);
        if (link != null) {
            lose(link, reason, now);
            return true;
        }
        SlaveLink trial = slaveLinks.findTrialBySocket(socket);
        if (trial != null) {
            fallback.handleTrialFailed(trial);
            return false;
        }
        Session session = slot.session();
        return session != null && detachAll(session, socket, reason, now);
    }

    /** At a master: the links that came through a socket have to show up at another one. */
    private boolean detachAll(Session live, int socket, String reason, long now) {
        nowNanos = now;
        boolean any = false;
        for (SessionLink link : live.links().all()) {
            PathAddress address = link.address();
            if (address != null && address.socket() == socket) {
                live.detach(link, reason, now);
                any = true;
            }
        }
        afterInput();
        return any;
    }

    private void lose(SlaveLink link, String reason, long now) {
        nowNanos = now;
        slaveLinks.onFailure(link, reason, now);
        Session session = slot.session();
        SessionLink live = session == null ? null : session.links().find(link.id());
        if (session != null && live != null) {
            session.detach(live, reason, now);
        }
        afterInput();
    }

    /**
     * A datagram came. Hostile ones are counted and change nothing.
     *
     * @param socket the socket it came by
     * @param source where it came from; through a proxy, the proxy's relay
     * @param datagram its bytes between position and limit, without a proxy's header, with an accessible array; valid
     *     during the call
     * @param now the time now
     * @return whether it was authentic
     */
    public boolean handleDatagram(int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        nowNanos = now;
        if (closed) {
            return false;
        }
        leaveEndedSession();
        unsettled = true;
        return dispatcher.handleDatagram(socket, source, datagram, now);
    }

    // ---- inputs: device and clock ----

    /**
     * A packet from the device.
     *
     * @param packet the packet, described
     * @param now the time now
     * @return true when it was taken; false when its flow is full or no session is up: it is still the caller's
     */
    public boolean handlePacket(Packet packet, long now) {
        nowNanos = now;
        leaveEndedSession();
        Session session = slot.session();
        if (session == null) {
            return false;
        }
        unsettled = true;
        return session.handlePacket(packet, now);
    }

    /**
     * The device takes packets of a flow again.
     *
     * @param flow the number that the peer's device gave
     * @param now the time now
     */
    public void handleDeviceWritable(int flow, long now) {
        nowNanos = now;
        Session session = slot.session();
        if (session != null) {
            session.handleDeviceWritable(flow, now);
            afterInput();
        }
    }

    /**
     * Time has passed.
     *
     * @param now the time now
     */
    public void handleTimeout(long now) {
        nowNanos = now;
        Session session = slot.session();
        if (session != null) {
            session.handleTimeout(now);
        }
        slot.handleTimeout(now);
        slaveHandshake.handleTimeout(slaveLinks.addresses(), now);
        afterInput();
    }

    /** Nothing must reach a session that has heard its end. */
    private void leaveEndedSession() {
        Session session = slot.session();
        if (session != null && session.endReason() != null) {
            afterInput();
        }
    }

    /** Before outputs are polled: one turn for all the packets and datagrams that came. */
    private void settle() {
        if (unsettled) {
            unsettled = false;
            Session session = slot.session();
            if (session != null) {
                session.afterInput();
            }
            afterInput();
        }
    }

    private void afterInput() {
        Session live = slot.session();
        if (live != null && live.endReason() != null) {
            slot.end(String.valueOf(live.endReason()));
            live = null;
        }
        if (node.config.role() == Role.MASTER || closed) {
            return;
        }
        fallback.handleTimeout(live, nowNanos);
        if (live == null) {
            if (!slaveLinks.all().isEmpty()) {
                slaveHandshake.start(nowNanos);
            }
            return;
        }
        slaveLinks.noteAnswers(live, nowNanos);
        if (live.silentNanos(nowNanos) < helloAfterNanos(live)) {
            slot.keep();
            slaveHandshake.stop();
        } else if (slaveHandshake.start(nowNanos)) {
            // A master that still has the session answers the probes before it has checked a cookie, and the session
            // stays.
            live.probeAll(nowNanos);
        }
    }

    private static long helloAfterNanos(Session live) {
        return Math.max(HELLO_AFTER_NANOS, 3 * live.links().probeTimeoutNanos());
    }

    /**
     * Says goodbye to the peer, to be polled as the last datagrams, and ends the session. Idempotent.
     *
     * @param reason for people at the other end; may be empty
     * @param now the time now
     */
    public void close(String reason, long now) {
        nowNanos = now;
        if (closed) {
            return;
        }
        closed = true;
        slaveHandshake.stop();
        Session session = slot.session();
        if (session != null) {
            session.goodbye(reason, now);
            slot.end("closed");
        }
    }

    // ---- outputs ----

    /**
     * The next datagram to send.
     *
     * @return the datagram, to be released by the caller; null when there is none
     */
    public @Nullable Transmit pollTransmit() {
        settle();
        return node.outbox.poll();
    }

    /**
     * The next wish for a socket.
     *
     * @return the wish; null when there is none
     */
    public @Nullable DialRequest pollDial() {
        settle();
        return closed ? null : slaveLinks.pollDial(nowNanos);
    }

    /**
     * The next socket that is no longer needed.
     *
     * @return its number; 0 when there is none
     */
    public int pollUnusedSocket() {
        settle();
        return slaveLinks.pollUnusedSocket();
    }

    /**
     * The next event.
     *
     * @return the event; null when there is none
     */
    public @Nullable Event pollEvent() {
        settle();
        return node.events.poll();
    }

    /**
     * When {@link #handleTimeout} must be called.
     *
     * @return the time; in the past: at once; {@link Long#MAX_VALUE}: never
     */
    public long pollTimeout() {
        settle();
        if (closed) {
            return Long.MAX_VALUE;
        }
        long due = Math.min(slaveHandshake.pollTimeout(), slaveLinks.pollTimeout());
        due = Math.min(due, fallback.pollTimeout());
        Session live = slot.session();
        due = Math.min(due, slot.pollTimeout());
        if (live != null) {
            due = Math.min(due, live.pollTimeout());
            if (node.config.role() == Role.SLAVE && live.unansweredSinceNanos() != Long.MAX_VALUE) {
                long hello = live.unansweredSinceNanos() + helloAfterNanos(live);
                due = slaveHandshake.pollTimeout() == Long.MAX_VALUE ? Math.min(due, hello) : due;
            }
        }
        return due;
    }

    // ---- figures ----

    /**
     * The node's figures.
     *
     * @return a snapshot
     */
    public Stats stats() {
        List<LinkStats> links = new ArrayList<>();
        Session session = slot.session();
        if (session != null) {
            for (SessionLink link : session.links().all()) {
                links.add(link.stats());
            }
        } else {
            for (SlaveLink link : slaveLinks.all()) {
                links.add(unborn(link));
            }
        }
        return new Stats(
                node.config.role(),
                session != null,
                slot.sessions(),
                links,
                node.counters.snapshot(),
                node.capacity.recent(),
                node.capacity.total());
    }

    /** A link that no session has used yet. */
    private static LinkStats unborn(SlaveLink link) {
        LinkState state = link.failure().isEmpty() ? LinkState.CONNECTING : LinkState.DOWN;
        return LinkStats.unused(
                new LinkId(link.id()), link.uri(), state, link.failure(), link.sockets().made, link.sockets().failed);
    }

    /**
     * Whether a session with the peer is up and one of its links carries packets.
     *
     * @return true when what the device hands over can reach the peer
     */
    public boolean isUp() {
        Session session = slot.session();
        return session != null && session.links().anyUp();
    }
}
