package io.bindlink.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the capacity of the links went, in the direction in which this node sends. All bytes are those of IP packets on the
 * links: each datagram with its UDP and IP headers, 28 bytes over IPv4 and 48 over IPv6 (a slave
 * does not look, and takes 28). What a datagram was for is known
 * when it was acknowledged or lost, so the causes lag behind by a round trip. Immutable.
 *
 * <p>Capacity is an estimate: the links' estimated rates over the time in which they were up. A link that has had
 * little to carry yet has a rate that is little more than a guess; one that carried more than was estimated had the capacity
 * for it. The shares sum to 1 to within 0.02, once there was some traffic.
 *
 * <p>A multiplexer says by {@link MultiplexerContext#count} what became of its payloads; the links account all the rest. Of one
 * that never counts goodput, every payload that arrived is taken for it, and a link that refused one for capped.
 *
 * @param capacityBytes what the links that were up could have carried, 0 or more
 * @param bytes what each cause took of it, 0 or more; every cause is there
 */
public record Efficiency(long capacityBytes, Map<Cause, Long> bytes) {
    /** Counter of a multiplexer's: bytes of the device's packets that arrived at the peer, each when it did so first. */
    public static final String GOODPUT_COUNTER = "sent_goodput_bytes";

    /** Counter of a multiplexer's: bytes of its payloads that arrived though the same bytes of a packet had before. */
    public static final String COPIES_COUNTER = "sent_copied_bytes";

    /** Counter of a multiplexer's: bytes of its payloads that arrived when they had been given up. */
    public static final String LATE_COUNTER = "sent_late_bytes";

    /** Counter of a multiplexer's: the time in microseconds in which something waited for a link. */
    public static final String BACKLOG_COUNTER = "backlog_micros";

    /** What capacity can go to. */
    public enum Cause {
        /** Bytes of the device's packets that arrived, each counted once. */
        GOODPUT,

        /** The bond's own: headers, tags, acknowledgements, probes, reports. */
        OVERHEAD,

        /** Datagrams that were lost, whole; what was in them was sent again where that helped. */
        REPAIRED,

        /** What arrived once more: copies for safety, and what was sent again in needless fear of loss. */
        COPIES,

        /** What arrived, but when the peer had stopped waiting for it. */
        REORDERING,

        /** Unused although something waited: held back by a window, the pacer or the scheduler, which left a link out. */
        CAPPED,

        /** Unused because nothing waited. */
        NO_DEMAND;

        /**
         * The name in metrics.
         *
         * @return lower case, with underscores
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Nothing yet. */
    public static final Efficiency NONE = new Efficiency(0, Map.of());

    /**
     * Copies the map, and adds the causes that are missing.
     *
     * @param capacityBytes as the component
     * @param bytes as the component; what is missing is 0
     */
    public Efficiency {
        Map<Cause, Long> all = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            all.put(cause, bytes.getOrDefault(cause, 0L));
        }
        bytes = Collections.unmodifiableMap(all);
    }

    /**
     * What a cause took.
     *
     * @param cause the cause
     * @return bytes, 0 or more
     */
    public long bytes(Cause cause) {
        return bytes.getOrDefault(cause, 0L);
    }

    /**
     * What a cause took of the capacity.
     *
     * @param cause the cause
     * @return 0.0 to little over 1.0; 0 while there is no capacity
     */
    public double share(Cause cause) {
        return capacityBytes == 0 ? 0 : (double) bytes(cause) / capacityBytes;
    }
}
