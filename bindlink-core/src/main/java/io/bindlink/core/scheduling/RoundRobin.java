package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;

/** Takes the links in turn, passing over those that have no room. Confined to its session. */
final class RoundRobin implements Scheduler {
    private int lastId;

    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        int start = afterLast(links);
        for (int i = 0; i < links.size(); i++) {
            LinkView link = links.get((start + i) % links.size());
            if (link.ready()) {
                lastId = link.id().value();
                picks.add(link);
                return;
            }
        }
    }

    /** Links come and go, so the turn is remembered by id: the place behind the link served last. */
    private int afterLast(List<LinkView> links) {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).id().value() == lastId) {
                return i + 1;
            }
        }
        return 0;
    }
}
