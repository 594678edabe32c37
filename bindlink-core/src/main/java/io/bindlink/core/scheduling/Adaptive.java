package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;

/**
 * Bulk on every link that is worth it, all else where it arrives soonest.
 *
 * <p>Bulk is work-conserving: of the links that its flow tolerates, any that has room takes the head of the queue, the
 * soonest first; order is the receiver's business, and room unused is rate lost. Packets whose delay matters (sparse
 * flows, repairs, the last of a burst) wait for a busy link when they arrive sooner that way (earliest completion first),
 * but never long; sparse ones are copied to the next best link within a budget, and all of them while an answer is
 * overdue. Confined to its session.
 */
final class Adaptive implements Scheduler {
    private final Participation participation = new Participation();
    private final CopyBudget copies = new CopyBudget();

    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        if (packet.sparse() || packet.resend() || packet.tail()) {
            chooseSoonest(packet, links, picks);
        } else {
            chooseFree(packet, links, picks);
        }
    }

    private void chooseFree(PacketInfo packet, List<LinkView> links, Picks picks) {
        LinkView best = null;
        long bestNanos = Long.MAX_VALUE;
        for (int i = 0; i < links.size(); i++) { // by index: an iterator would be an allocation per packet
            LinkView link = links.get(i);
            if (!link.ready() || isTooLate(link, packet) || !participation.includes(link, links)) {
                continue;
            }
            long nanos = Arrivals.arrivalNanos(link, packet.sizeBytes(), picks.nowNanos());
            if (nanos < bestNanos) {
                best = link;
                bestNanos = nanos;
            }
        }
        if (best != null) {
            picks.add(best);
        }
    }

    private static boolean isTooLate(LinkView link, PacketInfo packet) {
        return link.relativeDelayNanos() > packet.toleranceNanos();
    }

    private void chooseSoonest(PacketInfo packet, List<LinkView> links, Picks picks) {
        LinkView best = Arrivals.earliest(links, packet.sizeBytes(), picks, false);
        if (best == null) {
            return;
        }
        long waitNanos = Arrivals.waitNanos(best, packet.sizeBytes(), picks.nowNanos());
        LinkView free =
                waitNanos > Arrivals.PATIENCE_NANOS ? Arrivals.earliest(links, packet.sizeBytes(), picks, true) : null;
        boolean copyable = packet.sparse() && !packet.resend() && best.ready();
        LinkView other =
                best.late() || copyable ? Arrivals.earliestOther(links, best, packet.sizeBytes(), picks) : null;
        boolean doubtful = best.late() && other != null;
        if (other != null && (doubtful || copies.pays(packet.sizeBytes(), links, picks.nowNanos()))) {
            picks.add(other);
        }
        if (doubtful && packet.resend()) {
            return;
        }
        picks.add(free == null ? best : free);
        if (free == null && waitNanos > 0) {
            picks.waitAtMost(waitNanos);
        }
    }
}
