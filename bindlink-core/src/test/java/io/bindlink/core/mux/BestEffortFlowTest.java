package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.PacketInfo;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BestEffortFlowTest {
    @Test
    void nothingIsAlteredRepeatedOrOutOfOrderOnBadLinks() {
        Seeds.forEach(8, seed -> {
            FakeBond bond = new FakeBond(
                    seed,
                    "lowest-delay",
                    new FakePath(8, 30).loss(0.1).jitter(20),
                    new FakePath(5, 60).loss(0.05).payload(700),
                    new FakePath(3, 90).loss(0.3));
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            Greedy greedy = greedy(bond, traffic);
            bond.after(2_000, () -> bond.cut(2, true));
            bond.after(4_000, () -> bond.cut(2, false));
            bond.run(7_000);
            greedy.stopped = true;
            bond.run(2_000);
            assertThat(traffic.delivered).isGreaterThan(traffic.sentOf(1) * 95 / 100);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }

    @Test
    void twoPercentLossIsRepaired() {
        Seeds.forEach(5, seed -> {
            FakeBond bond = new FakeBond(
                    seed, "lowest-delay", new FakePath(20, 20).loss(0.02), new FakePath(15, 50).loss(0.02));
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            for (int i = 0; i < 8_000; i++) {
                bond.a.send(traffic.udp(1, 1_300));
                bond.run(1);
            }
            bond.run(1_000);
            assertThat(traffic.receivedOf(1)).isGreaterThan(8_000 * 9_995L / 10_000);
            assertThat(traffic.percentileDelayNanos(100)).isLessThan(700 * FakePath.MILLI);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }

    @Test
    void hopelessPiecesAreGivenUpAndHoldNobodyForLong() {
        FakeBond bond = new FakeBond(1, "round-robin", new FakePath(8, 20).loss(0.6), new FakePath(8, 25).loss(0.6));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        for (int i = 0; i < 1_000; i++) {
            bond.a.send(traffic.tcp(1, 1_000));
            bond.run(5);
        }
        bond.run(1_000);
        assertThat(bond.a.counters.get("mux_given_up")).isPositive();
        assertThat(traffic.receivedOf(1)).isBetween(500L, 990L);
        assertThat(traffic.percentileDelayNanos(100)).isLessThan(2_000 * FakePath.MILLI);
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void sparsePacketsPassBulk() {
        FakeBond bond = new FakeBond(1, "lowest-delay", BondingBenchTest.unequal());
        Traffic bulk = new Traffic(bond, true);
        Traffic pings = new Traffic(bond, false);
        bond.b.device =
                (packet, info) -> (packet.getInt(packet.position() + 24) == 2 ? pings : bulk).deliver(packet, info);
        greedy(bond, bulk);
        bond.run(1_000);
        for (int i = 0; i < 200; i++) {
            pings.udp(1, 100); // keeps numbers of the two apart
            bond.a.send(pings.udp(2, 100));
            bond.run(25);
        }
        assertThat(pings.delivered).isGreaterThanOrEqualTo(198);
        assertThat(pings.percentileDelayNanos(50)).isLessThan(55 * FakePath.MILLI);
        assertThat(pings.percentileDelayNanos(95)).isLessThan(70 * FakePath.MILLI);
        assertThat(bulk.deliveredBytes).as("bulk loses little").isGreaterThan(5 * 16 * 125_000 * 9L / 10);
    }

    @Test
    void deathOfALinkLosesNothingThatWasUnderWay() {
        Seeds.forEach(5, seed -> {
            FakeBond bond = new FakeBond(seed, "lowest-delay", new FakePath(8, 20), new FakePath(8, 30));
            Traffic traffic = new Traffic(bond, true);
            bond.b.device = traffic;
            bond.after(1_000 + Math.floorMod(seed, 50L), () -> bond.cut(1, true));
            for (int i = 0; i < 600; i++) {
                bond.a.send(traffic.tcp(1, 1_000));
                bond.run(5);
            }
            bond.run(1_000);
            assertThat(traffic.receivedOf(1)).isEqualTo(600);
            assertThat(traffic.longestGapNanos).isLessThan(300 * FakePath.MILLI);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }

    @Test
    void copiesAreDeliveredOnce() {
        FakeBond bond = new FakeBond(
                1, "redundant", new FakePath(8, 20).loss(0.1), new FakePath(8, 40).loss(0.1), new FakePath(8, 60));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        for (int i = 0; i < 1_000; i++) {
            bond.a.send(traffic.tcp(1, 600));
            bond.run(10);
        }
        bond.run(500);
        assertThat(traffic.receivedOf(1)).isEqualTo(1_000);
        assertThat(bond.b.counters.get("mux_duplicate")).isGreaterThan(1_500);
        assertThat(traffic.percentileDelayNanos(99)).isLessThan(65 * FakePath.MILLI);
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void chunksAreCutForASmallerLinkWhenTheirOwnDies() {
        for (boolean sparse : new boolean[] {true, false}) {
            FakeBond bond = new FakeBond(1, "active-standby", new FakePath(8, 20), new FakePath(8, 40).payload(500));
            Traffic traffic = new Traffic(bond, !sparse);
            bond.b.device = traffic;
            bond.after(300, () -> bond.cut(1, true));
            for (int i = 0; i < 40; i++) {
                bond.a.send(sparse ? traffic.udp(1, 1_400) : traffic.tcp(1, 1_400));
                bond.run(20);
            }
            bond.run(1_000);
            assertThat(traffic.receivedOf(1)).isEqualTo(40);
            ReliableFlowTest.assertAllReturned(bond);
        }
    }

    @Test
    void packetsLargerThanEveryLinkCross() {
        Seeds.forEach(3, seed -> {
            FakeBond bond = new FakeBond(
                    seed, "round-robin", new FakePath(20, 20).payload(576), new FakePath(20, 30).payload(1_200));
            Traffic traffic = new Traffic(bond, false);
            bond.b.device = traffic;
            for (int i = 0; i < 200; i++) {
                bond.a.send(traffic.udp(1, 1_500 + 10 * i)); // unordered
                bond.a.send(traffic.tcp(2, 1_500 + 10 * i));
                bond.run(20);
            }
            bond.run(500);
            assertThat(traffic.receivedOf(1)).isEqualTo(200);
            assertThat(traffic.receivedOf(2)).isEqualTo(200);
            ReliableFlowTest.assertAllReturned(bond);
        });
    }

    @Test
    void numberedFlowsKeepTheirNumbers() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(50, 10).loss(0.05));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        for (int i = 0; i < 500; i++) {
            bond.a.send(traffic.numbered(1 + i % 3 * 4_096, 700)); // one slot
            bond.run(2);
        }
        bond.run(500);
        assertThat(traffic.delivered).isGreaterThan(495);
    }

    @Test
    void floodIsBoundedAndItsOwnHarm() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 20), new FakePath(4, 30));
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        BondingMultiplexer mux = (BondingMultiplexer) bond.a.mux;
        long mostWaiting = 0;
        for (int i = 0; i < 3_000; i++) {
            for (int j = 0; j < 10; j++) {
                bond.a.send(traffic.udp(1, 1_000)); // 80 Mbit/s
            }
            if (i % 10 == 0) {
                bond.a.send(traffic.tcp(2, 1_000)); // 0.8 Mbit/s
            }
            bond.run(1);
            mostWaiting = Math.max(mostWaiting, mux.waitingBytes());
        }
        bond.run(3_000);
        assertThat(mostWaiting).isLessThanOrEqualTo(BondingLimits.STANDARD.queueBytes());
        assertThat(bond.a.counters.get("queue_overflow")).isPositive();
        assertThat(traffic.receivedOf(2)).isEqualTo(300);
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void nothingIsSentWithoutALinkAndAllIsReturned() {
        FakeBond bond = new FakeBond(1, "lowest-delay");
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        for (int i = 0; i < 5_000; i++) {
            assertThat(bond.a.send(traffic.tcp(1, 1_000))).isTrue();
        }
        ReliableFlowTest.assertAllReturned(bond);
    }

    @Test
    void fullDeviceLosesBestEffortPacketsOnly() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 20));
        int[] offered = {0};
        bond.b.device = new FakeEnd.Device() {
            @Override
            public boolean deliver(ByteBuffer packet, PacketInfo info) {
                offered[0]++;
                return false;
            }
        };
        Traffic traffic = new Traffic(bond, true);
        for (int i = 0; i < 50; i++) {
            bond.a.send(traffic.tcp(1, 1_000));
            bond.run(5);
        }
        bond.run(100);
        assertThat(offered[0]).isEqualTo(50);
        assertThat(((BondingMultiplexer) bond.b.mux).heldBytes()).isZero();
        ReliableFlowTest.assertAllReturned(bond);
    }

    private static Greedy greedy(FakeBond bond, Traffic traffic) {
        Greedy greedy = new Greedy(bond, traffic, 1, 1_300, false);
        greedy.start();
        return greedy;
    }
}
