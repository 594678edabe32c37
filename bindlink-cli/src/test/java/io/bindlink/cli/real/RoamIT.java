package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link whose proxy is restarted, or that gets another address, while traffic flows; inner TCP connections survive. */
@NeedsRealNetwork
@Timeout(120)
class RoamIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(20);

    @Test
    void proxyThatIsKilledAndRestartedIsUsedAgain() throws Exception {
        net.master();
        Phone phone = Phone.danted(net, 3);
        Program slave = net.slave(udp(1), phone.link(), phone.target());
        Flow flow = Flow.start(net);
        slave.await("link 2 .*socks5.* -> UP", UP);
        phone.kill();
        slave.await("link 2 .*socks5.* -> DOWN", UP);
        assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 25)).isGreaterThanOrEqualTo(23);
        phone.start();
        slave.await("link 2 .*socks5.* DOWN -> UP", UP);
        flow.assertCarriedOn();
    }

    @Test
    void masterFollowsALinkWhoseNatForgotIt() throws Exception {
        RealNetwork.assumeProgram("conntrack");
        net.shell(
                Side.FIELD,
                "nft add table ip nat && nft 'add chain ip nat out { type nat hook postrouting priority 100; }'"
                        + " && nft 'add rule ip nat out ip protocol udp oifname uplink masquerade random'");
        Program master = net.master();
        Program slave = net.slave(udp(1));
        Flow flow = Flow.start(net);
        for (int i = 0; i < 3; i++) {
            net.shell(Side.FIELD, "conntrack -F 2>&1");
            assertThat(net.answeredPings(Side.SLAVE, INNER_MASTER, 25)).isGreaterThanOrEqualTo(20);
        }
        flow.assertCarriedOn();
        master.stop();
        assertThat(slave.output())
                .as("the session has stayed")
                .noneMatch(line -> line.contains("session ended: replaced"));
    }
}
