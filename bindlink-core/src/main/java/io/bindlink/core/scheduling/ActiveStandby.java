package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;

/**
 * Uses the first usable link in the user's order and no other, even if the packet must wait for it. Confined to its
 * session.
 */
final class ActiveStandby implements Scheduler {
    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        LinkView first = null;
        for (int i = 0; i < links.size(); i++) {
            LinkView link = links.get(i);
            if (first == null || link.rank() < first.rank()) {
                first = link;
            }
        }
        if (first != null) {
            picks.add(first);
        }
    }
}
