package io.bindlink.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the queue keeps waiting short: 1,000 packets of 1,000 bytes leave in a second, 8 Mbit/s. */
class QueueControlTest {
    private static final long MILLI = 1_000_000;
    private static final long BOUND_BYTES = 500_000;
    private static final int PACKET_BYTES = 1_000;

    private final List<String> counted = new ArrayList<>();
    private final Parcels parcels = new Parcels();
    private final FairQueue<FakeFlow> queue = new FairQueue<>(BOUND_BYTES, counted::add);
    private long nowMillis = 10_000;
    private long longestWaitNanos;

    QueueControlTest() {
        queue.tune(PACKET_BYTES * 1_000, MILLI, 0);
        offer(FakeFlow.bestEffort(), 1); // after long idleness
        serve();
        nowMillis += 200;
    }

    private void offer(FakeFlow flow, FakePacket packet) {
        long now = nowMillis * MILLI;
        assertThat(queue.offer(flow, parcels.wrap(packet, now), now)).isTrue();
    }

    private void offer(FakeFlow flow, int packets) {
        for (int i = 0; i < packets; i++) {
            offer(flow, new FakePacket(PACKET_BYTES));
        }
    }

    private @Nullable FakeFlow peek() {
        FakeFlow sparse = queue.sparse(nowMillis * MILLI);
        return sparse != null ? sparse : queue.bulk(nowMillis * MILLI);
    }

    /** A packet leaves, and a millisecond passes; answers whose it was. */
    private @Nullable FakeFlow serve() {
        FakeFlow flow = peek();
        if (flow != null) {
            Parcel head = Objects.requireNonNull(flow.head());
            longestWaitNanos = nowMillis * MILLI - head.sinceNanos();
            flow.sentBytes += head.remainingBytes();
            queue.taken(flow, head.remainingBytes(), nowMillis * MILLI);
        }
        nowMillis++;
        return flow;
    }

    private long count(String counter) {
        return counted.stream().filter(counter::equals).count();
    }

    @Test
    void standingQueueIsToldOf() {
        FakeFlow flow = FakeFlow.bestEffort();
        offer(flow, 50);
        List<Long> drops = new ArrayList<>();
        long start = nowMillis;
        for (int i = 0; i < 400; i++) {
            long before = count("queue_codel");
            serve();
            if (count("queue_codel") > before) {
                drops.add(nowMillis - 1 - start);
                offer(flow, 1);
            }
            offer(flow, 1);
        }
        // the head has waited for 5 ms at 5; an interval more; then as the law says
        assertThat(drops).containsExactly(105L, 205L, 276L, 334L, 384L);
        assertThat(counted).containsOnly("queue_codel");
    }

    @Test
    void askingAgainChangesNothing() {
        FakeFlow flow = FakeFlow.bestEffort();
        offer(flow, 300);
        for (int i = 0; i < 106; i++) {
            serve();
        }
        assertThat(counted).hasSize(1);
        Parcel head = Objects.requireNonNull(peek()).head();
        nowMillis += 10;
        for (int i = 0; i < 1_000; i++) {
            assertThat(Objects.requireNonNull(peek()).head()).isSameAs(head);
        }
        assertThat(counted).hasSize(1);
    }

    @Test
    void burstIsAbsorbed() {
        FakeFlow flow = FakeFlow.bestEffort();
        for (int round = 0; round < 20; round++) {
            offer(flow, 95);
            while (serve() != null) {}
        }
        assertThat(flow.sentBytes).isEqualTo(20 * 95 * PACKET_BYTES);
        assertThat(counted).isEmpty();
    }

    @Test
    void lastPacketIsNeverDropped() {
        FakeFlow slow = FakeFlow.bestEffort();
        FakeFlow other = FakeFlow.bestEffort();
        for (int i = 0; i < 300; i++) {
            offer(slow, 2);
            offer(other, 2);
            for (int j = 0; j < 4; j++) {
                nowMillis += 15; // each waits for longer than the target
                assertThat(serve()).isNotNull();
            }
        }
        assertThat(counted).isEmpty();
    }

    @Test
    void sparseFlowIsUnharmedBesideAFlood() {
        FakeFlow flood = FakeFlow.bestEffort();
        FakeFlow call = FakeFlow.bestEffort();
        long longestWaitOfCall = 0;
        for (int i = 0; i < 5_000; i++) {
            offer(flood, 5); // 40 Mbit/s, and does not listen
            if (i % 20 == 0) {
                offer(call, new FakePacket(200));
            }
            if (serve() == call) {
                longestWaitOfCall = Math.max(longestWaitOfCall, longestWaitNanos);
            }
        }
        assertThat(call.sentBytes).isEqualTo(250 * 200);
        assertThat(longestWaitOfCall).isLessThanOrEqualTo(2 * MILLI);
        assertThat(queue.waitingBytes()).isLessThanOrEqualTo(BOUND_BYTES);
        assertThat(flood.sentBytes).isEqualTo((5_000 - 250) * PACKET_BYTES);
        assertThat(counted).containsOnly("queue_codel", "queue_overflow").contains("queue_codel", "queue_overflow");
    }

    @Test
    void packetsWhoseSenderUnderstandsAreMarkedInstead() {
        FakeFlow flow = FakeFlow.bestEffort();
        List<FakePacket> packets = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            ByteBuffer data = ByteBuffer.allocate(PACKET_BYTES);
            data.put(0, (byte) 0x60).put(1, (byte) 0x20); // IPv6, ECT(0)
            packets.add(new FakePacket(data, 0));
            offer(flow, packets.get(i));
        }
        while (serve() != null) {}
        assertThat(counted).hasSizeGreaterThan(3).containsOnly("queue_ecn_marked");
        assertThat(flow.sentBytes).isEqualTo(400 * PACKET_BYTES);
        assertThat(packets.stream().filter(p -> p.data().get(1) == 0x30)).hasSize(counted.size());
        assertThat(packets.indexOf(packets.stream()
                        .filter(p -> p.data().get(1) == 0x30)
                        .findFirst()
                        .orElseThrow()))
                .as("the first one")
                .isEqualTo(105);
    }

    @Test
    void deviceWhoseFlowsHaveNumbersGetsNoMarks() {
        FakeFlow flow = FakeFlow.bestEffort();
        for (int i = 0; i < 400; i++) {
            offer(flow, new FakePacket(ByteBuffer.allocate(PACKET_BYTES).putShort(0, (short) 0x4503), 7));
        }
        while (serve() != null) {}
        assertThat(counted).containsOnly("queue_codel");
    }

    @Test
    void stallDropsNothing() {
        FakeFlow flow = FakeFlow.bestEffort();
        offer(flow, 20);
        for (int i = 0; i < 50; i++) {
            serve();
            for (int j = 0; j < 40; j++) {
                nowMillis += 10; // 400 ms without a link
                offer(flow, 1);
                peek();
            }
            while (serve() != null) {} // 40 to 60 ms
            offer(flow, 20);
        }
        assertThat(counted).isEmpty();
    }

    @Test
    void stallIsBoundedInBytesAndAge() {
        FakeFlow flow = FakeFlow.bestEffort();
        long start = nowMillis;
        for (int i = 0; i < 600; i++) {
            offer(flow, 1);
            nowMillis++;
        }
        assertThat(queue.waitingBytes()).isLessThanOrEqualTo(BOUND_BYTES);
        assertThat(count("queue_overflow")).isEqualTo(100);
        nowMillis = start + 1_300; // what came before 300 is too old, and the first hundred are gone already
        peek();
        assertThat(count("queue_aged")).isEqualTo(200);
        assertThat(count("queue_codel")).isZero();
    }

    @Test
    void linksThatAreFindingTheirRateAreNotHeldAgainstTheSenders() {
        FakeFlow flow = FakeFlow.bestEffort();
        offer(flow, 400);
        for (int i = 0; i < 200; i++) {
            if (i % 50 == 0) {
                queue.tune((long) (PACKET_BYTES * 1_000 * Math.pow(1.3, 1 + i / 50)), MILLI, nowMillis * MILLI);
            }
            serve();
        }
        assertThat(counted).isEmpty();
        for (int i = 0; i < 200; i++) { // the last step was at 150: an interval of grace, another to judge
            serve();
        }
        assertThat(counted).hasSize(1);
    }

    @Test
    void reliableFlowIsNeverTouched() {
        FakeFlow flow = FakeFlow.reliable();
        List<FakePacket> packets = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (queue.hasRoom(flow)) {
                packets.add(new FakePacket(ByteBuffer.allocate(PACKET_BYTES).putShort(0, (short) 0x4502), 0));
                offer(flow, packets.get(packets.size() - 1));
            }
            serve();
            nowMillis += i % 100 == 0 ? 3_000 : 0;
        }
        while (serve() != null) {}
        assertThat(counted).isEmpty();
        assertThat(flow.sentBytes).isEqualTo((long) packets.size() * PACKET_BYTES);
        assertThat(packets).allMatch(packet -> packet.data().getShort(0) == 0x4502);
    }

    @Test
    void partOfAPacketIsNeverLeftBehind() {
        FakeFlow flow = FakeFlow.bestEffort();
        for (int i = 0; i < 20; i++) {
            offer(flow, new FakePacket(40_000)); // a super-packet
        }
        long sent = 0;
        for (int i = 0; i < 600; i++) {
            FakeFlow next = peek();
            if (next != null) {
                int bytes = Math.min(1_000, Objects.requireNonNull(next.head()).remainingBytes());
                queue.taken(next, bytes, nowMillis * MILLI);
                sent += bytes;
            }
            nowMillis++;
        }
        assertThat(count("queue_codel")).isPositive();
        assertThat(sent).as("whole packets only").isEqualTo((20 - counted.size()) * 40_000L);
    }
}
