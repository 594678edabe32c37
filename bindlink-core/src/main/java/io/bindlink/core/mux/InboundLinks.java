package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.LinkId;

/**
 * What is known of each link in the direction towards here: up to when it has delivered, and how long it takes. Confined
 * to its session.
 */
final class InboundLinks {
    /** A link that brought nothing for so long carries nothing that anybody waits for. */
    private static final long PARTICIPATES_NANOS = 1_000_000_000L;

    private static final int DELAY_WEIGHT = 8; // as RFC 6298 smooths round trips

    private final boolean[] carried = new boolean[LinkId.MAX + 1];
    private final boolean[] usable = new boolean[LinkId.MAX + 1];
    private final long[] lastPayloadNanos = new long[LinkId.MAX + 1];
    private final long[] settledNanos = new long[LinkId.MAX + 1];
    private final long[] delayNanos = new long[LinkId.MAX + 1];
    private int highestId;

    void usable(LinkId link, boolean up) {
        usable[link.value()] = up;
        highestId = Math.max(highestId, link.value());
    }

    void received(LinkId link, Arrival arrival) {
        int id = link.value();
        long sampleNanos = arrival.receivedNanos() - arrival.sentNanos();
        if (!carried[id]) {
            carried[id] = true;
            settledNanos[id] = arrival.sentNanos() - 1; // all before it may still come
            delayNanos[id] = sampleNanos;
        }
        delayNanos[id] += (sampleNanos - delayNanos[id]) / DELAY_WEIGHT;
        lastPayloadNanos[id] = arrival.receivedNanos();
    }

    /** The session's word replaces the one before: a quiet link may be settled for all future until it is used again. */
    void settled(LinkId link, long sentNanos) {
        if (sentNanos == Long.MIN_VALUE) {
            return; // nothing is settled yet
        }
        settledNanos[link.value()] = sentNanos;
    }

    /** What a datagram takes on the quickest link from the peer's clock to ours; 0 when none carried anything. */
    long leastDelayNanos() {
        long least = Long.MAX_VALUE;
        for (int id = LinkId.MIN; id <= highestId; id++) {
            if (carried[id] && usable[id]) {
                least = Math.min(least, delayNanos[id]);
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    void forget(LinkId link) {
        carried[link.value()] = false;
        usable[link.value()] = false;
    }

    private boolean participates(int id, long nowNanos) {
        return carried[id] && usable[id] && nowNanos - lastPayloadNanos[id] < PARTICIPATES_NANOS;
    }

    /** Whether no link can still bring what was first sent by a time. */
    boolean areSettled(long sentNanos, long nowNanos) {
        for (int id = LinkId.MIN; id <= highestId; id++) {
            if (participates(id, nowNanos) && settledNanos[id] - sentNanos < 0) {
                return false;
            }
        }
        return true;
    }

    /** How much later the slowest link brings something than the quickest. */
    long delaySpreadNanos(long nowNanos) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int id = LinkId.MIN; id <= highestId; id++) {
            if (participates(id, nowNanos)) {
                least = Math.min(least, delayNanos[id]);
                most = Math.max(most, delayNanos[id]);
            }
        }
        return most > least ? most - least : 0;
    }
}
