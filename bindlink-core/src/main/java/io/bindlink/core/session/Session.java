package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.Packet;
import io.bindlink.api.PeerInfo;
import io.bindlink.api.Role;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.CongestionControl;
import io.bindlink.core.link.LinkPath;
import io.bindlink.core.link.PeerAnswers;
import io.bindlink.core.link.PeerClock;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.TransportHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A live bond with one peer: its keys, links and multiplexer, from a handshake until a newer one, a CLOSE or a long
 * silence. Confined to its node.
 */
final class Session {
    /** A probe, its reply, a challenge: all are shorter. */
    static final int SMALL_DATAGRAM_BYTES = 100;

    private final NodeContext node;
    private final KeyRing keys;
    private final Multiplexer multiplexer;
    private final BondContext bond;
    private final PeerClock peerClock = new PeerClock();
    private final PeerAnswers answers = new PeerAnswers();
    private final DatagramWriter writer;
    private final FrameHandler frames;
    private final AckSender acks;
    private final ControlExchange control;
    private final HorizonSender horizons;
    private final LinkStates states;
    private final LinkProber prober;
    private final RekeyExchange rekey;
    private final SessionLinks links = new SessionLinks();
    private final byte[] opened = new byte[1 << 16];
    private final ByteBuffer openedFrames = ByteBuffer.wrap(opened);
    private final long peerInstanceId;
    private long now;
    private long lastHeardNanos;
    private long unansweredSinceNanos = Long.MAX_VALUE;
    private @Nullable String endReason;

    Session(NodeContext node, Epoch first, Suite suite, long peerInstanceId, PeerInfo peer, long nowNanos) {
        this.node = node;
        this.keys = new KeyRing(first);
        this.peerInstanceId = peerInstanceId;
        this.now = nowNanos;
        this.lastHeardNanos = nowNanos;
        this.multiplexer = node.config.multiplexer().get();
        this.bond = new BondContext(this, node, peer, node.config.scheduler().get());
        this.writer = new DatagramWriter(this, node);
        this.frames = new FrameHandler(this, node);
        this.acks = new AckSender(this);
        this.control = new ControlExchange(this, nowNanos);
        this.horizons = new HorizonSender(this);
        this.states = new LinkStates(this, node, nowNanos);
        this.prober = new LinkProber(this, node);
        this.rekey = new RekeyExchange(this, node, suite);
    }

    /** Tells multiplexer, device and user. */
    void start(PeerInfo peer) {
        node.counters.add(Counter.SESSIONS, 1);
        node.capacity.begin(now);
        node.events.add(new Event.SessionStarted(peer));
        multiplexer.start(bond);
        node.edge.sessionStarted(node.config.offload() && peer.acceptsOffload() && peer.acceptsPartialChecksum());
    }

    // ---- inputs ----

    /**
     * A TRANSPORT datagram for one of this session's receiver indexes.
     *
     * @return null when it was authentic and new, else why it was dropped
     */
    @Nullable
    DropReason handleDatagram(Epoch epoch, int socket, InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        now = nowNanos;
        byte[] bytes = datagram.array();
        int offset = datagram.arrayOffset() + datagram.position();
        int length = datagram.remaining();
        int id = TransportHeader.linkId(bytes, offset);
        LinkRecord known = links.record(id);
        if (id == 0 || (known == null && node.config.role() == Role.SLAVE)) {
            return DropReason.MALFORMED; // the slave decides which links there are
        }
        long number = LinkRecord.expand(known, node.firstNumber, TransportHeader.numberLow(bytes, offset));
        if (number < 0) {
            return DropReason.REPLAY;
        }
        if (known != null && !known.replay().check(number)) {
            known.onDuplicate();
            return DropReason.REPLAY;
        }
        int plain = epoch.keys().opener().open(id, number, bytes, offset, TransportHeader.CLEAR_BYTES, length, opened);
        if (plain < TransportHeader.TIME_BYTES) {
            return DropReason.AUTHENTICATION;
        }
        handleAuthentic(epoch, id, number, plain, socket, source, length);
        return null;
    }

    private void handleAuthentic(
            Epoch epoch, int id, long number, int plain, int socket, InetSocketAddress source, int length) {
        LinkRecord record = record(id);
        boolean newest = record.onAuthentic(number);
        lastHeardNanos = now;
        unansweredSinceNanos = Long.MAX_VALUE;
        epoch.onOpened();
        rekey.onAuthentic(epoch, now);
        long sent = peerClock.expand(TransportHeader.sentMicrosLow(opened, 0));
        SessionLink link = record.link();
        if (link == null || link.closed()) {
            if (node.config.role() == Role.SLAVE || record.isStraggler(sent)) {
                return; // sent before the link was removed
            }
            link = learn(record, id, socket, source);
        }
        if (node.config.role() == Role.MASTER) {
            prober.onSource(link, socket, source, newest, length);
        }
        openedFrames.limit(plain).position(TransportHeader.TIME_BYTES);
        frames.handle(link, number, sent, length, openedFrames);
    }

    /** The time of what is done next, for calls from outside an input. */
    void enter(long nowNanos) {
        now = nowNanos;
    }

    boolean handlePacket(Packet packet, long nowNanos) {
        now = nowNanos;
        return multiplexer.send(packet);
    }

    void handleDeviceWritable(int flow, long nowNanos) {
        now = nowNanos;
        multiplexer.deliverable(flow);
        afterInput();
    }

    void handleTimeout(long nowNanos) {
        now = nowNanos;
        keys.handleTimeout(now);
        for (SessionLink link : links.all()) {
            if (link.reachable() && now - link.path().pollTimeout() >= 0) {
                link.path().handleTimeout(now, link);
                multiplexer.settled(link, link.path().settledSentNanos()); // gaps are settled by time too
            }
        }
        prober.handleTimeout(now);
        control.handleTimeout(now);
        rekey.handleTimeout(now);
        if (bond.takeWake(now)) {
            multiplexer.timeout();
        }
        if (now - lastHeardNanos >= node.config.sessionTimeoutNanos()) {
            end("the peer was silent for " + node.config.sessionTimeoutNanos() / Rates.NANOS_PER_SECOND + " seconds");
        }
        afterInput();
    }

    /**
     * What every input may have caused: changed states, room on links, due acknowledgements and horizons. Packets and
     * datagrams leave it to their node, for many of them at once.
     */
    void afterInput() {
        states.refresh(now);
        for (SessionLink link : links.all()) {
            if (link.blocked() && link.hasRoom()) {
                link.unblock();
                multiplexer.writable(link);
            }
        }
        for (SessionLink link : links.all()) {
            if (link.hasRoom()) {
                link.path().onAppLimited(now);
            }
        }
        horizons.handleTimeout(now);
        acks.flush(now);
        node.capacity.look(links, now);
    }

    long pollTimeout() {
        long due = Math.min(Math.min(bond.wakeNanos(), acks.pollTimeout()), control.pollTimeout());
        due = Math.min(due, Math.min(horizons.pollTimeout(), states.pollTimeout()));
        due = Math.min(due, Math.min(rekey.pollTimeout(), keys.pollTimeout()));
        due = Math.min(due, Math.min(prober.pollTimeout(), lastHeardNanos + node.config.sessionTimeoutNanos()));
        for (SessionLink link : links.all()) {
            if (link.reachable()) {
                due = Math.min(due, link.path().pollTimeout());
            }
            if (link.blocked() && link.waitsForPacer()) {
                due = Math.min(due, link.readyAtNanos());
            }
        }
        return due;
    }

    // ---- links ----

    private LinkRecord record(int id) {
        LinkRecord record = links.record(id);
        if (record == null) {
            CongestionControl congestion = node.config.congestionControl().get();
            LinkPath path = new LinkPath(id, congestion, peerClock, answers, node.firstNumber, now);
            record = new LinkRecord(path, node.firstNumber);
            links.record(id, record);
        }
        return record;
    }

    /** A slave's link joins the session. */
    SessionLink addLink(SlaveLink wished, long nowNanos) {
        now = nowNanos;
        return add(record(wished.id()), wished.id(), wished.uri(), wished.sockets());
    }

    private SessionLink learn(LinkRecord record, int id, int socket, InetSocketAddress source) {
        SessionLink link = add(record, id, LearntUri.of(source, node.connections.contains(socket)), new SocketTally());
        node.counters.add(Counter.LINKS_LEARNT, 1);
        return link;
    }

    private SessionLink add(LinkRecord record, int id, LinkUri uri, SocketTally sockets) {
        SessionLink link = new SessionLink(this, record, new LinkId(id), uri, sockets);
        record.link(link);
        links.add(link);
        multiplexer.addLink(link);
        return link;
    }

    void attach(SessionLink link, PathAddress address, int maxDatagramBytes, long nowNanos) {
        now = nowNanos;
        link.attach(address, maxDatagramBytes, nowNanos);
        prober.greet(link);
        afterInput();
    }

    void detach(SessionLink link, String reason, long nowNanos) {
        now = nowNanos;
        link.detach(reason);
        link.path().fail(now, link);
        afterInput();
    }

    /** Takes a link in or out of use, here and at the peer. */
    void pause(SessionLink link, boolean paused) {
        link.paused(paused);
        link.reason(paused ? "paused" : "");
        states.refresh(now);
    }

    /** Removes a link at this node's wish, and tells the peer. */
    void close(SessionLink link) {
        close(link, "removed");
    }

    /** The same for another reason. */
    void close(SessionLink link, String reason) {
        link.reason(reason);
        remove(link);
    }

    /** Removes a link. Its id, numbers and replay window stay. */
    void remove(SessionLink link) {
        if (link.closed()) {
            return;
        }
        link.path().fail(now, link);
        link.markClosed();
        states.refresh(now);
        link.detach(link.reason());
        links.remove(link);
        multiplexer.removeLink(link);
    }

    // ---- sending ----

    long sendPayload(SessionLink link, ByteBuffer payload) {
        PathAddress to = link.address();
        if (to == null) {
            return -1;
        }
        ByteBuffer out = writer.begin(link, to);
        acks.ride(link, out, FrameWriter.PAYLOAD_OVERHEAD_BYTES + payload.remaining(), now);
        int payloadBytes = payload.remaining();
        FrameWriter.payload(out, payload);
        horizons.onPayload(link, now);
        long before = link.path().sentBytes();
        long number = writer.finish(true, true);
        link.record().account().onPayload((int) (link.path().sentBytes() - before), payloadBytes);
        return number;
    }

    /** Something was sent that the peer must answer, if it is there and the link is as good as it seems. */
    void onAckElicitingSent(SessionLink link) {
        boolean hopeful = link.state() == LinkState.UP || !links.anyUp();
        if (hopeful && unansweredSinceNanos == Long.MAX_VALUE) {
            unansweredSinceNanos = now;
        }
    }

    void probeAll(long nowNanos) {
        now = nowNanos;
        for (SessionLink link : links.all()) {
            prober.probe(link);
        }
    }

    // ---- the end ----

    /** Ends the session without telling the peer. What comes later is ignored. */
    void end(String reason) {
        if (endReason == null) {
            endReason = reason;
        }
    }

    /** Tells the peer on every link with an address, then ends. */
    void goodbye(String reason, long nowNanos) {
        now = nowNanos;
        for (SessionLink link : links.all()) {
            ByteBuffer frames = writer.beginSmall(link);
            if (frames != null) {
                FrameWriter.close(frames, 0, reason);
                writer.finish(false, false);
            }
        }
        end(reason);
    }

    @Nullable
    String endReason() {
        return endReason;
    }

    /** Gives everything back. The last call. */
    void dispose(String reason) {
        multiplexer.close();
        node.edge.sessionEnded();
        node.events.add(new Event.SessionEnded(reason));
    }

    // ---- accessors ----

    /** Whether a socket takes no payload for now. */
    boolean isFull(int socket) {
        return node.connections.isFull(socket);
    }

    long nowNanos() {
        return now;
    }

    KeyRing keys() {
        return keys;
    }

    PeerClock peerClock() {
        return peerClock;
    }

    Multiplexer multiplexer() {
        return multiplexer;
    }

    DatagramWriter writer() {
        return writer;
    }

    ControlExchange control() {
        return control;
    }

    LinkStates states() {
        return states;
    }

    RekeyExchange rekey() {
        return rekey;
    }

    SessionLinks links() {
        return links;
    }

    long peerInstanceId() {
        return peerInstanceId;
    }

    /** How long the peer owes an answer to something. */
    long silentNanos(long nowNanos) {
        return unansweredSinceNanos == Long.MAX_VALUE ? 0 : nowNanos - unansweredSinceNanos;
    }

    long unansweredSinceNanos() {
        return unansweredSinceNanos;
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }
}
