package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.INNER_SLAVE;
import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a user does with a bond: two cables and a phone, everything through the tun device. */
@Isolated("it fills the machine")
@NeedsRealNetwork
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class TunnelIT {
    private static final Duration UP = Duration.ofSeconds(20);

    private Testbed net;
    private Program master;
    private Program slave;
    private Phone phone;

    @BeforeAll
    void bringUp(@TempDir Path directory) throws Exception {
        net = new Testbed(directory);
        phone = Phone.danted(net, 3);
        master = net.master("--tun-address=10.10.10.1/30", "--tun-address=fd10::1/64");
        master.await("master listens", UP);
        slave = net.slave(
                udp(1),
                udp(2),
                phone.link(),
                phone.target(),
                "--tun-address=10.10.10.2/30",
                "--tun-address=fd10::2/64");
        for (int link : Testbed.links()) {
            slave.await("link " + link + " .* -> UP", UP);
        }
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.iperfServer(Side.MASTER);
    }

    @AfterAll
    void takeDown() throws Exception {
        if (net != null) {
            net.close();
        }
    }

    @Test
    void pingsAreAnsweredBothWays() throws Exception {
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(48);
        assertThat(net.answeredPings(Side.MASTER, INNER_SLAVE, 50)).isGreaterThanOrEqualTo(48);
    }

    @Test
    void pingsThatDoNotFitOneDatagramAreAnswered() throws Exception {
        net.shell(Side.SLAVE, "ping -c 3 -i 0.2 -W 2 -s 1352 -M do " + INNER_MASTER);
        net.shell(Side.SLAVE, "ping -c 3 -i 0.2 -W 2 -s 8000 " + INNER_MASTER);
    }

    @Test
    void sixInsideIsCarriedToo() throws Exception {
        assertThat(net.answeredPings(Side.SLAVE, "fd10::1", 20)).isGreaterThanOrEqualTo(19);
        assertThat(figure(net.iperf(Side.SLAVE, "fd10::1", "-t", "2"), "sum_received", "bytes"))
                .isPositive();
    }

    @Test
    void tcpFlowsBothWays() throws Exception {
        for (String direction : new String[] {"--bidir", "-R"}) {
            String report = net.iperf(Side.SLAVE, INNER_MASTER, "-t", "3", "-P", "2", direction);
            assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e6);
        }
    }

    @Test
    void udpFlowsBothWays() throws Exception {
        for (String[] direction : new String[][] {{}, {"-R"}}) {
            String[] options = new String[direction.length + 8];
            System.arraycopy(
                    new String[] {"-u", "-b", "5M", "-t", "3", "-l", "1200", "--get-server-output"}, 0, options, 0, 8);
            System.arraycopy(direction, 0, options, 8, direction.length);
            String report = net.iperf(Side.SLAVE, INNER_MASTER, options);
            assertThat(figure(report, "sum", "packets")).isGreaterThan(1000);
            assertThat(figure(report, "sum", "lost_packets")).isLessThan(15); // a busy machine drops some itself
        }
    }

    @Test
    void linkThatIsCutTakesNothingWithItAndComesBack() throws Exception {
        Program flow = net.startIperf(Side.SLAVE, INNER_MASTER, "-t", "8");
        net.cut(1);
        slave.await("link 1 .* -> DOWN", UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(48);
        int before = ups();
        net.restore(1);
        long deadline = System.nanoTime() + UP.toNanos();
        while (ups() == before && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(ups()).as("%s", slave).isGreaterThan(before);
        String report = String.join("\n", flow.awaitEnd(Duration.ofSeconds(30)));
        assertThat(figure(report, "sum_received", "bytes")).as(report).isGreaterThan(1e6);
    }

    private long count(String text) {
        return slave.output().stream().filter(line -> line.matches(text)).count();
    }

    private int ups() {
        return (int) count(".*link 1 .* -> UP.*");
    }

    @Test
    void deviceHasItsAddressesAndMtu() throws Exception {
        String addresses = net.shell(Side.SLAVE, "ip -o addr; ip -o link");
        assertThat(addresses).contains("10.10.10.2/30").contains("fd10::2/64").contains("mtu 1380");
    }
}
