package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.figure;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import java.time.Duration;

/** A TCP connection and a ping through the bond, which go on whatever happens. */
record Flow(Testbed net, Program iperf, Program ping) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WHOLE = Duration.ofSeconds(60);
    private static final int SECONDS = 12;
    private static final long GENEROUS_MILLIS = 5000; // the promise is two seconds; busy machines take longer

    static Flow start(Testbed net) throws Exception {
        net.awaitPing(Side.SLAVE, INNER_MASTER, PATIENCE);
        net.iperfServer(Side.MASTER);
        Program iperf = net.startIperf(Side.SLAVE, INNER_MASTER, "-t", "" + SECONDS);
        Program ping = net.start(
                Side.SLAVE,
                "sh",
                "-c",
                "for i in $(seq 400); do ping -n -c 1 -W 1 " + INNER_MASTER + "; sleep 0.03; done");
        Thread.sleep(1500); // so that traffic flows when it happens
        return new Flow(net, iperf, ping);
    }

    void assertAnsweredSoonAfterFirstLineOf(Program restarted) throws Exception {
        restarted.await("session up", PATIENCE);
        long firstLine = restarted.lines().get(0).epochMillis();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            long answered = ping.lines().stream()
                    .filter(line -> line.text().contains("bytes from") && line.epochMillis() >= firstLine)
                    .mapToLong(Program.Line::epochMillis)
                    .findFirst()
                    .orElse(0);
            if (answered > 0) {
                System.out.println("ping answered " + (answered - firstLine) + " ms after the first line");
                assertThat(answered - firstLine).isLessThan(GENEROUS_MILLIS);
                return;
            }
            assertThat(System.nanoTime())
                    .as("no answer: %s\n%s", restarted, ping)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    void assertCarriedOn() throws Exception {
        String report = String.join("\n", iperf.awaitEnd(WHOLE));
        assertThat(report).doesNotContain("\"error\"");
        String intervals = report.substring(0, Math.max(0, report.indexOf("\n\t\"end\":")));
        assertThat(figure(intervals, "sum", "bytes"))
                .as("bytes in the last second")
                .isPositive();
    }
}
