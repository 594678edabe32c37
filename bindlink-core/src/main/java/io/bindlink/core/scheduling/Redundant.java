package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;

/** Sends every packet on every link that has room: the rate of one, the reliability of all. Confined to its session. */
final class Redundant implements Scheduler {
    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        for (int i = 0; i < links.size(); i++) {
            picks.add(links.get(i));
        }
    }
}
