package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What UDP by the kernel's own means does beyond what the JDK can, and that both work side by side. */
@Isolated("it fills the machine")
@NeedsRealNetwork
@Timeout(120)
class UdpOffloadIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(20);

    /** How many fragments a namespace made. */
    private static final String FRAGMENTS = "awk '/^Ip:/ {for (i = 1; i <= NF; i++) if ($i == \"FragCreates\") n = i;"
            + " else if (n && NR == 2 && i == n) print $i}' /proc/net/snmp";

    @Test
    void aLinkIsTiedToItsInterfaceWhateverTheRoutesSay() throws Exception {
        for (int link : Testbed.links()) {
            net.shell(Side.SLAVE, "ip rule del from 10.71." + link + ".2"); // all take the first one now
        }
        net.cut(1);
        net.master("--udp", "jna").await("master listens", UP);
        Program slave = net.slave("--udp", "jna", through(2), through(3));
        slave.await("link 1 .* -> UP", UP);
        slave.await("link 2 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
    }

    private static String through(int link) {
        return "--link=udp://" + Testbed.MASTER + ":" + Testbed.PORT + "?dev=link" + link;
    }

    @Test
    void theLargestDatagramOfAPathIsFoundAndNoneIsFragmented() throws Exception {
        net.shell(Side.FIELD, "ip link set uplink mtu 1400");
        net.master("--udp", "jna").await("master listens", UP);
        Program slave = net.slave("--udp", "jna", udp(1));
        slave.await("link 1 .* -> UP", UP);
        int most = 1400 - 28 - 31; // less the headers of IP and UDP, and what a datagram costs
        long deadline = System.nanoTime() + UP.toNanos();
        while (maxPayloadBytes() < most - 8 && System.nanoTime() < deadline) { // the search ends at steps of 8 bytes
            Thread.sleep(100);
        }
        assertThat(maxPayloadBytes()).isBetween(most - 8, most);
        assertThat(net.shell(Side.SLAVE, FRAGMENTS)).isEqualTo("0");
        // The master's search may still be under way, with datagrams that do not come through.
        String ping = "ping -c 1 -W 2 -s 1352 -M do " + INNER_MASTER + " || true";
        net.awaitShell(Side.SLAVE, ping, "1 received", UP);
    }

    private int maxPayloadBytes() throws Exception {
        return net.metrics(Side.SLAVE)
                .lines()
                .filter(line -> line.startsWith("bindlink_link_max_payload_bytes{"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(0);
    }

    @Test
    void endsMayDiffer() throws Exception {
        net.master("--udp", "nio").await("master listens", UP);
        net.slave("--udp", "jna", udp(1), udp(2)).await("session up", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.iperfServer(Side.MASTER);
        for (String direction : new String[] {"--bidir", "-R"}) {
            String report = net.iperf(Side.SLAVE, INNER_MASTER, "-t", "3", direction);
            assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e5);
        }
    }
}
