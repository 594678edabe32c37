package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import org.jspecify.annotations.Nullable;

/**
 * Lets a link by TCP stand in for a link by UDP through a SOCKS5 proxy that relays no datagrams, or whose datagrams
 * nobody answers. It is a link of its own, with its own id and packet numbers, so that the other one can be tried at any
 * time without disturbing it, and goes when datagrams have got through for a while. Confined to its node.
 */
final class TcpFallback {
    /** While the stand-in carries, a new relay is asked for this often. */
    static final long UDP_RETRY_NANOS = 120 * Rates.NANOS_PER_SECOND;

    private final NodeContext node;
    private final SlaveLinks links;

    TcpFallback(NodeContext node, SlaveLinks links) {
        this.node = node;
        this.links = links;
    }

    /** Looks at all links: begins and ends what is due. */
    void handleTimeout(@Nullable Session session, long nowNanos) {
        for (int i = 0; i < links.all().size(); i++) { // grows and shrinks meanwhile
            SlaveLink link = links.all().get(i);
            Deafness deafness = link.deafness();
            if (deafness == null) {
                continue;
            }
            if (link.paused()) {
                deafness.onNotTried(); // silence means nothing then
                continue;
            }
            note(link, deafness, session, nowNanos);
            if (nowNanos - deafness.deafNanos() >= 0) {
                begin(link, deafness, "no answer by UDP", session, nowNanos);
            } else if (nowNanos - deafness.provenNanos() >= 0) {
                end(deafness, session, nowNanos);
            }
        }
    }

    private void note(SlaveLink link, Deafness deafness, @Nullable Session session, long nowNanos) {
        SlaveLink standIn = deafness.standIn();
        if (standIn != null && links.find(standIn.id()) != standIn) {
            deafness.standIn(null); // the user closed it
        }
        SessionLink live = session == null ? null : session.links().find(link.id());
        if (live != null && isWell(live, nowNanos)) {
            deafness.onUp(nowNanos);
        } else {
            deafness.onNotUp(link.address() != null, nowNanos);
        }
        SessionLink carrying =
                session == null || standIn == null ? null : session.links().find(standIn.id());
        link.leastRetryNanos(carrying != null && carrying.state() == LinkState.UP ? UDP_RETRY_NANOS : 0, nowNanos);
    }

    /** Up is what the peer hears; its acknowledgements may come by other links, and nothing by this one. */
    private static boolean isWell(SessionLink link, long nowNanos) {
        return link.state() == LinkState.PAUSED || (link.state() == LinkState.UP && !LinkStates.isDeaf(link, nowNanos));
    }

    /** When {@link #handleTimeout} has something to do though nothing happens. */
    long pollTimeout() {
        long due = Long.MAX_VALUE;
        for (SlaveLink link : links.all()) {
            Deafness deafness = link.deafness();
            if (deafness != null && !link.paused()) {
                due = Math.min(due, Math.min(deafness.deafNanos(), deafness.provenNanos()));
            }
        }
        return due;
    }

    /** The proxy relays no datagrams. */
    void handleRefused(SlaveLink link, String reason, @Nullable Session session, long nowNanos) {
        Deafness deafness = link.deafness();
        if (deafness != null && deafness.standIn() == null && !link.paused()) {
            begin(link, deafness, reason, session, nowNanos);
        }
    }

    private void begin(SlaveLink link, Deafness deafness, String reason, @Nullable Session session, long nowNanos) {
        LinkUri uri = link.uri().overTcp();
        boolean wished = links.all().stream().anyMatch(each -> each.uri().equals(uri));
        if (wished || links.all().size() >= LinkId.MAX) {
            deafness.standIn(null); // looks again after a while
            return;
        }
        SlaveLink standIn = links.add(uri, nowNanos);
        deafness.standIn(standIn);
        String told = told(link, reason);
        link.failure(told);
        node.counters.add(Counter.TCP_FALLBACKS, 1);
        node.events.add(new Event.FellBack(new LinkId(link.id()), link.uri(), new LinkId(standIn.id()), uri, reason));
        if (session != null) {
            session.addLink(standIn, nowNanos);
            SessionLink live = session.links().find(link.id());
            if (live != null) {
                live.reason(told);
            }
        }
    }

    private void end(Deafness deafness, @Nullable Session session, long nowNanos) {
        SlaveLink standIn = deafness.standIn();
        if (standIn == null) {
            return;
        }
        deafness.standIn(null);
        SessionLink live = session == null ? null : session.links().find(standIn.id());
        if (session != null && live != null) {
            session.enter(nowNanos);
            session.close(live, "UDP works again");
        }
        links.remove(standIn.id());
    }

    /** The reason for which a link is down, and what goes on instead. */
    static String told(SlaveLink link, String reason) {
        Deafness deafness = link.deafness();
        SlaveLink standIn = deafness == null ? null : deafness.standIn();
        return standIn == null ? reason : reason + "; over TCP as link " + standIn.id() + " meanwhile";
    }
}
