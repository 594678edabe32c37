package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bonding never costs: whatever links there are, one more that works lowers goodput by 3 % at most. */
class AddingLinkTest {
    private static final int SEEDS = Integer.getInteger("bindlink.seeds", 3);
    private static final Duration START_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource(
            value = InnerControl.class,
            names = {"BBR", "CUBIC"})
    void oneMoreLinkCostsNothing(InnerControl control) {
        Seeds.forEach(SEEDS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<LinkModel> links = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(2); i++) {
                links.add(link(random));
            }
            long before = goodputBytes(links, control, seed);
            links.add(link(random));
            long after = goodputBytes(links, control, seed);
            assertThat(after).as("with the last one of %s", links).isGreaterThanOrEqualTo(before * 97 / 100);
        });
    }

    private static long goodputBytes(List<LinkModel> links, InnerControl control, long seed) {
        SimBondBuilder builder = SimBond.builder().seed(seed);
        links.forEach(builder::link);
        try (SimBond bond = builder.build()) {
            bond.awaitUp(Duration.ofSeconds(20));
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER, control);
            bond.runFor(START_UP);
            long before = flow.result().goodputBytes();
            bond.runFor(MEASURED);
            return flow.result().goodputBytes() - before;
        }
    }

    /** Between a poor phone and a fair DSL line. */
    private static LinkModel link(SplittableRandom random) {
        LinkModel.Builder model = LinkModel.builder()
                .rateMbit(random.nextDouble(2, 20))
                .delay(Duration.ofMillis(random.nextInt(5, 55)))
                .queue(Duration.ofMillis(random.nextInt(50, 200)));
        if (random.nextInt(3) == 0) {
            model.loss(random.nextDouble(0.01));
        }
        if (random.nextInt(3) == 0) {
            model.jitter(Duration.ofMillis(random.nextInt(1, 11)), Duration.ofMillis(30));
        }
        return model.build();
    }
}
