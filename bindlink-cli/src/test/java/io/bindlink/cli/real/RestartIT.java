package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.udp;

import io.bindlink.core.base.NeedsRealNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is restarted while traffic flows; inner TCP connections survive. */
@NeedsRealNetwork
@Timeout(120)
class RestartIT extends WithTestbed {
    private static final Duration UP = Duration.ofSeconds(20);

    @Test
    void masterThatIsRestartedIsReachedAgainAndTcpSurvives() throws Exception {
        Program master = net.master();
        net.slave(udp(1), udp(2));
        Flow flow = Flow.start(net);
        master.signal("KILL");
        Program again = net.master();
        flow.assertAnsweredSoonAfterFirstLineOf(again);
        flow.assertCarriedOn();
    }

    @Test
    void slaveThatIsRestartedReachesTheMasterAgainAndTcpSurvives() throws Exception {
        net.master();
        Program slave = net.slave(udp(1), udp(2));
        Flow flow = Flow.start(net);
        slave.signal("KILL");
        slave.awaitEnd(UP);
        Program again = net.slave(udp(1), udp(2));
        flow.assertAnsweredSoonAfterFirstLineOf(again);
        flow.assertCarriedOn();
    }
}
