package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SOCKS5 servers as they are, each with its own habits. */
@NeedsRealNetwork
@Timeout(120)
class ProxiesIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(20);
    private static final String USER = "van";
    private static final String PASSWORD = "tired:at midnight";

    @BeforeEach
    void startMaster() throws Exception {
        net.master();
    }

    @Test
    void threePhonesOfDifferentMakesCarryOneBond() throws Exception {
        Phone dante = Phone.danted(net, 1);
        Phone v2ray = Phone.v2ray(net, 2, Map.of());
        Phone shadowsocks = Phone.shadowsocks(net, 3);
        Program slave = net.slave(dante.link(), v2ray.link(), shadowsocks.link(), dante.target());
        for (int link : Testbed.links()) {
            slave.await("link " + link + " .* -> UP", UP);
        }
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.iperfServer(Side.MASTER);
        for (String[] direction : new String[][] {{"-t", "3"}, {"-t", "3", "-R"}}) {
            String report = net.iperf(Side.SLAVE, INNER_MASTER, direction);
            assertThat(Testbed.figure(report, "sum_received", "bytes")).isGreaterThan(1e5);
        }
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 50)).isGreaterThanOrEqualTo(47);
        for (int link : Testbed.links()) {
            String granted =
                    "bindlink_socks5_associations_total{link=\"" + link + "\",result=\"granted\",type=\"socks5\"}";
            assertThat(net.counter(Side.SLAVE, granted)).as(granted).isPositive();
        }
    }

    @Test
    void proxyWithAPasswordTakesTheRightOneAndTellsOfAWrongOne() throws Exception {
        Phone phone = Phone.v2ray(net, 1, Map.of(USER, PASSWORD));
        Path right = secret("right", PASSWORD);
        Path wrong = secret("wrong", "guess");
        Program slave = net.slave(
                "--link=socks5://" + USER + "@" + phone.address() + "?password-file=" + right, phone.target());
        slave.await("link 1 .* -> UP", UP);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        slave.stop();
        Program refused = net.slave(
                "--link=socks5://" + USER + "@" + phone.address() + "?password-file=" + wrong,
                phone.target(),
                "--timeout=3");
        refused.await("password", UP);
        refused.awaitEnd(UP);
        assertThat(refused.exitCode()).isEqualTo(6);
        assertThat(slave.output()).noneMatch(line -> line.contains(PASSWORD));
        assertThat(refused.output()).noneMatch(line -> line.contains("guess"));
    }

    private Path secret(String name, String password) throws Exception {
        Path file = Files.writeString(directory.resolve(name), password + "\n");
        Testbed.ownerOnly(file);
        return file;
    }
}
