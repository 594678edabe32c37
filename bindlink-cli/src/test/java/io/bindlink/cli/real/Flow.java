package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import java.time.Duration;
import java.util.regex.Pattern;

/** A TCP connection and a ping through the bond, which go on whatever happens. */
record Flow(Testbed net, Program iperf, Program ping) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofSeconds(40); // TCP's own timer doubles with each try
    private static final int MOST_SECONDS = 100;

    /** A line of iperf's for half a second in which it could send something. */
    private static final String CARRIED = "sec +(?!0\\.00 )[0-9.]+ [KMG]?Bytes +.*bits/sec";

    private static final long GENEROUS_MILLIS = 5000; // the promise is two seconds; busy machines take longer

    static Flow start(Testbed net) throws Exception {
        net.awaitPing(Side.SLAVE, INNER_MASTER, PATIENCE);
        net.iperfServer(Side.MASTER);
        String[] client = {"iperf3", "-c", INNER_MASTER, "-i", "0.5", "-t", "" + MOST_SECONDS, "--forceflush"};
        Program iperf = net.start(Side.SLAVE, client);
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

    /** The sender's buffer has long been full if nothing passed: what it takes now makes room by passing. */
    void assertCarriedOn() throws Exception {
        int before = (int) iperf.output().stream()
                .filter(Pattern.compile(CARRIED).asPredicate())
                .count();
        iperf.await(CARRIED, before + 4, AGAIN);
        assertThat(iperf.isAlive()).as("%s", iperf).isTrue();
        assertThat(iperf.output()).noneMatch(line -> line.contains("error"));
        iperf.stop();
    }
}
