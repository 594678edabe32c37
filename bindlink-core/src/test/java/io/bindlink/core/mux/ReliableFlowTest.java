package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.LinkState;
import io.bindlink.api.PacketInfo;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReliableFlowTest {
    private static FakePath[] lossy() {
        return new FakePath[] {
            new FakePath(8, 30).loss(0.05).jitter(12),
            new FakePath(5, 60).loss(0.05),
            new FakePath(3, 90).loss(0.05).jitter(30).payload(1_200)
        };
    }

    @Test
    void isByteExactUnderLossReorderingAndALinkThatGoesAndReturns() {
        Seeds.forEach(10, seed -> {
            FakeBond bond = new FakeBond(seed, "lowest-delay", lossy());
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            Greedy greedy = greedy(bond, traffic, seed);
            bond.after(2_000, () -> bond.cut(1, true));
            bond.after(5_000, () -> bond.cut(1, false));
            bond.run(9_000);
            greedy.stopped = true;
            bond.run(6_000);
            assertThat(traffic.receivedOf(1)).isEqualTo(traffic.sentOf(1)).isGreaterThan(1_500);
            assertAllReturned(bond);
        });
    }

    @Test
    void surviveEachSchedulerAndALinkRemovedForGood() {
        for (String scheduler : new String[] {"weighted", "round-robin", "redundant", "active-standby"}) {
            Seeds.forEach(3, seed -> {
                FakeBond bond = new FakeBond(seed, scheduler, lossy());
                Traffic traffic = new Traffic(bond, true);
                bond.b.device = traffic;
                Greedy greedy = greedy(bond, traffic, seed);
                bond.after(1_000, () -> {
                    bond.a.link(1).remove();
                    bond.b.link(1).remove();
                });
                bond.after(2_000, () -> bond.add(4, new FakePath(6, 20).loss(0.02)));
                bond.run(4_000);
                greedy.stopped = true;
                bond.run(6_000);
                assertThat(traffic.receivedOf(1)).as(scheduler).isEqualTo(traffic.sentOf(1));
                assertAllReturned(bond);
            });
        }
    }

    @Test
    void outageOfAllLinksLosesNothing() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 30), new FakePath(5, 60));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        Greedy greedy = greedy(bond, traffic, 1);
        bond.after(1_000, () -> {
            bond.cut(1, true);
            bond.cut(2, true);
        });
        bond.after(4_000, () -> bond.cut(2, false));
        bond.after(7_000, () -> bond.cut(1, false));
        bond.run(10_000);
        greedy.stopped = true;
        bond.run(3_000);
        assertThat(traffic.receivedOf(1)).isEqualTo(traffic.sentOf(1));
        assertAllReturned(bond);
    }

    @Test
    void sequencesWrapOnTheWire() {
        long justBefore = (1L << ChunkLayout.SEQUENCE_BITS) - 1_000;
        BondingLimits limits = new BondingLimits(2 << 20, 4 << 20, 8 << 20, justBefore);
        FakeBond bond = new FakeBond(3, "lowest-delay", limits, lossy());
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        Greedy reliable = greedy(bond, traffic, 3);
        for (int i = 0; i < 2_000; i++) {
            bond.a.send(traffic.tcp(2, 500));
            bond.run(5);
        }
        reliable.stopped = true;
        bond.run(4_000);
        assertThat(traffic.receivedOf(1)).isEqualTo(traffic.sentOf(1)).isGreaterThan(2_000);
        assertThat(traffic.receivedOf(2)).isGreaterThan(traffic.sentOf(2) * 98 / 100);
        assertAllReturned(bond);
    }

    @Test
    void flowsThatShareASlotKeepTheirNumbersAndTheirOrder() {
        Seeds.forEach(5, seed -> {
            FakeBond bond = new FakeBond(seed, "lowest-delay", lossy());
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 2_000; i++) {
                int flow = 5 + random.nextInt(4) * ChunkLayout.RELIABLE_SLOTS;
                bond.a.send(traffic.reliable(flow, 100 + random.nextInt(2_000)));
                bond.run(2);
            }
            bond.run(3_000);
            for (int flow = 5; flow < 5 + 4 * ChunkLayout.RELIABLE_SLOTS; flow += ChunkLayout.RELIABLE_SLOTS) {
                assertThat(traffic.receivedOf(flow))
                        .isEqualTo(traffic.sentOf(flow))
                        .isPositive();
            }
            assertAllReturned(bond);
        });
    }

    @Test
    void thousandsOfFlowsOverTimeAreServed() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(50, 10).loss(0.01));
        Flows flows = new Flows();
        bond.b.device = flows;
        for (int flow = 1; flow <= 5_000; flow++) {
            for (int i = 0; i < 3; i++) {
                assertThat(bond.a.send(new FakePacket(flows.packet(flow, i), flow, Delivery.RELIABLE)))
                        .isTrue();
            }
            bond.run(1);
        }
        bond.run(2_000);
        assertThat(flows.delivered).isEqualTo(15_000);
        assertAllReturned(bond);
    }

    /** Checks order by two bytes: a flow's device keeps no more. */
    private static final class Flows implements FakeEnd.Device {
        private final int[] next = new int[5_001];
        private int delivered;

        byte[] packet(int flow, int number) {
            return ByteBuffer.allocate(200).putInt(flow).putInt(number).array();
        }

        @Override
        public boolean deliver(ByteBuffer packet, PacketInfo info) {
            assertThat(info.flow()).isEqualTo(packet.getInt());
            assertThat(packet.getInt()).isEqualTo(next[info.flow()]++);
            delivered++;
            return true;
        }
    }

    @Test
    void fullDeviceHoldsTheFlowAndPushesBackToItsSender() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(20, 10), new FakePath(20, 20));
        Traffic traffic = new Traffic(bond, true);
        Valve valve = new Valve(traffic);
        bond.b.device = valve;
        int[] accepted = {0};
        bond.a.device = new FakeEnd.Device() {
            @Override
            public boolean deliver(ByteBuffer packet, PacketInfo info) {
                return true;
            }

            @Override
            public void accepting(int flow) {
                accepted[0] = flow;
            }
        };
        int taken = 0;
        while (bond.nowNanos() < 0 && offer(bond, traffic, 7)) {
            taken++;
            bond.run(1);
        }
        assertThat(taken).as("refused in the end").isLessThan(4_900);
        bond.run(2_000);
        assertThat(accepted[0]).as("not told while the device is full").isZero();
        long held = ((BondingMultiplexer) bond.b.mux).heldBytes();
        assertThat(held).isBetween(1_000_000L, BondingLimits.STANDARD.bufferBytes());
        assertThat(traffic.delivered).isZero();

        valve.open = true;
        bond.b.call(mux -> mux.deliverable(7));
        bond.run(3_000);
        assertThat(traffic.receivedOf(7)).isEqualTo(taken);
        assertThat(accepted[0]).isEqualTo(7);
        assertAllReturned(bond);
    }

    @Test
    void flowsWhoseReadersSleepDoNotStopAnother() {
        BondingLimits limits = new BondingLimits(2 << 20, 4 << 20, 256 << 10, 0);
        FakeBond bond = new FakeBond(1, "lowest-delay", limits, new FakePath(20, 10), new FakePath(20, 20));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = new Valve(traffic, 100); // flows from 100 on sleep
        for (int i = 0; i < 400; i++) {
            for (int flow = 100; flow < 106; flow++) {
                offer(bond, traffic, flow);
            }
            bond.run(1);
        }
        assertThat(((BondingMultiplexer) bond.b.mux).heldBytes()).isLessThanOrEqualTo(256 << 10);
        int taken = 0;
        for (int i = 0; i < 3_000; i++) {
            taken += offer(bond, traffic, 1) ? 1 : 0;
            bond.run(1);
        }
        bond.run(2_000);
        assertThat(taken).isGreaterThan(500);
        assertThat(traffic.receivedOf(1)).isEqualTo(taken);
        assertThat(((BondingMultiplexer) bond.b.mux).heldBytes()).isLessThanOrEqualTo(256 << 10);
        assertAllReturned(bond);
    }

    @Test
    void largePacketsCrossInChunks() {
        Seeds.forEach(3, seed -> {
            FakeBond bond = new FakeBond(seed, "lowest-delay", lossy());
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            for (int i = 0; i < 40; i++) {
                bond.a.send(traffic.reliable(9, 16_384 + i));
                bond.a.send(traffic.reliable(10, 65_535));
                bond.run(100);
            }
            bond.run(3_000);
            assertThat(traffic.receivedOf(9)).isEqualTo(40);
            assertThat(traffic.receivedOf(10)).isEqualTo(40);
            assertAllReturned(bond);
        });
    }

    @Test
    void deadLinkIsLeftAtOnce() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 20), new FakePath(8, 25));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        Greedy greedy = greedy(bond, traffic, 1);
        bond.run(2_000);
        traffic.longestGapNanos = 0;
        bond.cut(1, true);
        bond.run(3_000);
        greedy.stopped = true;
        assertThat(traffic.longestGapNanos).isLessThan(300 * FakePath.MILLI);
        assertThat(bond.a.link(1).state()).isEqualTo(LinkState.DOWN);
    }

    private static boolean offer(FakeBond bond, Traffic traffic, int flow) {
        if (bond.a.send(traffic.reliable(flow, 1_380))) {
            return true;
        }
        traffic.takeBack(flow);
        return false;
    }

    private static Greedy greedy(FakeBond bond, Traffic traffic, long seed) {
        Greedy greedy = new Greedy(bond, traffic, 1, 500 + (int) Math.floorMod(seed, 3_000L), true);
        greedy.start();
        return greedy;
    }

    /** A device that takes nothing until it is opened; or nothing of some flows. */
    private static final class Valve implements FakeEnd.Device {
        private final Traffic traffic;
        private final int sleepingFrom;
        private boolean open;

        Valve(Traffic traffic) {
            this(traffic, 0);
        }

        Valve(Traffic traffic, int sleepingFrom) {
            this.traffic = traffic;
            this.sleepingFrom = sleepingFrom;
        }

        @Override
        public boolean deliver(ByteBuffer packet, PacketInfo info) {
            return (open || info.flow() < sleepingFrom) && traffic.deliver(packet, info);
        }
    }

    static void assertAllReturned(FakeBond bond) {
        bond.close();
        for (FakeEnd end : new FakeEnd[] {bond.a, bond.b}) {
            assertThat(end.packets).allMatch(p -> p.releases == 1);
            assertThat(((BondingMultiplexer) end.mux).heldBytes()).isZero();
            assertThat(((BondingMultiplexer) end.mux).waitingBytes()).isZero();
        }
    }
}
