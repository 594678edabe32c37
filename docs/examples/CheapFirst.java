import io.bindlink.api.LinkState;
import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.List;
import java.util.Map;

/** A scheduler that keeps to the first link, and takes the dearer ones only while much is waiting. */
public final class CheapFirst implements Scheduler {
    private static final long MUCH_BYTES = 64 * 1024;

    /** Made for each session. */
    public CheapFirst() {}

    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        LinkView cheapest = null;
        for (LinkView link : links) {
            if (link.state() == LinkState.UP && (cheapest == null || link.rank() < cheapest.rank())) {
                cheapest = link;
            }
        }
        for (LinkView link : links) {
            boolean wanted = link == cheapest || picks.backlogBytes() > MUCH_BYTES;
            if (wanted && link.ready()) {
                picks.add(link);
                return;
            }
        }
    }

    /** Makes it for {@code --scheduler cheap-first} and {@code .scheduler("cheap-first")}. */
    public static final class Provider implements SchedulerProvider {
        /** Made by ServiceLoader. */
        public Provider() {}

        @Override
        public String name() {
            return "cheap-first";
        }

        @Override
        public Scheduler create(Map<String, String> options) {
            return new CheapFirst();
        }
    }
}
