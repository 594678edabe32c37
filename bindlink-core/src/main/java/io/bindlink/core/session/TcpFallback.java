package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import org.jspecify.annotations.Nullable;

/**
 * Lets a link by TCP stand in for a link by UDP whose datagrams nobody answers, or whose proxy relays none. It is a link of
 * its own, with its own id and packet numbers, so that the other one can be tried at any time without disturbing it, and
 * goes when datagrams have got through for a while (docs/adr/0020). Without a proxy silence mostly means that nothing
 * passes at all; there a trial comes first, which nobody sees (docs/adr/0022). Confined to its node.
 */
final class TcpFallback {
    /** While the stand-in carries, a new relay is asked for this often. */
    static final long UDP_RETRY_NANOS = 120 * Rates.NANOS_PER_SECOND;

    private static final String NO_ANSWER = "no answer by UDP";

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
                endVainTrial(deafness);
                continue;
            }
            note(link, deafness, session, nowNanos);
            endVainTrial(deafness);
            if (nowNanos - deafness.deafNanos() >= 0) {
                beginOrTry(link, deafness, session, nowNanos);
            } else if (nowNanos - deafness.triedNanos() >= 0) {
                conclude(link, deafness, session, nowNanos);
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
                due = Math.min(due, deafness.triedNanos());
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

    private void beginOrTry(SlaveLink link, Deafness deafness, @Nullable Session session, long nowNanos) {
        if (link.uri().scheme().proxied()) {
            begin(link, deafness, NO_ANSWER, session, nowNanos);
        } else if (hasRoom(link)) {
            deafness.beginTrial(links.tryOut(link.uri().overTcp(), nowNanos), nowNanos);
        } else {
            deafness.onNotTried(); // looks again after a while
        }
    }

    private boolean hasRoom(SlaveLink link) {
        LinkUri uri = link.uri().overTcp();
        return links.all().size() < LinkId.MAX
                && links.all().stream().noneMatch(each -> each.uri().equals(uri));
    }

    /** A trial's socket was made. Datagrams have another chance: a link that was down for long asks seldom. */
    void handleTrialConnected(SlaveLink trial, @Nullable Session session, long nowNanos) {
        SlaveLink link = triedFor(trial);
        Deafness deafness = link == null ? null : link.deafness();
        if (deafness == null) {
            links.giveUp(trial); // the link was closed meanwhile
        } else {
            deafness.onTrialConnected(nowNanos);
            if (session != null) {
                session.probeAll(nowNanos);
            }
        }
    }

    /** The master answered the hello that went by a trial. */
    void handleTrialAnswered(SlaveLink trial, @Nullable Session session, long nowNanos) {
        SlaveLink link = triedFor(trial);
        Deafness deafness = link == null ? null : link.deafness();
        if (link != null && deafness != null && hasRoom(link)) {
            adopt(link, deafness, trial, session, nowNanos);
        }
    }

    /** A trial's socket could not be made, or is gone. */
    void handleTrialFailed(SlaveLink trial) {
        SlaveLink link = triedFor(trial);
        Deafness deafness = link == null ? null : link.deafness();
        if (deafness != null) {
            deafness.endTrial();
        }
        links.giveUp(trial);
    }

    private @Nullable SlaveLink triedFor(SlaveLink trial) {
        for (SlaveLink link : links.all()) {
            Deafness deafness = link.deafness();
            if (deafness != null && deafness.trial() == trial) {
                return link;
            }
        }
        return null;
    }

    /** A dial under way is waited for: its id must not be another's by then. */
    private void endVainTrial(Deafness deafness) {
        SlaveLink trial = deafness.trial();
        if (trial != null && trial.address() != null && !deafness.isDeaf()) {
            handleTrialFailed(trial);
        }
    }

    /** The connection stands, and datagrams still get no answer. A session vouches for the key, or else nobody does. */
    private void conclude(SlaveLink link, Deafness deafness, @Nullable Session session, long nowNanos) {
        SlaveLink trial = deafness.trial();
        if (trial == null) {
            return;
        }
        if (session == null || !hasRoom(link)) {
            handleTrialFailed(trial);
        } else {
            adopt(link, deafness, trial, session, nowNanos);
        }
    }

    private void adopt(SlaveLink link, Deafness deafness, SlaveLink trial, @Nullable Session session, long nowNanos) {
        deafness.endTrial();
        links.adopt(trial);
        standIn(link, deafness, trial, NO_ANSWER, session, nowNanos);
        SessionLink live = session == null ? null : session.links().find(trial.id());
        PathAddress address = trial.address();
        if (session != null && live != null && address != null) {
            session.attach(live, address, trial.maxDatagramBytes(), nowNanos);
        }
    }

    private void begin(SlaveLink link, Deafness deafness, String reason, @Nullable Session session, long nowNanos) {
        if (hasRoom(link)) {
            standIn(link, deafness, links.add(link.uri().overTcp(), nowNanos), reason, session, nowNanos);
        } else {
            deafness.standIn(null); // looks again after a while
        }
    }

    private void standIn(
            SlaveLink link,
            Deafness deafness,
            SlaveLink standIn,
            String reason,
            @Nullable Session session,
            long nowNanos) {
        LinkUri uri = standIn.uri();
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
