package io.bindlink.core.session;

import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.TransportHeader;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Asks: whether a link still answers, how large a datagram it carries, and whether the peer really is where its datagrams
 * came from. Confined to its session.
 */
final class LinkProber {
    private static final int MAX_DATAGRAM_IPV4_BYTES = 1472; // 1500 less IPv4 and UDP headers
    private static final int MAX_DATAGRAM_IPV6_BYTES = 1452; // 1500 less IPv6 and UDP headers
    private static final long CHALLENGE_RETRY_NANOS = 200 * Rates.NANOS_PER_MILLI;

    private final Session session;
    private final NodeContext node;
    private int nextToken;

    LinkProber(Session session, NodeContext node) {
        this.session = session;
        this.node = node;
        this.nextToken = node.random.nextInt();
    }

    /** First words on a fresh socket: is anybody there, and how much fits? */
    void greet(SessionLink link) {
        probe(link);
        searchMtu(link);
        searchMtu(link);
    }

    void handleTimeout(long nowNanos) {
        for (SessionLink link : session.links().all()) {
            if (link.reachable() && link.path().wantsProbe(nowNanos)) {
                askAround(link, nowNanos);
                probe(link);
            }
            if (link.proven() && nowNanos - link.mtu().pollTimeout() >= 0) {
                searchMtu(link);
            }
        }
    }

    /** A link that is late is judged by whether another one, asked at the same time, is answered. */
    private void askAround(SessionLink late, long nowNanos) {
        SessionLink witness = session.links().quickestBut(late);
        if (witness != null
                && late.path().doubtful(nowNanos)
                && witness.state() == LinkState.UP
                && !witness.path().awaitsAnswer()) {
            probe(witness);
        }
    }

    long pollTimeout() {
        long due = Long.MAX_VALUE;
        for (SessionLink link : session.links().all()) {
            if (link.proven()) {
                due = Math.min(due, link.mtu().pollTimeout());
            }
        }
        return due;
    }

    /** Asks on one link; any link may bring the answer, so that only the way there is judged. */
    void probe(SessionLink link) {
        PathAddress to = link.address();
        if (to != null && to.allows(Session.SMALL_DATAGRAM_BYTES)) {
            send(link, to, 0);
        }
    }

    private void searchMtu(SessionLink link) {
        PathAddress to = link.address();
        int bytes = link.mtu().probeBytes(session.nowNanos());
        if (bytes > 0 && to != null && to.validated()) {
            link.mtu().onProbeSent(bytes, link.path().probeTimeoutNanos(), session.nowNanos());
            send(link, to, bytes);
        }
    }

    private void send(SessionLink link, PathAddress to, int datagramBytes) {
        int token = nextToken++;
        ByteBuffer frames = datagramBytes == 0
                ? session.writer().begin(link, to)
                : session.writer().begin(link, to, datagramBytes);
        FrameWriter.probe(frames, token);
        if (datagramBytes > 0) {
            FrameWriter.padding(frames, frames.remaining());
        }
        session.writer().finish(true, false);
        link.path().onProbeSent(token & 0xFFFF_FFFFL, session.nowNanos());
    }

    /**
     * An authentic datagram came from somewhere. The address changes only for the newest packet so far, and only after
     * the new place has answered a challenge; until then the old one stays in use.
     */
    void onSource(SessionLink link, int socket, InetSocketAddress source, boolean newest, int bytes) {
        PathAddress address = link.address();
        if (address != null && address.is(socket, source)) {
            address.onReceived(bytes);
            if (newest) {
                link.candidate(null);
            }
            challengeIfNew(link, address);
            return;
        }
        if (!newest) {
            return;
        }
        if (address == null) {
            PathAddress first = PathAddress.learnt(socket, source, node.random.nextLong());
            first.onReceived(bytes);
            link.attach(first, maxDatagramBytes(source), session.nowNanos());
            challengeIfNew(link, first);
            greet(link);
            return;
        }
        PathAddress candidate = link.candidate();
        if (candidate == null || !candidate.is(socket, source)) {
            candidate = PathAddress.learnt(socket, source, node.random.nextLong());
            link.candidate(candidate);
        }
        candidate.onReceived(bytes);
        challengeIfNew(link, candidate);
    }

    private void challengeIfNew(SessionLink link, PathAddress address) {
        long now = session.nowNanos();
        if (address.validated()
                || !address.challengeDue(now, CHALLENGE_RETRY_NANOS)
                || !address.allows(Session.SMALL_DATAGRAM_BYTES)) {
            return;
        }
        address.onChallengeSent(now);
        ByteBuffer frames =
                session.writer().begin(link, address, TransportHeader.OVERHEAD_BYTES + Session.SMALL_DATAGRAM_BYTES);
        FrameWriter.pathChallenge(frames, address.challenge());
        session.writer().finish(true, false);
    }

    private static int maxDatagramBytes(@Nullable InetSocketAddress remote) {
        boolean ipv6 = remote != null && remote.getAddress() instanceof Inet6Address;
        return ipv6 ? MAX_DATAGRAM_IPV6_BYTES : MAX_DATAGRAM_IPV4_BYTES;
    }
}
