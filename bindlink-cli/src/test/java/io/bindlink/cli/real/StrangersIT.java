package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Hostile datagrams under traffic: nothing enters, nothing moves, nobody is flooded. */
@Isolated("it fills the machine")
@NeedsRealNetwork
@Timeout(120)
class StrangersIT {
    private static final Duration UP = Duration.ofSeconds(20);
    private static final int HOSTILE = 20_000;
    private static final int TAP_PORT = 4600;

    @Test
    void twentyThousandHostileDatagramsChangeNothing(@TempDir Path directory) throws Exception {
        try (Testbed net = new Testbed(directory)) {
            Program master = net.master();
            Program tap = net.start(
                    Side.FIELD,
                    Testbed.java(),
                    "-cp",
                    Testbed.classes().toString(),
                    Wiretap.class.getName(),
                    "10.71.3.1",
                    "" + TAP_PORT,
                    Testbed.MASTER,
                    "" + Testbed.PORT,
                    "5",
                    "" + HOSTILE);
            tap.await("listening", UP);
            Program slave = net.slave(udp(1), "--link=udp://10.71.3.1:" + TAP_PORT + "?from=10.71.3.2");
            slave.await("link 2 .* -> UP", UP);
            net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
            net.iperfServer(Side.MASTER);
            Program flow = net.startIperf(Side.SLAVE, INNER_MASTER, "-u", "-b", "4M", "-l", "1200", "-t", "16");
            tap.await("copied [1-9]", UP);
            int masterLines = master.lines().size();
            int slaveLines = slave.lines().size();
            long learnt = net.counter(Side.MASTER, "bindlink_addresses_learnt_total");
            int answered = net.answeredPings(Side.SLAVE, INNER_MASTER, 200);
            Program.Line answers = tap.await("answers", Duration.ofSeconds(60));

            assertThat(answered).isGreaterThanOrEqualTo(196);
            String report = String.join("\n", flow.awaitEnd(UP));
            assertThat(figure(report, "sum", "lost_packets")).isLessThan(60);
            assertNothingSaid(
                    master.output().subList(masterLines, master.lines().size()));
            assertNothingSaid(slave.output().subList(slaveLines, slave.lines().size()));
            assertThat(net.counter(Side.MASTER, "bindlink_addresses_learnt_total"))
                    .isEqualTo(learnt);
            assertThat(Long.parseLong(answers.text().split(" ")[1])).isLessThan(HOSTILE / 10);
            for (Side side : List.of(Side.MASTER, Side.SLAVE)) {
                for (String reason : List.of("auth", "replay", "version")) {
                    assertThat(net.counter(side, "bindlink_dropped_packets_total{reason=\"" + reason + "\"}"))
                            .as("%s at %s", reason, side)
                            .isPositive();
                }
            }
            assertNothingEntered(net, Side.SLAVE, Side.MASTER);
            assertNothingEntered(net, Side.MASTER, Side.SLAVE);
        }
    }

    /** What a device took from the bond, the other one gave to it. */
    private static void assertNothingEntered(Testbed net, Side from, Side to) throws Exception {
        long taken = net.counter(to, "bindlink_tun_receive_packets_total"); // first: more may be given meanwhile
        assertThat(taken).isPositive();
        assertThat(taken).isLessThanOrEqualTo(net.counter(from, "bindlink_tun_transmit_packets_total"));
    }

    /** The tap is a busy program: that its own link is late now and then is no stranger's doing. */
    private static void assertNothingSaid(List<String> lines) {
        assertThat(lines).hasSizeLessThan(20).allMatch(line -> line.contains(" link 2 "));
    }
}
