package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkRecorderTest {
    private static final LinkModel LINK =
            LinkModel.builder().rateMbit(8).delay(Duration.ofMillis(20)).build();

    @Test
    void whatALinkDidIsReplayed(@TempDir Path directory) throws Exception {
        LinkRecorder recorder = new LinkRecorder();
        SimBond bond = SimBond.builder().seed(1).link(LINK).build();
        bond.awaitUp(Duration.ofSeconds(5));
        GreedyFlow.start(bond, Role.SLAVE);
        bond.runFor(Duration.ofSeconds(3));
        for (int i = 0; i < 40; i++) {
            if (i == 20) {
                bond.link(1).set(LINK.toBuilder().rateMbit(2).build());
                bond.runFor(Duration.ofSeconds(2));
            }
            recorder.handleStats(i * 100_000_000L, bond.slave().stats(bond.link(1)));
            bond.runFor(Duration.ofMillis(100));
        }
        Path file = directory.resolve("link.trace");
        recorder.trace().write(file);
        CapacityTrace trace = CapacityTrace.read(file);
        assertThat(Files.readAllLines(file)).hasSize(trace.size());
        assertThat(trace.periodMillis()).isBetween(3_800, 3_900);
        int inTheFirstHalf = trace.indexAtOrAfter(1_900);
        assertThat(inTheFirstHalf).isGreaterThan(2 * (trace.size() - inTheFirstHalf)); // 8 Mbit/s, and then 2

        SimBond replayed = SimBond.builder().seed(2).link(recorder.model()).build();
        replayed.awaitUp(Duration.ofSeconds(5));
        replayed.runFor(Duration.ofSeconds(1));
        LinkStats stats = replayed.slave().stats(replayed.link(1));
        assertThat(Duration.ofNanos(stats.minRttNanos())).isBetween(Duration.ofMillis(38), Duration.ofMillis(55));
    }

    @Test
    void withoutSamplesThereIsNoTrace() {
        assertThatThrownBy(() -> new LinkRecorder().trace())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("nothing was recorded");
    }
}
