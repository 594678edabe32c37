package io.bindlink.core.sim;

import io.bindlink.api.Role;
import java.time.Duration;
import java.util.Map;

/** Runs a case with one kind of flow and measures. Confined to its test. */
final class ResultsRun {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURED = Duration.ofSeconds(6);
    private static final Duration CUT = Duration.ofSeconds(2);
    private static final Duration PROBING = Duration.ofMillis(10);
    private static final int PROBE_BYTES = 100;
    private static final int FIRST_PORT = 10_000; // of a bond's flows

    private ResultsRun() {}

    /** The flow that fills the bond. */
    enum Bulk {
        CUBIC,
        BBR,
        QUIC
    }

    /** Whatever a bulk flow is, what it has brought. */
    private interface Filling {
        FlowResult result();
    }

    /**
     * What a run measured.
     *
     * @param share of the links' summed rate that the flow had of use, in thousandths
     * @param probeMicros what 95 % of a sparse flow's packets beside it took at most, one way
     * @param queueMicros wait in the links' own queues, on average over all packets and the whole run
     * @param wayMicros from the sender's device to the receiver's multiplexer, on average: the bond's own queue and the way
     * @param orderMicros what the flow's packets waited for order, on average
     * @param copies that arrived needlessly, in thousandths of the packets sent on links
     * @param gapMicros longest time without a probe when the first link was cut
     */
    record Figures(
            long share,
            long probeMicros,
            long queueMicros,
            long wayMicros,
            long orderMicros,
            long copies,
            long gapMicros) {}

    static Figures of(ResultsCase line, Bulk bulk) {
        TransitMeter meter = new TransitMeter(FIRST_PORT);
        SimBond bond = line.scenario()
                .bond(1)
                .multiplexer(meter, Map.of())
                .scheduler(line.scheduler(), Map.of())
                .build();
        meter.bond(bond);
        bond.awaitUp(LIMIT);
        bond.runFor(SETTLING);
        Filling flow = fill(bond, bulk);
        ProbeFlow probe = ProbeFlow.start(bond, Role.MASTER, PROBING, PROBE_BYTES);
        bond.runFor(WARM_UP);
        long goodputBytes = flow.result().goodputBytes();
        long copies = bond.slave().stats().counter("mux_duplicate");
        long carried = carriedPackets(bond);
        meter.measure();
        probe.measure();
        bond.runFor(MEASURED);
        goodputBytes = flow.result().goodputBytes() - goodputBytes;
        copies = bond.slave().stats().counter("mux_duplicate") - copies;
        carried = carriedPackets(bond) - carried;
        long probeNanos = probe.result().delay95Nanos();
        long wayMicros = Math.round(meter.meanWayNanos() / 1000);
        long orderMicros = Math.round(meter.meanWaitNanos() / 1000);
        return new Figures(
                Math.round(goodputBytes * 1000.0 / MEASURED.toSeconds() / capacity(line)),
                probeNanos / 1000,
                meanQueueMicros(bond),
                wayMicros,
                orderMicros,
                carried == 0 ? 0 : 1000 * copies / carried,
                failover(bond, probe));
    }

    private static Filling fill(SimBond bond, Bulk bulk) {
        return switch (bulk) {
            case CUBIC -> GreedyFlow.start(bond, Role.MASTER)::result;
            case BBR -> GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR)::result;
            case QUIC -> QuicFlow.start(bond, Role.MASTER)::result;
        };
    }

    private static long failover(SimBond bond, ProbeFlow probe) {
        if (bond.links().size() == 1) {
            return -1; // nowhere to go
        }
        probe.measure();
        bond.link(1).cut();
        bond.runFor(CUT);
        return probe.result().longestGapNanos() / 1000;
    }

    private static long capacity(ResultsCase line) {
        return line.scenario().links().stream()
                .mapToLong(link -> link.down().capacityBytesPerSecond())
                .sum();
    }

    private static long carriedPackets(SimBond bond) {
        return bond.links().stream()
                .mapToLong(link -> link.down().counts().sentPackets())
                .sum();
    }

    private static long meanQueueMicros(SimBond bond) {
        double nanos = 0;
        long packets = 0;
        for (SimLinkPair link : bond.links()) {
            LinkCounts counts = link.down().counts();
            nanos += (double) counts.meanQueueDelayNanos() * counts.sentPackets();
            packets += counts.sentPackets();
        }
        return packets == 0 ? 0 : Math.round(nanos / packets / 1000);
    }
}
