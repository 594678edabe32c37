package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.ControlPacket;
import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PeerInfo;
import io.bindlink.api.Scheduler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a packet's way through the resequencer costs when two links bring them in pairs, the later one of each first. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResequencerCost {
    private static final int SLOT = 5;
    private static final int PACKET_BYTES = 1_200;
    private static final long INTERVAL_NANOS = 100_000;
    private static final LinkId QUICK = new LinkId(1);
    private static final LinkId SLOW = new LinkId(2);

    /** A receiver with one ordered flow. */
    @State(Scope.Thread)
    public static class Flow {
        private final SwallowingContext context = new SwallowingContext();
        private final InboundLinks inbound = new InboundLinks();
        private final UsableLinks links = new UsableLinks(context);
        private final BondingLimits limits = BondingLimits.STANDARD;
        private final Receiver receiver = new Receiver(
                context,
                limits,
                inbound,
                new Holes(inbound, links),
                new Credits(new Notices(), links, limits.bufferBytes()));
        private final ChunkReader reader = new ChunkReader();
        private final ByteBuffer payload = ByteBuffer.allocate(ChunkLayout.HEADER_BYTES + PACKET_BYTES);
        private long number;

        /** Both links carry. */
        public Flow() {
            inbound.usable(QUICK, true);
            inbound.usable(SLOW, true);
        }

        private void bring(LinkId link, long sequence) {
            context.nowNanos += INTERVAL_NANOS;
            Arrival arrival = new Arrival(sequence, sequence * INTERVAL_NANOS, context.nowNanos);
            int whole = ChunkLayout.FLAG_FIRST | ChunkLayout.FLAG_LAST | ChunkLayout.FLAG_LAST_IN_PAYLOAD;
            int flags = whole | ChunkLayout.classFlags(FlowClass.ORDERED);
            Piece.writeHeader(
                    payload.clear(),
                    ChunkLayout.KIND_DATA,
                    flags,
                    SLOT,
                    (int) sequence & ChunkLayout.SEQUENCE_MASK);
            payload.rewind();
            inbound.received(link, arrival);
            reader.begin(payload);
            reader.next();
            receiver.handleData(reader, payload, arrival);
            inbound.settled(link, arrival.sentNanos());
        }
    }

    /** Counts what is delivered. */
    private static final class SwallowingContext implements MultiplexerContext {
        private final RandomGenerator random = new SplittableRandom(1);
        private long nowNanos;
        private long delivered;

        @Override
        public boolean deliver(ByteBuffer packet, PacketInfo info) {
            delivered++;
            return true;
        }

        @Override
        public @Nullable Packet acquire() {
            return null;
        }

        @Override
        public List<Link> links() {
            return List.of();
        }

        @Override
        public LinkView view(Link link) {
            throw new UnsupportedOperationException("there are no links");
        }

        @Override
        public void accepting(int flow) {}

        @Override
        public ControlPacket report(ByteBuffer extension) {
            throw new UnsupportedOperationException("nobody reads it");
        }

        @Override
        public long nowNanos() {
            return nowNanos;
        }

        @Override
        public void wakeAt(long nanos) {}

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public Scheduler scheduler() {
            throw new UnsupportedOperationException("nothing is sent");
        }

        @Override
        public PeerInfo peer() {
            throw new UnsupportedOperationException("nothing is sent");
        }

        @Override
        public void count(String counter, long n) {}
    }

    /**
     * A pair in the wrong order: one is held until the other has come.
     *
     * @param flow takes it
     * @return packets delivered so far
     */
    @Benchmark
    @OperationsPerInvocation(2)
    public long holdAndRelease(Flow flow) {
        flow.bring(QUICK, flow.number + 1);
        flow.bring(SLOW, flow.number);
        flow.number += 2;
        if (flow.context.delivered != flow.number) {
            throw new IllegalStateException(flow.context.delivered + " delivered of " + flow.number);
        }
        return flow.number;
    }
}
