package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who comes and goes where links use TCP: UDP that is refused midway, strangers on the port. It mostly waits. */
@NeedsRealNetwork
@Timeout(120)
class TcpWaitsIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(30);
    private static final String NO_UDP = "table inet noudp";

    private Program master;

    @BeforeEach
    void startMaster() throws Exception {
        master = net.master();
        master.await("master listens", UP);
    }

    @Test
    void udpThatIsDroppedMidwayIsReplacedAndTakenUpAgain() throws Exception {
        Phone phone = Phone.danted(net, 1, "pass connect", "pass udpassociate", "pass udpreply");
        Program slave = net.slave(phone.link(), phone.target());
        slave.await("link 1 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.shell(
                Side.FIELD,
                "nft add " + NO_UDP + " && nft 'add chain inet noudp out { type filter hook output priority 0; }'"
                        + " && nft add rule inet noudp out meta l4proto udp drop");
        slave.await("link 1 .* goes over TCP as link 2 .*: no answer by UDP", UP);
        slave.await("link 2 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(47);
        net.shell(Side.FIELD, "nft delete " + NO_UDP);
        slave.await("link 2 .* -> CLOSED: UDP works again", Duration.ofSeconds(60));
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(47);
        assertThat(slave.output().stream().filter(line -> line.contains("session up")))
                .hasSize(1);
    }

    @Test
    void udpThatIsDroppedOnAPlainLinkIsReplacedToo() throws Exception {
        Program slave = net.slave(udp(1), udp(2));
        slave.await("link 1 .* -> UP", UP);
        slave.await("link 2 .* -> UP", UP);
        net.shell(
                Side.FIELD,
                "nft add " + NO_UDP + " && nft 'add chain inet noudp way { type filter hook forward priority 0; }'"
                        + " && nft add rule inet noudp way iifname link1 meta l4proto udp drop"
                        + " && nft add rule inet noudp way oifname link1 meta l4proto udp drop");
        net.cut(2);
        String byTcp = "link [34] \\(tcp://.*from=10.71.1.2\\)"; // the other link's vain trial has the other number
        slave.await("link 1 .* goes over TCP as " + byTcp + ": no answer by UDP", UP);
        slave.await(byTcp + " .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(47);
        net.restore(2);
        net.shell(Side.FIELD, "nft delete " + NO_UDP);
        slave.await(byTcp + " .* -> CLOSED: UDP works again", Duration.ofSeconds(60));
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(47);
        assertThat(slave.output()).noneMatch(line -> line.contains("link 2 (") && line.contains("goes over TCP"));
        assertThat(slave.output().stream().filter(line -> line.contains("session up")))
                .hasSize(1);
    }

    @Test
    void strangersOnTheTcpPortCostTheBondNothing() throws Exception {
        Program slave = net.slave("--link=tcp://" + Testbed.MASTER + ":" + Testbed.PORT + "?from=10.71.1.2");
        slave.await("link 1 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        int said = master.output().size();
        Program strangers = net.start(
                Side.FIELD,
                "bash",
                "-c",
                "for i in $(seq 80); do exec {fd}<>/dev/tcp/" + Testbed.MASTER + "/" + Testbed.PORT + "; done;"
                        + " printf '\\xff\\xff' >&$fd; echo there; sleep 9");
        strangers.await("there", UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 200)).isGreaterThanOrEqualTo(196);
        Program late = net.slave("--link=tcp://" + Testbed.MASTER + ":" + Testbed.PORT, "--timeout=8");
        late.await("refused: key in use", UP); // it got through to where it is told so
        strangers.awaitEnd(UP);
        String reasons = "bindlink_closed_connections_total{reason=\"";
        assertThat(net.counter(Side.MASTER, reasons + "displaced\"}")).isPositive();
        assertThat(net.counter(Side.MASTER, reasons + "timed_out\"}")).isPositive();
        assertThat(net.counter(Side.MASTER, "bindlink_dropped_packets_total{reason=\"framing\"}"))
                .isEqualTo(1);
        assertThat(master.output().subList(said, master.output().size()))
                .allMatch(line -> line.contains("refused: key in use") || line.contains(" link 1 "));
    }
}
