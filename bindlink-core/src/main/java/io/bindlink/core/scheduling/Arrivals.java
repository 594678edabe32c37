package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.Picks;
import io.bindlink.core.base.Rates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Estimates of waiting and arrival that schedulers share. Immutable. */
final class Arrivals {
    /** A link that is busy for longer than this is not waited for: its estimates are not that good. */
    static final long PATIENCE_NANOS = 100 * Rates.NANOS_PER_MILLI;

    private Arrivals() {}

    /**
     * How long until the link takes a packet. A full window opens with an acknowledgement, whose time nobody knows; they
     * come at the link's rate, so one packet's time is the guess.
     */
    static long waitNanos(LinkView link, int sizeBytes, long nowNanos) {
        if (link.ready()) {
            return 0;
        }
        return Math.max(link.readyAtNanos() - nowNanos, Rates.nanosFor(sizeBytes, link.rateBytesPerSecond()));
    }

    /** When a packet sent now would be there, later than one on the quickest link that is idle. */
    static long arrivalNanos(LinkView link, int sizeBytes, long nowNanos) {
        long path = link.relativeDelayNanos() + link.jitterNanos();
        long queue = Rates.nanosFor(link.queuedBytes() + sizeBytes, link.rateBytesPerSecond());
        return waitNanos(link, sizeBytes, nowNanos) + path + queue;
    }

    /** The link where a packet is soonest, among those that are ready and not late, but not the given one. */
    static @Nullable LinkView earliestOther(List<LinkView> links, LinkView but, int sizeBytes, Picks picks) {
        LinkView best = null;
        long bestNanos = Long.MAX_VALUE;
        for (int i = 0; i < links.size(); i++) {
            LinkView link = links.get(i);
            long nanos = arrivalNanos(link, sizeBytes, picks.nowNanos());
            if (!link.equals(but) && link.ready() && !link.late() && nanos < bestNanos) {
                best = link;
                bestNanos = nanos;
            }
        }
        return best;
    }

    /** The link where a packet is soonest, among all or among those that are ready. */
    static @Nullable LinkView earliest(List<LinkView> links, int sizeBytes, Picks picks, boolean readyOnly) {
        LinkView best = null;
        long bestNanos = Long.MAX_VALUE;
        for (int i = 0; i < links.size(); i++) { // by index: an iterator would be an allocation per packet
            LinkView link = links.get(i);
            if (readyOnly && !link.ready()) {
                continue;
            }
            long nanos = arrivalNanos(link, sizeBytes, picks.nowNanos());
            if (best == null || nanos < bestNanos) {
                best = link;
                bestNanos = nanos;
            }
        }
        return best;
    }
}
