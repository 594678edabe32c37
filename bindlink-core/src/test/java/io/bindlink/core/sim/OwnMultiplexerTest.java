package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.Role;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.mux.XorParityMultiplexer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user's own multiplexer, written against the API alone, can do on the simulator: repair a link's loss. */
class OwnMultiplexerTest {
    private static final double LOSS = 0.02;
    private static final int PACKETS_IN_GROUP = 5; // four and their parity
    private static final LinkModel LINK = LinkModel.builder()
            .rateMbit(10)
            .delay(Duration.ofMillis(20))
            .loss(LOSS)
            .build();

    @Test
    void lossIsLossWithoutRepair() {
        Seeds.forEach(2, seed -> {
            FlowResult result = run(seed, PlainMultiplexer.provider());
            assertThat(result.lossRatio()).as("%s", result).isBetween(0.75 * LOSS, 1.25 * LOSS);
        });
    }

    @Test
    void xorParityRepairsTwoPercentLossOnOneLink() {
        // A packet is missing only if one of the four others of its group is lost with it: 0.16 % instead of 2 %.
        double expected = LOSS * (1 - Math.pow(1 - LOSS, PACKETS_IN_GROUP - 1));
        Seeds.forEach(2, seed -> {
            FlowResult result = run(seed, new XorParityProvider());
            assertThat(result.lossRatio()).as("%s", result).isLessThan(3 * expected);
            assertThat(result.alteredPackets()).as("%s", result).isZero();
            assertThat(result.duplicatePackets()).as("%s", result).isZero();
        });
    }

    private static FlowResult run(long seed, MultiplexerProvider provider) {
        SimBond bond = SimBond.builder()
                .seed(seed)
                .multiplexer(provider, Map.of())
                .scheduler(() -> (packet, links, picks) -> {})
                .link(LINK)
                .build();
        bond.awaitUp(Duration.ofSeconds(5));
        ProbeFlow flow = ProbeFlow.start(bond, Role.SLAVE, Duration.ofMillis(5), 500);
        bond.runFor(Duration.ofSeconds(30));
        flow.stop();
        bond.runFor(Duration.ofSeconds(1));
        return flow.result();
    }

    private record XorParityProvider() implements MultiplexerProvider {
        @Override
        public String name() {
            return "xor-parity";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Multiplexer create(Map<String, String> options) {
            return new XorParityMultiplexer();
        }
    }
}
