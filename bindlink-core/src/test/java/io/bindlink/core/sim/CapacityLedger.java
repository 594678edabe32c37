package io.bindlink.core.sim;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Where the capacity of a bond's links went in one direction, seen from outside the engine: what an engine's own account must
 * agree with. Looks at the links about every tenth of a millisecond, whether anything is in their bottlenecks; what is idle is
 * capped while the sender's queue holds packets, and without demand else, if the queue can be seen. Loss, copies and what arrived in vain are counted by their bytes; all else that was
 * carried and is no packet is overhead. For links with a rate, not a trace. Confined to its bond.
 */
final class CapacityLedger implements Traffic {
    private static final long STEP_NANOS = 97_003; // and in step with no traffic

    private final SimBond bond;
    private final Role sender;
    private final LongSupplier waitingBytes;
    private long nextNanos;
    private long sinceNanos;
    private long startBytes;
    private long startCopies;
    private long startVain;
    private long startDatagrams;
    private double startCarried;
    private double startLost;
    private double idleBytes;
    private double cappedBytes;

    /**
     * Shares of the summed capacity; they sum to 1 but for what the sampling misses.
     *
     * @param goodput packets that came out of the device, headers included
     * @param overhead the tunnel's headers, acknowledgements, probes
     * @param lost carried by a link and then lost
     * @param copies arrived a second time
     * @param vain arrived, but dropped for want of other pieces
     * @param idle nothing was in a link's bottleneck
     * @param capped what of it was so while packets waited at the sender
     */
    record Shares(
            double goodput, double overhead, double lost, double copies, double vain, double idle, double capped) {
        double sum() {
            return goodput + overhead + lost + copies + vain + idle;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%% of capacity: goodput %.1f, overhead %.1f, lost %.1f, copies %.1f, vain %.1f, idle %.1f,"
                            + " capped of that %.1f; sum %.1f",
                    100 * goodput,
                    100 * overhead,
                    100 * lost,
                    100 * copies,
                    100 * vain,
                    100 * idle,
                    100 * capped,
                    100 * sum());
        }
    }

    private CapacityLedger(SimBond bond, Role sender, LongSupplier waitingBytes) {
        this.bond = bond;
        this.sender = sender;
        this.waitingBytes = waitingBytes;
        this.nextNanos = bond.nowNanos();
    }

    /** Begins an account of what an end sends from now on. */
    static CapacityLedger start(SimBond bond, Role sender) {
        return start(bond, sender, () -> 0);
    }

    /** The same with a look at the sender's queue. */
    static CapacityLedger start(SimBond bond, Role sender, LongSupplier waitingBytes) {
        CapacityLedger ledger = new CapacityLedger(bond, sender, waitingBytes);
        ledger.measure();
        bond.add(ledger);
        return ledger;
    }

    /** Begins anew, as after a warm-up. */
    void measure() {
        sinceNanos = bond.nowNanos();
        startBytes = receiver().deliveredBytes();
        startCopies = receiver().stats().counter("mux_duplicate");
        startVain = vainPackets();
        startDatagrams = datagrams();
        startCarried = carriedBytes();
        startLost = lostBytes();
        idleBytes = 0;
        cappedBytes = 0;
    }

    Shares shares() {
        double capacity = 0;
        for (SimLinkPair link : bond.links()) {
            capacity += link.from(sender).model().capacityBytesPerSecond() * (bond.nowNanos() - sinceNanos) / 1e9;
        }
        double carried = carriedBytes() - startCarried;
        double goodput = receiver().deliveredBytes() - startBytes;
        double lost = lostBytes() - startLost;
        double datagram = carried / Math.max(1, datagrams() - startDatagrams);
        double copies = datagram * (receiver().stats().counter("mux_duplicate") - startCopies);
        double vain = datagram * (vainPackets() - startVain);
        return new Shares(
                goodput / capacity,
                (carried - goodput - lost - copies - vain) / capacity,
                lost / capacity,
                copies / capacity,
                vain / capacity,
                idleBytes / capacity,
                cappedBytes / capacity);
    }

    @Override
    public long pollTimeout() {
        return nextNanos;
    }

    @Override
    public void handleTimeout(long nowNanos) {
        nextNanos += STEP_NANOS;
        for (SimLinkPair link : bond.links()) {
            SimLink way = link.from(sender);
            way.queueDelayNanos(nowNanos); // lets it take out what has been served by now
            if (way.queuedBytes() == 0) {
                double unused = way.model().capacityBytesPerSecond() * (double) STEP_NANOS / Rates.NANOS_PER_SECOND;
                idleBytes += unused;
                cappedBytes += waitingBytes.getAsLong() > 0 ? unused : 0;
            }
        }
    }

    private SimEnd receiver() {
        return bond.end(SimBond.other(sender));
    }

    private long vainPackets() {
        return receiver().stats().counter("mux_incomplete") + receiver().stats().counter("mux_held_overflow");
    }

    private long datagrams() {
        return bond.links().stream()
                .mapToLong(link -> link.from(sender).counts().deliveredPackets())
                .sum();
    }

    private double carriedBytes() {
        return bond.links().stream()
                .mapToDouble(link -> {
                    LinkCounts counts = link.from(sender).counts();
                    long packets = counts.deliveredPackets() - counts.duplicates() + counts.lostPackets();
                    return counts.deliveredBytes() + counts.lostBytes() + packets * (double) overhead(link);
                })
                .sum();
    }

    private double lostBytes() {
        return bond.links().stream()
                .mapToDouble(link -> {
                    LinkCounts counts = link.from(sender).counts();
                    return counts.lostBytes() + counts.lostPackets() * (double) overhead(link);
                })
                .sum();
    }

    private int overhead(SimLinkPair link) {
        return link.from(sender).model().overheadBytes();
    }
}
