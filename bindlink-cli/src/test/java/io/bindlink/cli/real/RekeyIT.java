package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Keys renewed every second under full load. */
@Isolated("it fills the machine")
@NeedsRealNetwork
@Timeout(120)
class RekeyIT {
    private static final Duration UP = Duration.ofSeconds(20);

    @Test
    void noPacketIsLostForTheSakeOfNewKeys(@TempDir Path directory) throws Exception {
        try (Testbed net = new Testbed(directory)) {
            net.master();
            Program slave = net.start(
                    Side.SLAVE,
                    Testbed.java(),
                    "-cp",
                    Testbed.jar() + ":" + Testbed.classes(),
                    RekeyingSlave.class.getName(),
                    net.key().toString(),
                    "udp://10.80.0.1:4500?from=10.71.1.2",
                    "udp://10.80.0.1:4500?from=10.71.2.2");
            net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
            net.iperfServer(Side.MASTER);
            // The session has been up for a second then: copies of the answer to its hello have been counted.
            String before = slave.await("counters .*rekeys=[1-9]", UP).text();
            String report = net.iperf(Side.SLAVE, INNER_MASTER, "-t", "8");

            assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e6);
            // What is logged comes between the lines of counters.
            String counters = slave.output().stream()
                    .filter(line -> line.startsWith("counters"))
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
            assertThat(count(counters, "rekeys") - count(before, "rekeys")).isGreaterThanOrEqualTo(6);
            for (String lost : List.of("dropped_receiver", "dropped_authentication", "mux_given_up")) {
                assertThat(count(counters, lost)).as(lost).isEqualTo(count(before, lost));
            }
            assertThat(net.counter(Side.MASTER, "bindlink_rekeys_total")).isGreaterThanOrEqualTo(6);
            assertThat(net.counter(Side.MASTER, "bindlink_given_up_chunks_total"))
                    .isZero();
            assertThat(net.counter(Side.MASTER, "bindlink_dropped_packets_total{reason=\"auth\"}"))
                    .isZero();
        }
    }

    private static long count(String counters, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=(\\d+)").matcher(counters);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
