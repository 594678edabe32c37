package io.bindlink.core.session;

import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.LinkView;
import io.bindlink.core.link.LinkFeedback;
import io.bindlink.core.link.LinkPath;
import io.bindlink.core.link.MtuSearch;
import io.bindlink.core.link.Transmit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A link as the session and its multiplexer know it: mechanics, address, path MTU and state. Confined to its session.
 */
final class SessionLink implements Link, LinkView, LinkFeedback {
    /** So many datagrams lost in a row, on a link that answers probes, hint at a path that carries less than it did. */
    private static final int BLACK_HOLE_LOSSES = 8;

    private final Session session;
    private final LinkRecord record;
    private final LinkId id;
    private final LinkUri uri;
    private final SocketTally sockets;
    private @Nullable PathAddress address;
    private @Nullable PathAddress candidate;
    private MtuSearch mtu;
    private int maxDatagramBytes = MtuSearch.BASE_BYTES;
    private int lostInARow;
    private boolean paused;
    private boolean pausedByPeer;
    private boolean closed;
    private String reason = "";
    private LinkState state = LinkState.CONNECTING;
    private boolean blocked;
    private long lastUsedNanos = Long.MIN_VALUE;
    private boolean horizonDue;
    private boolean lateTold;
    private int flagsTold;
    private long flagsSequence;
    private long peerReceivedPackets;
    private long peerReceivedBytes;

    SessionLink(Session session, LinkRecord record, LinkId id, LinkUri uri, SocketTally sockets) {
        this.session = session;
        this.record = record;
        this.id = id;
        this.uri = uri;
        this.sockets = sockets;
        this.mtu = new MtuSearch(MtuSearch.BASE_BYTES, session.nowNanos());
        path().datagramBytes(mtu.datagramBytes());
    }

    // ---- Link: what the multiplexer calls ----

    @Override
    public LinkId id() {
        return id;
    }

    @Override
    public LinkUri uri() {
        return uri;
    }

    @Override
    public LinkState state() {
        return state;
    }

    @Override
    public LinkStats stats() {
        LinkPath path = path();
        return new LinkStats(
                id,
                uri,
                state,
                state == LinkState.UP ? "" : reason,
                path.sentPackets(),
                path.sentBytes(),
                path.receivedPackets(),
                path.receivedBytes(),
                peerReceivedPackets,
                peerReceivedBytes,
                path.lostPackets(),
                path.rttNanos(),
                path.minRttNanos(),
                path.jitterNanos(session.nowNanos()),
                relativeDelayNanos(),
                path.rateBytesPerSecond(),
                path.queuedBytes(),
                path.inFlightBytes(),
                maxPayloadBytes(),
                path.windowBytes(),
                record.duplicates(),
                record.resent(),
                sockets.made,
                sockets.failed,
                path.roundTrips());
    }

    @Override
    public int maxPayloadBytes() {
        return mtu.datagramBytes() - DatagramWriter.PAYLOAD_OVERHEAD_BYTES;
    }

    @Override
    public boolean writable() {
        boolean room = hasRoom();
        if (!room) {
            blocked = true; // so that the multiplexer is told when there is
            path().onRefused();
        }
        return room;
    }

    boolean hasRoom() {
        return state == LinkState.UP && path().hasRoom(session.nowNanos()) && addressAllows() && socketAllows();
    }

    /** Whether it is the pacer, and no acknowledgement, that it waits for. */
    boolean waitsForPacer() {
        return state == LinkState.UP && path().readyAtNanos() - session.nowNanos() > 0;
    }

    @Override
    public long send(ByteBuffer payload) {
        if (!payload.hasRemaining() || payload.remaining() > maxPayloadBytes()) {
            throw new IllegalArgumentException(
                    "payload of " + payload.remaining() + " bytes is not in 1.." + maxPayloadBytes());
        }
        if (!writable()) {
            return -1;
        }
        lastUsedNanos = session.nowNanos();
        return session.sendPayload(this, payload);
    }

    @Override
    public long resend(ByteBuffer payload) {
        long number = send(payload);
        if (number >= 0) {
            record.onResent();
        }
        return number;
    }

    @Override
    public void pause() {
        session.pause(this, true);
    }

    @Override
    public void resume() {
        session.pause(this, false);
    }

    @Override
    public void close() {
        session.close(this);
    }

    // ---- LinkView: what a scheduler reads ----

    @Override
    public boolean ready() {
        return writable();
    }

    @Override
    public boolean late() {
        return path().overdue(session.nowNanos());
    }

    @Override
    public long readyAtNanos() {
        return path().readyAtNanos();
    }

    @Override
    public int rank() {
        return id.value() - 1; // the slave numbers its links in the user's order
    }

    @Override
    public long rateBytesPerSecond() {
        return path().rateBytesPerSecond();
    }

    @Override
    public long queuedBytes() {
        return path().queuedBytes();
    }

    @Override
    public long inFlightBytes() {
        return path().inFlightBytes();
    }

    @Override
    public long rttNanos() {
        return path().rttNanos();
    }

    @Override
    public long relativeDelayNanos() {
        return session.links().relativeDelayNanos(path(), session.nowNanos());
    }

    @Override
    public long jitterNanos() {
        return path().jitterNanos(session.nowNanos());
    }

    @Override
    public double lossRatio() {
        return path().lossRatio();
    }

    @Override
    public long sentBytes() {
        return path().sentBytes();
    }

    @Override
    public long peerReceivedBytes() {
        return peerReceivedBytes;
    }

    @Override
    public long lastUsedNanos() {
        return lastUsedNanos;
    }

    @Override
    public long fillBytes() {
        return path().fillBytes(session.nowNanos());
    }

    // ---- LinkFeedback: what the path tells ----

    @Override
    public void acked(long number) {
        lostInARow = 0;
        session.multiplexer().acked(this, number);
    }

    @Override
    public void lost(long number) {
        if (++lostInARow == BLACK_HOLE_LOSSES && mtu.datagramBytes() > MtuSearch.BASE_BYTES) {
            restartMtuSearch(session.nowNanos()); // RFC 8899 section 4.3, black hole detection
        }
        session.multiplexer().lost(this, number);
    }

    // ---- session's side ----

    LinkPath path() {
        return record.path();
    }

    LinkRecord record() {
        return record;
    }

    MtuSearch mtu() {
        return mtu;
    }

    /** A datagram of a larger size was proven. */
    void onMtuReply(int bytes) {
        mtu.onReply(bytes);
        path().datagramBytes(mtu.datagramBytes());
    }

    @Nullable
    PathAddress address() {
        return address;
    }

    /** Gives the link a socket of its own, as a slave's dialler made it. */
    void attach(PathAddress chosen, int largestDatagramBytes, long nowNanos) {
        address = chosen;
        candidate = null;
        maxDatagramBytes = Math.min(largestDatagramBytes, Transmit.MAX_DATAGRAM_BYTES);
        restartMtuSearch(nowNanos);
    }

    private void restartMtuSearch(long nowNanos) {
        mtu = new MtuSearch(maxDatagramBytes, nowNanos);
        path().datagramBytes(mtu.datagramBytes());
    }

    /** Takes its socket away. */
    void detach(String why) {
        address = null;
        candidate = null;
        reason = why;
    }

    @Nullable
    PathAddress candidate() {
        return candidate;
    }

    void candidate(@Nullable PathAddress learnt) {
        candidate = learnt;
    }

    /** The learnt address is where datagrams go from now on. */
    void adopt(PathAddress proven) {
        address = proven;
        candidate = null;
    }

    /** Whether a small datagram may be sent now. While not, no timer of the link means anything. */
    boolean reachable() {
        PathAddress to = address;
        return to != null && to.allows(Session.SMALL_DATAGRAM_BYTES);
    }

    /** Whether datagrams of any size may be sent. */
    boolean proven() {
        PathAddress to = address;
        return to != null && to.validated();
    }

    private boolean addressAllows() {
        PathAddress to = address;
        return to != null && to.allows(mtu.datagramBytes());
    }

    private boolean socketAllows() {
        PathAddress to = address;
        return to != null && !session.isFull(to.socket());
    }

    /** Whoever found no room is told that there is some. */
    void unblock() {
        blocked = false;
    }

    /** Whether somebody found no room. */
    boolean blocked() {
        return blocked;
    }

    /** Whether answers have become overdue since this was asked last. */
    boolean takeLateness() {
        boolean became = !lateTold && state == LinkState.UP && late();
        lateTold = state == LinkState.UP && late();
        return became;
    }

    /** What the peer was last told of this link. */
    int flagsTold() {
        return flagsTold;
    }

    void flagsTold(int flags) {
        flagsTold = flags;
    }

    /** Sequence of the newest thing the peer told of this link. */
    long flagsSequence() {
        return flagsSequence;
    }

    void flagsSequence(long sequence) {
        flagsSequence = sequence;
    }

    /** Whether it carried data and the peer was not told yet that nothing newer follows. */
    boolean horizonDue() {
        return horizonDue;
    }

    void horizonDue(boolean due) {
        horizonDue = due;
    }

    void paused(boolean here) {
        paused = here;
    }

    void pausedByPeer(boolean there) {
        pausedByPeer = there;
    }

    boolean pausedHere() {
        return paused;
    }

    void markClosed() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    void reason(String why) {
        reason = why;
    }

    String reason() {
        return reason;
    }

    void peerReceived(long packets, long bytes) {
        peerReceivedPackets = Math.max(peerReceivedPackets, packets);
        peerReceivedBytes = Math.max(peerReceivedBytes, bytes);
    }

    /** The state that follows from all that is known. */
    LinkState judge() {
        if (closed) {
            return LinkState.CLOSED;
        }
        LinkState mechanics = path().state();
        if (address == null) {
            return reason.isEmpty() ? LinkState.CONNECTING : LinkState.DOWN; // made anew, it has no socket yet
        }
        if (mechanics == LinkState.UP) {
            return paused || pausedByPeer ? LinkState.PAUSED : LinkState.UP;
        }
        return mechanics;
    }

    void state(LinkState judged) {
        state = judged;
    }
}
