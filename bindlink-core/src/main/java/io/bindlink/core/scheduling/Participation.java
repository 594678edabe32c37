package io.bindlink.core.scheduling;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.core.base.Rates;
import java.util.List;

/**
 * Which links are worth their delay to bulk: a small share of the rate that is far away costs order more than it brings.
 * A link on the edge does not come and go. Confined to its session.
 */
public final class Participation {
    private static final long REMOTE_NANOS = 100 * Rates.NANOS_PER_MILLI; // later than the quickest
    private static final double LITTLE = 0.10; // of what the quicker ones bring
    private static final double LITTLE_BUT_IN_USE = 0.07;

    private final boolean[] out = new boolean[LinkId.MAX + 1];

    /** All links take part. */
    public Participation() {}

    /**
     * Whether bulk should use a link.
     *
     * @param link one of the links
     * @param links all that are usable
     * @return false when it is not worth its delay
     */
    public boolean includes(LinkView link, List<LinkView> links) {
        if (link.relativeDelayNanos() <= REMOTE_NANOS || link.fillBytes() > 0) { // it is tried
            return true;
        }
        long quickerRate = 0;
        for (int i = 0; i < links.size(); i++) { // by index: an iterator would be an allocation per packet
            LinkView other = links.get(i);
            if (other.relativeDelayNanos() < link.relativeDelayNanos()) {
                quickerRate += other.rateBytesPerSecond();
            }
        }
        int id = link.id().value();
        out[id] = link.rateBytesPerSecond() < (out[id] ? LITTLE : LITTLE_BUT_IN_USE) * quickerRate;
        return !out[id];
    }
}
