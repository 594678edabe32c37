package io.bindlink.core.queue;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a packet's way through the queue of flows costs, in and out, while a packet of each flow waits. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QueueCost {
    private static final int PACKET_BYTES = 1_200;
    private static final long STEP_NANOS = 100;
    private static final long BOUND_BYTES = 64 << 20; // holds all that wait

    /** A queue and its flows. */
    @State(Scope.Thread)
    public static class Queue {
        /** How many there are. */
        @Param({"1", "100", "10000"})
        public int flows = 1;

        private final Parcels parcels = new Parcels();
        private final FairQueue<FakeFlow> queue = new FairQueue<>(BOUND_BYTES, cause -> {});
        private final Packet packet = new SharedPacket();
        private FakeFlow[] all = {};
        private int turn;
        private long nowNanos;

        /** A packet of each flow waits. */
        @Setup(Level.Trial)
        public void fill() {
            queue.tune(125_000_000, 20_000_000, nowNanos);
            all = IntStream.range(0, flows).mapToObj(i -> FakeFlow.bestEffort()).toArray(FakeFlow[]::new);
            for (FakeFlow flow : all) {
                offer(flow);
            }
        }

        private void offer(FakeFlow flow) {
            queue.offer(flow, parcels.wrap(packet, nowNanos), nowNanos);
        }

        private @Nullable FakeFlow serve() {
            FakeFlow flow = queue.sparse(nowNanos);
            if (flow == null) {
                flow = queue.bulk(nowNanos);
            }
            if (flow != null) {
                queue.taken(flow, PACKET_BYTES, nowNanos);
            }
            return flow;
        }
    }

    /** One packet for all, so that nothing but the queue's memory is touched. */
    private static final class SharedPacket implements Packet {
        private final ByteBuffer data = ByteBuffer.allocate(PACKET_BYTES);
        private final PacketInfo info = PacketInfo.of(PACKET_BYTES, 0, Delivery.BEST_EFFORT, Offload.NONE);

        @Override
        public ByteBuffer data() {
            return data;
        }

        @Override
        public PacketInfo info() {
            return info;
        }

        @Override
        public void release() {}
    }

    /**
     * A packet in, and the one whose turn it is out.
     *
     * @param flows the queue
     * @return the flow it is of
     */
    @Benchmark
    public @Nullable Object offerAndTake(Queue flows) {
        flows.nowNanos += STEP_NANOS;
        flows.turn = (flows.turn + 1) % flows.all.length;
        flows.offer(flows.all[flows.turn]);
        return flows.serve();
    }
}
