package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.scheduling.Schedulers;
import org.junit.jupiter.api.Test;

class BondingBenchTest {
    static FakePath[] unequal() {
        return new FakePath[] {new FakePath(8, 30), new FakePath(5, 60), new FakePath(3, 90)};
    }

    @Test
    void bulkOverUnequalLinksAddsUp() {
        for (var provider : Schedulers.builtIn()) {
            double reliable = bulk(provider.name(), true);
            double bestEffort = bulk(provider.name(), false);
            System.out.printf(
                    "%-15s reliable %.1f%%  best effort %.1f%%%n", provider.name(), 100 * reliable, 100 * bestEffort);
        }
        assertThat(bulk(Schedulers.DEFAULT_NAME, true)).isGreaterThan(0.9);
        assertThat(bulk(Schedulers.DEFAULT_NAME, false)).isGreaterThan(0.9);
    }

    /** Share of the summed link rate, all headers counted as loss, that one greedy flow gets after its start. */
    private static double bulk(String scheduler, boolean reliable) {
        FakeBond bond = new FakeBond(1, scheduler, unequal());
        Traffic traffic = new Traffic(bond, true);
        bond.b.device = traffic;
        Greedy greedy = new Greedy(bond, traffic, 1, 1_380, reliable);
        greedy.start();
        bond.run(5_000);
        long before = traffic.deliveredBytes;
        bond.run(10_000);
        double rate = (traffic.deliveredBytes - before) / 10.0;
        System.out.println(bond.b.counters.snapshot() + " " + bond.a.counters.snapshot());
        return rate / (16 * 125_000);
    }
}
