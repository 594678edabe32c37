package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What phones and networks that refuse UDP carry. */
@Isolated("it fills the machine")
@NeedsRealNetwork
@Timeout(120)
class TcpLinksIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(30);

    @BeforeEach
    void startMaster() throws Exception {
        net.master().await("master listens", UP);
    }

    @Test
    void microsocksHasNoUdpAndIsUsedByTcp() throws Exception {
        Phone phone = Phone.microsocks(net, 1);
        Program slave = net.slave(phone.link(), phone.target());
        slave.await("link 1 .* goes over TCP as link 2 .*: proxy .* does not support UDP", UP);
        slave.await("link 2 \\(socks5\\+tcp://.* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertTransfers();
        assertThat(net.counter(Side.SLAVE, "bindlink_tcp_fallbacks_total")).isEqualTo(1);
        assertThat(slave.output()).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void dantedThatLetsNoAnswersPassIsUsedByTcpBesideAPlainLink() throws Exception {
        Phone phone = Phone.danted(net, 1, "pass connect", "pass udpassociate", "block udpreply");
        Program slave = net.slave(phone.link(), udp(2), phone.target());
        String told = slave.await("link 1 .* goes over TCP as link \\d+ .*: no answer by UDP", UP)
                .text();
        slave.await("link " + told.replaceFirst(".* as link (\\d+) .*", "$1") + " .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.cut(2);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertTransfers();
    }

    @Test
    void threeConnectionsAndAHttpProxyCarryOneBond() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "tired:at midnight\n");
        Testbed.ownerOnly(password);
        Program proxy = net.start(
                Side.FIELD,
                Testbed.java(),
                "-cp",
                Testbed.classes().toString(),
                ConnectProxy.class.getName(),
                "10.71.3.1",
                "8080",
                "van:tired:at midnight");
        proxy.await("listening", UP);
        Program slave = net.slave(
                "--link=tcp://" + Testbed.MASTER + ":" + Testbed.PORT + "?from=10.71.1.2",
                "--link=tcp://" + Testbed.MASTER + ":" + Testbed.PORT + "?from=10.71.2.2",
                "--link=http://van@10.71.3.1:8080?password-file=" + password,
                "--proxy-target=" + Testbed.MASTER + ":" + Testbed.PORT);
        for (int link : Testbed.links()) {
            slave.await("link " + link + " .* -> UP", UP);
        }
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertTransfers();
        net.cut(1);
        net.cut(3);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        assertThat(slave.output()).noneMatch(line -> line.contains("midnight"));
    }

    private void assertTransfers() throws Exception {
        net.iperfServer(Side.MASTER);
        for (String[] direction : new String[][] {{"-t", "3"}, {"-t", "3", "-R"}}) {
            String report = net.iperf(Side.SLAVE, INNER_MASTER, direction);
            assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e5);
        }
    }
}
