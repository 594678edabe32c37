package io.bindlink.core.mux;

import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkView;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.core.scheduling.Participation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The links that carry packets now, in the user's order, and what follows from all of them. Confined to its session. */
final class UsableLinks {
    private final MultiplexerContext context;
    private final List<LinkView> views = new ArrayList<>();
    private final Participation participation = new Participation();
    private final List<LinkView> guarded = Collections.unmodifiableList(views);
    private final @Nullable Link[] byId = new Link[LinkId.MAX + 1];

    UsableLinks(MultiplexerContext context) {
        this.context = context;
    }

    /** Looks at all links anew. */
    void refresh() {
        views.clear();
        for (Link link : context.links()) {
            if (link.state() == LinkState.UP) {
                views.add(context.view(link));
                byId[link.id().value()] = link;
            }
        }
    }

    List<LinkView> views() {
        return guarded;
    }

    /** Whether bulk should use a link at all. */
    boolean isWorthIt(LinkView view) {
        return participation.includes(view, guarded);
    }

    Link link(LinkView view) {
        Link link = byId[view.id().value()];
        if (link == null) {
            throw new IllegalArgumentException("link " + view.id() + " was not offered");
        }
        return link;
    }

    boolean anyReady() {
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).ready()) {
                return true;
            }
        }
        return false;
    }

    /** When the pacer of a link that is not ready opens; {@code Long.MAX_VALUE} when only acknowledgements can help. */
    long soonestReadyNanos(long nowNanos) {
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < views.size(); i++) {
            LinkView view = views.get(i);
            long readyNanos = view.readyAtNanos();
            if (!view.ready() && readyNanos - nowNanos > 0) {
                soonest = Math.min(soonest, readyNanos);
            }
        }
        return soonest;
    }

    /** What they deliver together. */
    long rateBytesPerSecond() {
        long sum = 0;
        for (int i = 0; i < views.size(); i++) {
            sum += views.get(i).rateBytesPerSecond();
        }
        return sum;
    }

    long fastestRttNanos() {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < views.size(); i++) {
            long rttNanos = views.get(i).rttNanos();
            if (rttNanos > 0) {
                fastest = Math.min(fastest, rttNanos);
            }
        }
        return fastest == Long.MAX_VALUE ? 0 : fastest;
    }

    long slowestRttNanos() {
        long slowest = 0;
        for (int i = 0; i < views.size(); i++) {
            slowest = Math.max(slowest, views.get(i).rttNanos());
        }
        return slowest;
    }

    /** How much later the slowest link delivers than the quickest, towards the peer. */
    long delaySpreadNanos() {
        long spread = 0;
        for (int i = 0; i < views.size(); i++) {
            spread = Math.max(spread, views.get(i).relativeDelayNanos());
        }
        return spread;
    }
}
