package example.bond;

import io.bindlink.api.LinkState;
import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.List;
import java.util.Map;

/** Sends everything on the cheapest link that is up; the user lists the links by their price. */
public final class CheapestUp implements Scheduler {
    /** Made for each session. */
    public CheapestUp() {}

    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        for (LinkView link : links) {
            if (link.state() == LinkState.UP) {
                picks.add(link); // if it is not ready, the packet waits until it is
                return;
            }
        }
    }

    /** Makes it for {@code .scheduler("cheapest-up")}. */
    public static final class Provider implements SchedulerProvider {
        /** Made by ServiceLoader. */
        public Provider() {}

        @Override
        public String name() {
            return "cheapest-up";
        }

        @Override
        public Scheduler create(Map<String, String> options) {
            return new CheapestUp();
        }
    }
}
