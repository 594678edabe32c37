package io.bindlink.core.scheduling;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.core.base.Rates;
import java.util.List;

/**
 * Which links are worth their delay to bulk: a small share of the rate that is far away costs order more than it brings,
 * and so does one that takes long over each datagram.
 * A link on the edge does not come and go. Confined to its session.
 */
public final class Participation {
    private static final long REMOTE_NANOS = 100 * Rates.NANOS_PER_MILLI; // later than the quickest
    private static final long QUEUED_BYTES = 3 * 1_500; // a datagram and the two that a link in use keeps before it
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
        long laterNanos = link.relativeDelayNanos() + Rates.nanosFor(QUEUED_BYTES, link.rateBytesPerSecond());
        if (laterNanos <= REMOTE_NANOS || link.fillBytes() > 0) { // it is tried
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
