package io.bindlink.core.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one packet costs, both ends together, with few links and many, with one flow and thousands. Packets come in bursts
 * of one for each of the most links, at 96 Mbit/s; each flow has the next one in turn.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CostCurve {
    private static final int BURST = 64;
    private static final int FIRST_BURSTS = 500; // in which links reach their rate and each flow begins
    private static final double DELIVERED_SHARE = 0.99;

    /** One flow over a number of links. */
    @State(Scope.Thread)
    public static class ByLinks {
        /** How many. */
        @Param({"1", "4", "16", "64"})
        public int links = 1;

        private LoopbackBond ends;

        /** Makes the bond and brings it up. */
        @Setup(Level.Trial)
        public void connect() {
            ends = connected(links, 1);
        }

        /** Packets that are dropped cost less: there must be hardly any. */
        @TearDown(Level.Trial)
        public void check() {
            checkDelivered(ends);
        }
    }

    /** A number of flows over two links. */
    @State(Scope.Thread)
    public static class ByFlows {
        /** How many. */
        @Param({"1", "100", "10000"})
        public int flows = 1;

        private LoopbackBond ends;

        /** Makes the bond, brings it up and lets each flow begin. */
        @Setup(Level.Trial)
        public void connect() {
            ends = connected(2, flows);
        }

        /** The same. */
        @TearDown(Level.Trial)
        public void check() {
            checkDelivered(ends);
        }
    }

    private static LoopbackBond connected(int links, int flows) {
        LoopbackBond ends = new LoopbackBond(PacketCost.PACKET_BYTES, "bonding", links, flows);
        ends.connect();
        for (int i = 0; i < FIRST_BURSTS; i++) {
            ends.sendBurst(BURST);
        }
        ends.takeDeliveredShare();
        return ends;
    }

    private static void checkDelivered(LoopbackBond ends) {
        double share = ends.takeDeliveredShare();
        if (share < DELIVERED_SHARE) {
            throw new IllegalStateException("only a share of " + share + " was delivered");
        }
    }

    /**
     * A burst from one end to the other.
     *
     * @param bond both ends
     * @return packets delivered so far
     */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long perPacketByLinks(ByLinks bond) {
        bond.ends.sendBurst(BURST);
        return bond.ends.delivered();
    }

    /**
     * The same.
     *
     * @param bond both ends
     * @return packets delivered so far
     */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long perPacketByFlows(ByFlows bond) {
        bond.ends.sendBurst(BURST);
        return bond.ends.delivered();
    }
}
