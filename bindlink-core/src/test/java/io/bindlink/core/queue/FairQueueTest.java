package io.bindlink.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.core.base.Seeds;
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
    private final List<FakePacket> packets = new ArrayList<>();
    private final Parcels parcels = new Parcels();
    private final FairQueue<FakeFlow> queue = new FairQueue<>(BOUND_BYTES, drops::add);

    private Parcel parcel(int sizeBytes, long nowNanos) {
        FakePacket packet = new FakePacket(sizeBytes);
        packets.add(packet);
        return parcels.wrap(packet, nowNanos);
    }

    private boolean offer(FakeFlow flow, int sizeBytes) {
        return queue.offer(flow, parcel(sizeBytes, 0), 0);
    }

    private @Nullable FakeFlow next(long nowNanos) {
        FakeFlow sparse = queue.sparse(nowNanos);
        return sparse != null ? sparse : queue.bulk(nowNanos);
    }

    /** Sends one packet, or the 1,400 bytes of it that fit. */
    private @Nullable FakeFlow serve(long nowNanos) {
        FakeFlow flow = next(nowNanos);
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
        FakeFlow small = FakeFlow.bestEffort();
        FakeFlow large = FakeFlow.bestEffort();
        FakeFlow huge = FakeFlow.bestEffort();
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
        FakeFlow bulk = FakeFlow.bestEffort();
        for (int i = 0; i < 20; i++) {
            offer(bulk, 1_400);
        }
        serve(1);
        assertThat(queue.sparse(Aim.LEAST_PACING_NANOS)).isNull();
        FakeFlow sparse = FakeFlow.bestEffort();
        offer(sparse, 100);
        assertThat(queue.sparse(Aim.LEAST_PACING_NANOS)).isSameAs(sparse);
        assertThat(queue.bulk(Aim.LEAST_PACING_NANOS)).isSameAs(bulk);
    }

    @Test
    void burstThatIsGoneAtOnceMakesNoFlowBulk() {
        FakeFlow flow = FakeFlow.bestEffort();
        for (int i = 0; i < 10; i++) {
            offer(flow, 1_400);
        }
        while (serve(Aim.LEAST_PACING_NANOS - 1) != null) {}
        offer(flow, 100);
        assertThat(queue.sparse(Aim.LEAST_PACING_NANOS)).isSameAs(flow);
    }

    @Test
    void flowThatSendsMoreThanItsShareIsNotSparseThoughNothingOfItWaits() {
        FakeFlow bulk = FakeFlow.bestEffort();
        FakeFlow busy = FakeFlow.bestEffort();
        FakeFlow sparse = FakeFlow.bestEffort();
        for (int i = 0; i < 1_000; i++) {
            long now = i * 100_000L;
            while (bulk.waitingBytes() < 20_000) {
                queue.offer(bulk, parcel(1_400, now), now);
            }
            queue.offer(busy, parcel(700, now), now); // one for each packet that leaves
            if (i > 100 && i % 10 == 0) {
                queue.offer(sparse, parcel(500, now), now);
                assertThat(queue.sparse(now)).isSameAs(sparse);
            }
            serve(now);
        }
        assertThat(bulk.sentBytes).isGreaterThan(300_000);
        assertThat(busy.sentBytes).isCloseTo(bulk.sentBytes, Percentage.withPercentage(10));
    }

    @Test
    void bulkStaysBulkThroughAPause() {
        FakeFlow bulk = FakeFlow.bestEffort();
        for (int i = 0; i < 20; i++) {
            offer(bulk, 1_400);
        }
        long since = Aim.LEAST_PACING_NANOS;
        while (serve(since) != null) {}
        queue.offer(bulk, parcel(100, since), since);
        assertThat(queue.sparse(since)).isNull();
        assertThat(serve(since)).isSameAs(bulk);
        long later = since + FairQueue.BULK_STICKS_NANOS + 1;
        assertThat(next(later)).isNull();
        queue.offer(bulk, parcel(100, later), later);
        assertThat(queue.sparse(later)).isSameAs(bulk);
    }

    @Test
    void overflowDropsTheOldestOfTheLargestFlow() {
        FakeFlow modest = FakeFlow.bestEffort();
        FakeFlow greedy = FakeFlow.bestEffort();
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
        FakeFlow flow = FakeFlow.bestEffort();
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
        FakeFlow flow = FakeFlow.bestEffort();
        offer(flow, 1_000);
        assertThat(next(FairQueue.MAX_AGE_NANOS + 1)).isNull();
        assertThat(drops).containsExactly("queue_aged");
        FakeFlow reliable = FakeFlow.reliable();
        offer(reliable, 1_000);
        assertThat(next(FairQueue.MAX_AGE_NANOS * 100)).isSameAs(reliable);
    }

    @Test
    void fullReliableFlowIsRefusedAndNeverDropped() {
        FakeFlow flow = FakeFlow.reliable();
        int taken = 0;
        while (offer(flow, 1_000)) {
            taken++;
        }
        assertThat(taken).isEqualTo(100);
        assertThat(drops).isEmpty();
        assertThat(queue.hasRoom(flow)).isFalse();
        FakeFlow other = FakeFlow.reliable();
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
        FakeFlow first = FakeFlow.reliable();
        FakeFlow second = FakeFlow.reliable();
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
            List<FakeFlow> flows = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                flows.add(new FakeFlow(i < 3 ? Delivery.RELIABLE : Delivery.BEST_EFFORT));
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

    private void act(SplittableRandom random, FakeFlow flow, long nowNanos) {
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
                FakeFlow next = next(nowNanos);
                if (next != null && random.nextInt(4) == 0) {
                    queue.park(next);
                } else {
                    queue.unpark(flow);
                }
            }
        }
    }
}
