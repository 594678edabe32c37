package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import org.junit.jupiter.api.Test;

class XorParityMultiplexerTest {
    private static final int PACKETS = 5_000;

    @Test
    void repairsTwoPercentLossOnOneLink() {
        Seeds.forEach(5, seed -> {
            FakeBond bond = new FakeBond(
                    seed,
                    XorParityMultiplexer::new,
                    () -> FakeBond.create("lowest-delay"),
                    1 << 20,
                    new FakePath(10, 20).loss(0.02));
            Traffic traffic = new Traffic(bond, false);
            bond.b.device = traffic;
            for (int i = 0; i < PACKETS; i++) {
                bond.a.send(traffic.udp(1, 500 + i % 700));
                bond.run(2);
            }
            bond.run(500);
            assertThat(bond.a.link(1).lostDatagrams).isGreaterThan(PACKETS / 70);
            assertThat(traffic.delivered).isGreaterThan(PACKETS * 997L / 1000);
            assertThat(bond.a.packets).allMatch(p -> p.releases == 1);
        });
    }
}
