package io.bindlink.core.session;

import io.bindlink.core.base.Rates;
import org.jspecify.annotations.Nullable;

/** The session there is, and the one that may take its place. Confined to its node. */
final class SessionSlot {
    private static final long MIN_OLD_ANSWER_NANOS = 100 * Rates.NANOS_PER_MILLI;

    private final NodeContext node;
    private final SlaveLinks slaveLinks;
    private final SlaveHandshake slaveHandshake;
    private @Nullable Session session;
    private @Nullable Established successor;
    private long successorNanos;
    private long sessions;

    SessionSlot(NodeContext node, SlaveLinks slaveLinks, SlaveHandshake slaveHandshake) {
        this.node = node;
        this.slaveLinks = slaveLinks;
        this.slaveHandshake = slaveHandshake;
    }

    /** The session; null while there is none. */
    @Nullable
    Session session() {
        return session;
    }

    /** How many have begun. */
    long sessions() {
        return sessions;
    }

    /** A handshake made a session: at once, if there is none. */
    void offer(Established established, long now) {
        Session old = session;
        if (old == null) {
            begin(established, now);
        } else {
            awaitOldSession(established, old, now);
        }
    }

    /**
     * A reply came although there is a session: the master may have been restarted, or only out of reach. In the latter
     * case it answers a probe under the old keys, and then the old session stays, with all that is under way in it.
     */
    private void awaitOldSession(Established established, Session old, long now) {
        if (successor == null) {
            successorNanos = now + Math.max(MIN_OLD_ANSWER_NANOS, old.links().probeTimeoutNanos());
            old.probeAll(now);
        }
        successor = established;
    }

    /** The old one is alive. */
    void keep() {
        successor = null;
    }

    /** Time has passed. */
    void handleTimeout(long now) {
        if (successor != null && now - successorNanos >= 0) {
            begin(successor, now);
        }
    }

    long pollTimeout() {
        return successor == null ? Long.MAX_VALUE : successorNanos;
    }

    /** From now on this is the session. */
    Session begin(Established established, long now) {
        end("replaced by a new one");
        Session begun = new Session(
                node,
                established.epoch(),
                established.suite(),
                established.peer().instanceId(),
                Agreement.describe(established.peer()),
                now);
        session = begun;
        sessions++;
        successor = null;
        slaveHandshake.stop();
        begun.start(Agreement.describe(established.peer()));
        for (SlaveLink link : slaveLinks.all()) {
            SessionLink live = begun.addLink(link, now);
            live.paused(link.paused());
            PathAddress address = link.address();
            if (address == null) {
                live.reason(link.failure());
            } else {
                begun.attach(live, address, link.maxDatagramBytes(), now);
            }
        }
        return begun;
    }

    /** There is none any more. */
    void end(String reason) {
        Session ended = session;
        if (ended != null) {
            session = null;
            ended.dispose(reason);
        }
    }
}
