package io.bindlink.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final long BOUND_BYTES = 100_000;

    private final List<String> drops = new ArrayList<>();
    private final List<Bytes> packets = new ArrayList<>();
    private final Parcels parcels = new Parcels();
    private final FairQueue<Flow> queue = new FairQueue<>(BOUND_BYTES, drops::add);

    private static final class Flow extends Backlog {
        private long sentBytes;

        Flow(Delivery delivery) {
            super(delivery);
        }
    }

    private static final class Bytes implements Packet {
        private final ByteBuffer data;
        private int releases;

        Bytes(int sizeBytes) {
            data = ByteBuffer.allocate(sizeBytes);
        }

        @Override
        public ByteBuffer data() {
            return data;
        }

        @Override
        public PacketInfo info() {
            return PacketInfo.of(data.remaining(), 0, Delivery.BEST_EFFORT, Offload.NONE);
        }

        @Override
        public void release() {
            releases++;
        }
    }

    private static Flow bestEffort() {
        return new Flow(Delivery.BEST_EFFORT);
    }

    private Parcel parcel(int sizeBytes, long nowNanos) {
        Bytes packet = new Bytes(sizeBytes);
        packets.add(packet);
        return parcels.wrap(packet, nowNanos);
    }

    private boolean offer(Flow flow, int sizeBytes) {
        return queue.offer(flow, parcel(sizeBytes, 0), 0);
    }

    private @Nullable Flow next(long nowNanos) {
        Flow sparse = queue.sparse(nowNanos);
        return sparse != null ? sparse : queue.bulk(nowNanos);
    }

    /** Sends one packet, or the 1,400 bytes of it that fit. */
    private @Nullable Flow serve(long nowNanos) {
        Flow flow = next(nowNanos);
        if (flow != null) {
            Parcel head = Objects.requireNonNull(flow.head());
            int bytes = Math.min(1_400, head.remainingBytes());
            queue.taken(flow, bytes, nowNanos);
            flow.sentBytes += bytes;
        }
        return flow;
    }

    @Test
    void bulkFlowsShareFairlyWhateverTheirPacketSizes() {
        Flow small = bestEffort();
        Flow large = bestEffort();
        Flow huge = bestEffort();
        for (int i = 0; i < 2_000; i++) {
            while (small.waitingBytes() < 10_000) {
                offer(small, 200);
            }
            while (large.waitingBytes() < 10_000) {
                offer(large, 1_400);
            }
            while (huge.waitingBytes() < 10_000) {
                offer(huge, 40_000);
            }
            serve(0);
        }
        assertThat(small.sentBytes).isCloseTo(large.sentBytes, Percentage.withPercentage(5));
        assertThat(huge.sentBytes).isCloseTo(large.sentBytes, Percentage.withPercentage(5));
    }

    @Test
    void flowThatSendsLittleGoesFirst() {
        Flow bulk = bestEffort();
        for (int i = 0; i < 20; i++) {
            offer(bulk, 1_400);
        }
        serve(0);
        assertThat(queue.sparse(0)).isNull();
        Flow sparse = bestEffort();
        offer(sparse, 100);
        assertThat(queue.sparse(0)).isSameAs(sparse);
        assertThat(queue.bulk(0)).isSameAs(bulk);
    }

    @Test
    void bulkStaysBulkThroughAPause() {
        Flow bulk = bestEffort();
        for (int i = 0; i < 20; i++) {
            offer(bulk, 1_400);
        }
        while (serve(0) != null) {}
        queue.offer(bulk, parcel(100, 1), 1);
        assertThat(queue.sparse(1)).isNull();
        assertThat(serve(1)).isSameAs(bulk);
        long later = FairQueue.BULK_STICKS_NANOS + 1;
        assertThat(next(later)).isNull();
        queue.offer(bulk, parcel(100, later), later);
        assertThat(queue.sparse(later)).isSameAs(bulk);
    }

    @Test
    void overflowDropsTheOldestOfTheLargestFlow() {
        Flow modest = bestEffort();
        Flow greedy = bestEffort();
        offer(modest, 1_000);
        for (int i = 0; i < 200; i++) {
            offer(greedy, 1_000);
        }
        assertThat(queue.waitingBytes()).isLessThanOrEqualTo(BOUND_BYTES);
        assertThat(modest.packets()).isEqualTo(1);
        assertThat(drops).hasSize(101).containsOnly("queue_overflow");
        assertThat(packets.get(1).releases).as("the oldest goes").isEqualTo(1);
        assertThat(packets.get(200).releases).isZero();
    }

    @Test
    void partlySentPacketIsNotDropped() {
        Flow flow = bestEffort();
        offer(flow, 50_000);
        serve(0);
        for (int i = 0; i < 100; i++) {
            offer(flow, 1_000);
        }
        assertThat(packets.get(0).releases).isZero();
        assertThat(flow.head()).isNotNull().extracting(Parcel::takenBytes).isEqualTo(1_400);
    }

    @Test
    void agedBestEffortPacketsAreDropped() {
        Flow flow = bestEffort();
        offer(flow, 1_000);
        assertThat(next(FairQueue.MAX_AGE_NANOS + 1)).isNull();
        assertThat(drops).containsExactly("queue_aged");
        Flow reliable = new Flow(Delivery.RELIABLE);
        offer(reliable, 1_000);
        assertThat(next(FairQueue.MAX_AGE_NANOS * 100)).isSameAs(reliable);
    }

    @Test
    void fullReliableFlowIsRefusedAndNeverDropped() {
        Flow flow = new Flow(Delivery.RELIABLE);
        int taken = 0;
        while (offer(flow, 1_000)) {
            taken++;
        }
        assertThat(taken).isEqualTo(100);
        assertThat(drops).isEmpty();
        assertThat(queue.hasRoom(flow)).isFalse();
        Flow other = new Flow(Delivery.RELIABLE);
        assertThat(offer(other, 1_000))
                .as("a flow with nothing waiting is always taken")
                .isTrue();
        while (!queue.hasRoom(flow)) {
            serve(0);
        }
        assertThat(offer(flow, 1_000)).isTrue();
    }

    @Test
    void parkedFlowIsPassedOver() {
        Flow first = new Flow(Delivery.RELIABLE);
        Flow second = new Flow(Delivery.RELIABLE);
        offer(first, 1_000);
        offer(second, 1_000);
        assertThat(next(0)).isSameAs(first);
        queue.park(first);
        assertThat(serve(0)).isSameAs(second);
        assertThat(next(0)).isNull();
        queue.unpark(second);
        queue.unpark(first);
        assertThat(serve(0)).isSameAs(first);
    }

    @Test
    void everyPacketIsReleasedOnceWhateverHappens() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            packets.clear();
            List<Flow> flows = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                flows.add(new Flow(i < 3 ? Delivery.RELIABLE : Delivery.BEST_EFFORT));
            }
            for (int i = 0; i < 3_000; i++) {
                long now = i * 1_000_000L;
                act(random, flows.get(random.nextInt(flows.size())), now);
                assertThat(queue.waitingBytes()).isLessThanOrEqualTo(3 * BOUND_BYTES);
            }
            queue.clear();
            assertThat(queue.waitingBytes()).isZero();
            assertThat(packets).allMatch(p -> p.releases == 1);
        });
    }

    private void act(SplittableRandom random, Flow flow, long nowNanos) {
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> {
                Parcel parcel = parcel(1 + random.nextInt(3_000), nowNanos);
                if (!queue.offer(flow, parcel, nowNanos)) {
                    parcel.unwrap();
                    packets.remove(packets.size() - 1);
                }
            }
            case 3, 4 -> serve(nowNanos);
            default -> {
                Flow next = next(nowNanos);
                if (next != null && random.nextInt(4) == 0) {
                    queue.park(next);
                } else {
                    queue.unpark(flow);
                }
            }
        }
    }
}
