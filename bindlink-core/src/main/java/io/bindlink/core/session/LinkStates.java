package io.bindlink.core.session;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.LinkFlags;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the links' states: tells the multiplexer, the user and, on a live link, the peer, so that both sides turn away
 * from a dying link at once. Confined to its session.
 */
final class LinkStates {
    /** A live link carries a report every second, so silence for this long means deafness. */
    private static final long DEAF_NANOS = 2_500_000_000L;

    /** What was said may have been lost, so it is said again at this pace while it holds. */
    private static final long REPEAT_NANOS = Rates.NANOS_PER_SECOND;

    private final Session session;
    private final NodeContext node;
    private long sequence;
    private long repeatNanos;

    LinkStates(Session session, NodeContext node, long nowNanos) {
        this.session = session;
        this.node = node;
        this.repeatNanos = nowNanos + REPEAT_NANOS;
    }

    long pollTimeout() {
        return repeatNanos;
    }

    /** Publishes what changed. */
    void refresh(long nowNanos) {
        boolean repeat = nowNanos - repeatNanos >= 0;
        if (repeat) {
            repeatNanos = nowNanos + REPEAT_NANOS;
        }
        for (SessionLink link : session.links().all()) {
            LinkState judged = link.judge();
            if (judged != link.state()) {
                change(link, judged);
            }
            if (link.takeLateness()) {
                session.multiplexer().stateChanged(link);
            }
            int flags = flags(link, nowNanos);
            if (flags != link.flagsTold() || (repeat && flags != 0)) {
                tell(link, flags);
            }
        }
    }

    private void change(SessionLink link, LinkState to) {
        LinkState from = link.state();
        link.state(to);
        session.links().onStateChanged();
        String reason = to == LinkState.UP ? "" : reason(link, to);
        node.events.add(new Event.LinkChanged(link.id(), link.uri(), from, to, reason));
        session.multiplexer().stateChanged(link);
    }

    private static String reason(SessionLink link, LinkState to) {
        return switch (to) {
            case SUSPECT -> "no answer for a probe timeout";
            case DOWN -> link.address() == null ? link.reason() : "no answer for two probe timeouts";
            default -> link.reason();
        };
    }

    private static int flags(SessionLink link, long nowNanos) {
        return switch (link.state()) {
            case CLOSED -> LinkFlags.REMOVED | LinkFlags.NOT_SENDING;
            case SUSPECT, DOWN -> LinkFlags.NOT_SENDING | deaf(link, nowNanos) | paused(link);
            default -> deaf(link, nowNanos) | paused(link);
        };
    }

    private static int deaf(SessionLink link, long nowNanos) {
        return link.path().lastHeardNanos() != Long.MIN_VALUE && isDeaf(link, nowNanos) ? LinkFlags.NOT_HEARING : 0;
    }

    /** Whether nothing has come by a link for so long that more should have; so too before anything came. */
    static boolean isDeaf(SessionLink link, long nowNanos) {
        long heard = link.path().lastHeardNanos();
        return heard == Long.MIN_VALUE || nowNanos - heard > DEAF_NANOS;
    }

    private static int paused(SessionLink link) {
        return link.pausedHere() ? LinkFlags.PAUSED : 0;
    }

    /** Says it on the best link there is; a removed link is spoken of on any. */
    void tell(SessionLink about, int flags) {
        SessionLink except = about.state() == LinkState.UP ? null : about;
        ByteBuffer frames = session.writer().beginSmall(session.links().quickestBut(except));
        if (frames == null) {
            return;
        }
        FrameWriter.linkState(frames, ++sequence, about.id().value(), flags);
        session.writer().finish(true, false);
        about.flagsTold(flags);
    }

    /** Takes what the peer says of a link, unless something newer was heard. */
    void handle(long heardSequence, @Nullable SessionLink link, int flags, long sentNanos, long nowNanos) {
        if (link == null || heardSequence - link.flagsSequence() <= 0) {
            return;
        }
        link.flagsSequence(heardSequence);
        link.pausedByPeer((flags & LinkFlags.PAUSED) != 0);
        if ((flags & LinkFlags.NOT_HEARING) != 0) {
            link.path().suspect(nowNanos);
        }
        if ((flags & LinkFlags.REMOVED) != 0) {
            link.reason("removed by the peer");
            link.record().onRemoved(sentNanos);
            link.flagsTold(LinkFlags.REMOVED | LinkFlags.NOT_SENDING); // an echo would end what the peer has made anew
            session.remove(link);
        }
    }
}
