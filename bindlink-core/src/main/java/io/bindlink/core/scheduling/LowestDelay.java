package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;

/**
 * Sends a packet where it arrives soonest.
 *
 * <p>Packets whose delay matters (sparse flows, repairs, the last of a burst) wait for a busy link when they arrive
 * sooner that way, but never long. Bulk takes any link that has room, the soonest of them: order is the receiver's
 * business, and room unused is rate lost. Confined to its session.
 */
final class LowestDelay implements Scheduler {
    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        LinkView ready = Arrivals.earliest(links, packet.sizeBytes(), picks, true);
        boolean urgent = packet.sparse() || packet.resend() || packet.tail();
        if (ready != null && !urgent) {
            picks.add(ready);
            return;
        }
        LinkView best = Arrivals.earliest(links, packet.sizeBytes(), picks, false);
        if (best == null) {
            return;
        }
        long waitNanos = Arrivals.waitNanos(best, packet.sizeBytes(), picks.nowNanos());
        if (ready != null && waitNanos > Arrivals.PATIENCE_NANOS) {
            picks.add(ready);
            return;
        }
        picks.add(best);
        if (waitNanos > 0) {
            picks.waitAtMost(waitNanos);
        }
    }
}
