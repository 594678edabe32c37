package io.bindlink.core.session;

import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.link.LinkPath;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's links, in order of their ids, and what is kept of those that are gone. Arrays and lists that were handed
 * out never change, so a multiplexer may close a link while it is told of another. Confined to its session.
 */
final class SessionLinks {
    private final @Nullable LinkRecord[] records = new LinkRecord[LinkId.MAX + 1];
    private SessionLink[] all = {};
    private List<Link> view = List.of();
    private long leastDelayNanos;
    private long leastDelayAtNanos = Long.MIN_VALUE; // when that was looked at

    SessionLinks() {}

    /** All links but closed ones; not to be changed. */
    SessionLink[] all() {
        return all;
    }

    /** The same for the multiplexer. */
    List<Link> view() {
        return view;
    }

    /** What the session keeps for a link id; null before the id's first use. */
    @Nullable
    LinkRecord record(int id) {
        return records[id];
    }

    /** Keeps a record for a link id, from its first use on. */
    void record(int id, LinkRecord first) {
        records[id] = first;
    }

    void add(SessionLink link) {
        SessionLink[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = link;
        Arrays.sort(more, Comparator.comparing(SessionLink::id));
        replace(more);
    }

    void remove(SessionLink link) {
        replace(Arrays.stream(all).filter(other -> other != link).toArray(SessionLink[]::new));
    }

    private void replace(SessionLink[] links) {
        all = links;
        view = List.of(links);
        onStateChanged();
    }

    /** A link came into use or went out of it. */
    void onStateChanged() {
        leastDelayAtNanos = Long.MIN_VALUE;
    }

    /** The link with an id; null when there is none now. */
    @Nullable
    SessionLink find(int id) {
        LinkRecord record = records[id];
        SessionLink link = record == null ? null : record.link();
        return link == null || link.closed() ? null : link;
    }

    /** The link that brings a small datagram soonest; live ones before those only hoped for. */
    @Nullable
    SessionLink quickest() {
        return quickestBut(null);
    }

    /** The same among all links but one. */
    @Nullable
    SessionLink quickestBut(@Nullable SessionLink except) {
        SessionLink best = null;
        for (SessionLink link : all) {
            if (link != except && link.reachable() && quicker(link, best)) {
                best = link;
            }
        }
        return best;
    }

    private static boolean quicker(SessionLink link, @Nullable SessionLink best) {
        if (best == null) {
            return true;
        }
        int hope = hope(link) - hope(best);
        return hope != 0 ? hope > 0 : link.rttNanos() < best.rttNanos();
    }

    private static int hope(SessionLink link) {
        return switch (link.state()) {
            case UP -> 4;
            case PAUSED -> 3;
            case SUSPECT -> 2;
            case CONNECTING -> 1;
            case DOWN, CLOSED -> 0;
        };
    }

    /** Whether some link carries packets. */
    boolean anyUp() {
        for (SessionLink link : all) {
            if (link.state() == LinkState.UP) {
                return true;
            }
        }
        return false;
    }

    /** How much later than by the quickest link that carries packets something arrives by a path. */
    long relativeDelayNanos(LinkPath path, long nowNanos) {
        if (leastDelayAtNanos != nowNanos) {
            leastDelayAtNanos = nowNanos;
            leastDelayNanos = leastDelayNanos();
        }
        long own = path.oneWayDelayNanos();
        return own == Long.MIN_VALUE || leastDelayNanos == Long.MAX_VALUE ? 0 : Math.max(0, own - leastDelayNanos);
    }

    private long leastDelayNanos() {
        long least = Long.MAX_VALUE;
        for (SessionLink link : all) {
            long own = link.state() == LinkState.UP ? link.path().oneWayDelayNanos() : Long.MIN_VALUE;
            if (own != Long.MIN_VALUE) {
                least = Math.min(least, own);
            }
        }
        return least;
    }

    /** Probe timeout of the link that answers soonest. */
    long probeTimeoutNanos() {
        SessionLink link = quickest();
        return link == null ? Rates.NANOS_PER_SECOND : link.path().probeTimeoutNanos();
    }

    long slowestQueueNanos() {
        long slowest = 0;
        for (SessionLink link : all) {
            slowest = Math.max(slowest, link.path().queueNanos());
        }
        return slowest;
    }
}
