package io.bindlink.core.session;

import io.bindlink.api.Efficiency;
import io.bindlink.api.Efficiency.Cause;
import io.bindlink.core.base.Counters;
import io.bindlink.core.base.Rates;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the links' capacity went in the direction in which this node sends, since it started and of late. Links tell what they
 * could carry, what they did and what was lost of it; the multiplexer's counters tell what became of its payloads; what is left
 * over of what was sent is overhead. Confined to its node.
 */
final class CapacityAccount {
    private static final long LOOK_NANOS = 5 * Rates.NANOS_PER_MILLI;
    private static final long MOST_BACKLOG_NANOS = Rates.NANOS_PER_SECOND / 10; // told at other times than it is used
    private static final long SLOT_NANOS = Rates.NANOS_PER_SECOND;
    private static final int SLOTS = 10;

    private static final int GOODPUT = 0; // places in the arrays below
    private static final int OVERHEAD = 1;
    private static final int REPAIRED = 2;
    private static final int COPIES = 3;
    private static final int REORDERING = 4;
    private static final int CAPPED = 5;
    private static final int NO_DEMAND = 6;
    private static final int CAPACITY = 7;

    private static final Cause[] CAUSES = { // by place
        Cause.GOODPUT, Cause.OVERHEAD, Cause.REPAIRED, Cause.COPIES, Cause.REORDERING, Cause.CAPPED, Cause.NO_DEMAND
    };

    private final Counters counters;
    private final double[] bytes = new double[CAPACITY + 1]; // by place: what causes took, and the capacity
    private final double[] told = new double[CAPACITY + 1]; // never falls
    private final double[][] slots = new double[SLOTS + 1][CAPACITY + 1]; // the same as each slot of the window began
    private int slot;
    private int oldestSlot;
    private long slotNanos;
    private long lookedNanos;
    private long goodputBefore;
    private long copiesBefore;
    private long lateBefore;
    private long backlogBefore;
    private long backlogNanos;

    CapacityAccount(Counters counters) {
        this.counters = counters;
    }

    /** A session begins: the window begins anew. */
    void begin(long nowNanos) {
        lookedNanos = nowNanos;
        slotNanos = nowNanos;
        slot = 0;
        oldestSlot = 0;
        backlogNanos = 0;
        keep();
    }

    /** Looks at the links, if it is time to. */
    void look(SessionLinks links, long nowNanos) {
        if (nowNanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        long elapsedNanos = nowNanos - lookedNanos;
        lookedNanos = nowNanos;
        boolean tells = counters.has(Efficiency.GOODPUT_COUNTER);
        double waiting = waitingShare(elapsedNanos);
        double sent = 0;
        double payload = 0;
        double cost = 1;
        for (SessionLink link : links.all()) {
            LinkAccount account = link.record().account();
            account.look(link, elapsedNanos);
            bytes[CAPACITY] += account.capacityBytes;
            double capped = account.unusedBytes * (tells ? waiting : link.blocked() ? 1 : 0);
            bytes[CAPPED] += capped;
            bytes[NO_DEMAND] += account.unusedBytes - capped;
            bytes[REPAIRED] += account.lostBytes;
            sent += account.usedBytes - account.lostBytes - account.underWayBytes;
            payload += account.arrivedPayloadBytes;
            cost = Math.max(cost, account.costOfPayload);
        }
        settle(sent, tells ? 0 : payload, cost);
        if (nowNanos - slotNanos >= SLOT_NANOS) {
            slotNanos = nowNanos;
            slot = (slot + 1) % slots.length;
            oldestSlot = slot == oldestSlot ? (slot + 1) % slots.length : oldestSlot;
            keep();
        }
    }

    /** For what part of the time something waited. */
    private double waitingShare(long elapsedNanos) {
        long backlog = counters.get(Efficiency.BACKLOG_COUNTER);
        backlogNanos += (backlog - backlogBefore) * Rates.NANOS_PER_MICRO;
        backlogBefore = backlog;
        long takenNanos = Math.min(backlogNanos, elapsedNanos);
        backlogNanos = Math.min(backlogNanos - takenNanos, MOST_BACKLOG_NANOS);
        return (double) takenNanos / elapsedNanos;
    }

    /** Takes apart what has arrived, or needs not to be waited for. */
    private void settle(double sentBytes, double payloadBytes, double cost) {
        long goodput = counters.get(Efficiency.GOODPUT_COUNTER);
        long copies = counters.get(Efficiency.COPIES_COUNTER);
        long late = counters.get(Efficiency.LATE_COUNTER);
        double goodputNow = goodput - goodputBefore + payloadBytes;
        double copiesNow = (copies - copiesBefore) * cost;
        double lateNow = (late - lateBefore) * cost;
        goodputBefore = goodput;
        copiesBefore = copies;
        lateBefore = late;
        bytes[GOODPUT] += goodputNow;
        bytes[COPIES] += copiesNow;
        bytes[REORDERING] += lateNow;
        bytes[OVERHEAD] += sentBytes - goodputNow - copiesNow - lateNow;
    }

    private void keep() {
        System.arraycopy(bytes, 0, slots[slot], 0, bytes.length);
    }

    /** Since ten or eleven seconds ago, or since the session began. */
    Efficiency recent() {
        double[] since = slots[oldestSlot];
        Map<Cause, Long> recent = new EnumMap<>(Cause.class);
        for (int i = 0; i < CAUSES.length; i++) {
            recent.put(CAUSES[i], Math.max(0, Math.round(bytes[i] - since[i])));
        }
        return new Efficiency(Math.round(bytes[CAPACITY] - since[CAPACITY]), recent);
    }

    /** Since the node started. What arrives after it was taken for lost, say, makes none of it fall. */
    Efficiency total() {
        for (int i = 0; i < told.length; i++) {
            told[i] = Math.max(told[i], bytes[i]);
        }
        Map<Cause, Long> total = new EnumMap<>(Cause.class);
        for (int i = 0; i < CAUSES.length; i++) {
            total.put(CAUSES[i], (long) told[i]);
        }
        return new Efficiency((long) told[CAPACITY], total);
    }
}
