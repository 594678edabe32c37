package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.scheduling.Schedulers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a bond of three unequal links gives under each scheduler: the figures behind the choice of the default. Run with
 * {@code -Dbindlink.bench=true} to see the table.
 */
class BondingBenchTest {
    private static final double SUM_BYTES_PER_SECOND = 16 * 125_000;

    static FakePath[] unequal() {
        return new FakePath[] {new FakePath(8, 30), new FakePath(5, 60), new FakePath(3, 90)};
    }

    private static FakePath[] lossy() {
        return new FakePath[] {
            new FakePath(8, 30).loss(0.02), new FakePath(5, 60).loss(0.02).jitter(10), new FakePath(3, 90).loss(0.05)
        };
    }

    /** Figures of one scheduler: shares of the summed rate, all headers counted as loss; milliseconds. */
    private record Row(
            String scheduler,
            double reliable,
            double bestEffort,
            double reliableLossy,
            double bestEffortLossy,
            long pingMedian,
            long ping95,
            long transfer) {
        static Row of(String scheduler, boolean alsoLossy) {
            long[] pings = pingMillis(scheduler);
            return new Row(
                    scheduler,
                    bulk(scheduler, true, unequal()),
                    bulk(scheduler, false, unequal()),
                    alsoLossy ? bulk(scheduler, true, lossy()) : Double.NaN,
                    alsoLossy ? bulk(scheduler, false, lossy()) : Double.NaN,
                    pings[0],
                    pings[1],
                    transferMillis(scheduler));
        }

        @Override
        public String toString() {
            return String.format(
                    "%-15s %6.1f %6.1f   %6.1f %6.1f   %4d %4d   %5d",
                    scheduler,
                    100 * reliable,
                    100 * bestEffort,
                    100 * reliableLossy,
                    100 * bestEffortLossy,
                    pingMedian,
                    ping95,
                    transfer);
        }
    }

    @Test
    void defaultAddsTheLinksUpAndKeepsPingsQuick() {
        List<Row> rows = new ArrayList<>();
        boolean table = Boolean.getBoolean("bindlink.bench");
        for (var provider : Schedulers.builtIn()) {
            rows.add(Row.of(provider.name(), table || rows.isEmpty()));
        }
        if (table) {
            rows.forEach(System.out::println);
        }
        Row standard = rows.get(0);
        assertThat(standard.scheduler).isEqualTo(Schedulers.DEFAULT_NAME);
        assertThat(standard.reliable).isGreaterThan(0.94);
        assertThat(standard.bestEffort).isGreaterThan(0.94);
        assertThat(standard.reliableLossy).isGreaterThan(0.88);
        assertThat(standard.bestEffortLossy).isGreaterThan(0.88);
        assertThat(standard.pingMedian).isLessThan(45);
        assertThat(standard.ping95).isLessThan(60);
        for (Row other : rows) {
            assertThat(standard.pingMedian).as(other.scheduler).isLessThanOrEqualTo(other.pingMedian + 5);
        }
    }

    /** Share of the summed rate that one greedy flow gets after its start. */
    private static double bulk(String scheduler, boolean reliable, FakePath[] paths) {
        FakeBond bond = new FakeBond(1, scheduler, paths);
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        new Greedy(bond, traffic, 1, 1_380, reliable).start();
        bond.run(2_000);
        long before = traffic.deliveredBytes;
        bond.run(4_000);
        return (traffic.deliveredBytes - before) / 4.0 / SUM_BYTES_PER_SECOND;
    }

    /** One-way delay of sparse packets beside a greedy flow: median and 95th percentile. */
    private static long[] pingMillis(String scheduler) {
        FakeBond bond = new FakeBond(1, scheduler, unequal());
        Traffic bulk = new Traffic(bond, true);
        Traffic pings = new Traffic(bond, false);
        bond.b.device =
                (packet, info) -> (packet.getInt(packet.position() + 24) == 2 ? pings : bulk).deliver(packet, info);
        new Greedy(bond, bulk, 1, 1_380, false).start();
        bond.run(1_000);
        for (int i = 0; i < 200; i++) {
            bond.a.send(pings.udp(2, 100));
            bond.run(25);
        }
        return new long[] {
            pings.percentileDelayNanos(50) / FakePath.MILLI, pings.percentileDelayNanos(95) / FakePath.MILLI
        };
    }

    /** Time that 64 KiB of a reliable flow take from rest. */
    private static long transferMillis(String scheduler) {
        FakeBond bond = new FakeBond(1, scheduler, unequal());
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        long begun = bond.nowNanos();
        for (int i = 0; i < 4; i++) {
            bond.a.send(traffic.reliable(1, 16_384));
        }
        bond.run(2_000);
        assertThat(traffic.receivedOf(1)).isEqualTo(4);
        return (traffic.lastDeliveryNanos - begun) / FakePath.MILLI;
    }
}
