package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.PORT;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found outside of the bond: IPv6, addresses that come and go, ports that others have. */
@NeedsRealNetwork
@Timeout(120)
class SurroundingsIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(30);

    @Test
    void linkByIpv6CarriesTheBondAlone() throws Exception {
        net.master();
        Program slave = net.slave("--link=udp://[fd80::1]:" + PORT + "?from=fd71:2::2", udp(1));
        slave.await("link 1 .*fd80.* -> UP", UP);
        slave.await("link 2 .* -> UP", UP);
        net.cut(1);
        slave.await("link 2 .* -> DOWN", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(48);
    }

    @Test
    void masterListensOnAddressesThatComeAndGo() throws Exception {
        net.master().await("master listens", UP);
        String later = "10.80.0.9";
        net.shell(Side.MASTER, "ip addr add " + later + "/24 dev uplink");
        Program slave = net.slave("--link=udp://" + later + ":" + PORT + "?from=10.71.1.2", udp(2));
        slave.await("link 1 .* -> UP", UP);
        net.shell(Side.MASTER, "ip addr del " + later + "/24 dev uplink");
        slave.await("link 1 .* -> DOWN", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.shell(Side.MASTER, "ip addr add " + later + "/24 dev uplink");
        slave.await("link 1 .* DOWN -> UP", UP);
    }

    @Test
    void busyDefaultPortOfThePageIsAWarning() throws Exception {
        Program other = net.start(Side.MASTER, "iperf3", "-s", "-p", "8080", "--forceflush");
        other.await("Server listening", UP);
        Program master = net.master();
        master.await("WARN .*8080", UP);
        master.await("master listens", UP);
        Program slave = net.slave(udp(1));
        slave.await("link 1 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertThat(master.isAlive()).isTrue();
    }
}
