package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.core.base.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SuperPacketTest {
    @Test
    void segmentsComeOutByteForByteOnceAndInOrderWhateverTheLinksDo() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            FakeBond bond = new FakeBond(
                    seed,
                    random.nextInt(4) == 0 ? "redundant" : "adaptive",
                    new FakePath(20, 20).loss(0.05).jitter(10),
                    new FakePath(10, 60).loss(0.02).payload(random.nextBoolean() ? 1_434 : 700),
                    new FakePath(5, 90).loss(0.1).jitter(30));
            SuperTraffic traffic = new SuperTraffic(seed);
            bond.b.device = traffic;
            bond.after(1_000, () -> bond.cut(1, true));
            bond.after(2_500, () -> bond.cut(1, false));
            for (int i = 0; i < 600; i++) {
                int segmentBytes = random.nextInt(10) == 0 ? 1 + random.nextInt(2_000) : 1_328;
                int segments = 1 + (random.nextInt(10) == 0 ? random.nextInt(45) : random.nextInt(5));
                int dataBytes = Math.min(60_000, segmentBytes * segments - random.nextInt(segmentBytes));
                bond.a.send(traffic.next(random.nextInt(6), segmentBytes, dataBytes));
                bond.run(random.nextInt(12));
            }
            bond.run(3_000);
            assertThat(traffic.deliveredSegments).isGreaterThan(traffic.sentSegments() / 2);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }

    @Test
    void onGoodLinksNothingIsLostAndMostCrossesTogether() {
        FakeBond bond = new FakeBond(1, "adaptive", new FakePath(100, 5), new FakePath(100, 5));
        SuperTraffic traffic = new SuperTraffic(1);
        bond.b.device = traffic;
        for (int i = 0; i < 100; i++) {
            bond.a.send(traffic.next(1, 1_328, 1_328 * 10));
            bond.run(5);
        }
        bond.run(500);
        assertThat(traffic.deliveredSegments).isEqualTo(1_000);
        assertThat(traffic.deliveredPackets).isLessThan(400);
    }

    @Test
    void aLostSegmentIsOneSegment() {
        FakeBond bond = new FakeBond(3, "lowest-delay", new FakePath(50, 10).loss(0.4), new FakePath(50, 10).loss(0.4));
        SuperTraffic traffic = new SuperTraffic(3);
        bond.b.device = traffic;
        for (int i = 0; i < 100; i++) {
            bond.a.send(traffic.next(0, 1_000, 20_000));
            bond.run(40);
        }
        bond.run(2_000);
        assertThat(bond.a.counters.get("mux_given_up")).isPositive();
        long lost = traffic.sentSegments() - traffic.deliveredSegments;
        assertThat(lost).as("given up, and those whose headers were").isBetween(1L, traffic.sentSegments() / 4);
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void anOverloadIsToldByDroppingSegments() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(10, 10));
        SuperTraffic traffic = new SuperTraffic(1);
        bond.b.device = traffic;
        for (int i = 0; i < 400; i++) {
            bond.a.send(traffic.next(0, 1_300, 13_000));
            bond.run(9);
        }
        bond.run(2_000);
        long drops = bond.a.counters.get("queue_codel");
        assertThat(drops).isPositive();
        assertThat(bond.a.counters.get("queue_overflow")).isZero();
        assertThat(traffic.sentSegments() - traffic.deliveredSegments).isEqualTo(drops);
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void whatIsNoSuperPacketIsRefused() {
        Seeds.forEach(3, seed -> {
            FakeBond bond = new FakeBond(seed, "lowest-delay", new FakePath(100, 1));
            SplittableRandom random = new SplittableRandom(seed);
            SuperTraffic traffic = new SuperTraffic(seed);
            bond.b.device = (packet, info) -> {
                byte[] bytes = new byte[packet.remaining()];
                packet.get(packet.position(), bytes);
                return true;
            };
            for (int i = 0; i < 2_000; i++) {
                FakePacket good = traffic.next(random.nextInt(6), 1 + random.nextInt(1_400), 1 + random.nextInt(4_000));
                byte[] bytes = good.data().array();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(Math.min(bytes.length, 60))] = (byte) random.nextInt();
                }
                byte[] cut = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                byte[] mutated = random.nextBoolean() ? bytes : cut;
                Offload offload = good.info().offload();
                bond.a.send(new FakePacket(mutated, 0, Delivery.BEST_EFFORT, offload));
                bond.run(1);
            }
            bond.run(1_000);
            assertThat(bond.a.counters.get("mux_offload_refused")).isGreaterThan(500);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }
}
