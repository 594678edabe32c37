package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links straight to the master, of which nobody knows at first whether they are cut or only their datagrams are dropped. */
class TcpTrialTest {
    private static final LinkUri WAY = LinkUri.parse("udp://10.9.9.9:4500?from=10.7.0.1");

    private NodePair pair;
    private NodePair.End slave;

    @BeforeEach
    void make() {
        pair = new NodePair(1);
        slave = pair.slave(7, 7);
    }

    @Test
    void wayThatDropsDatagramsIsUsedByTcpUntilTheyPassAgain() {
        LinkId byUdp = slave.node.addLink(WAY, pair.now);
        pair.runFor(2 * SECOND);
        dropDatagrams();
        slave.unreachable = uri -> false;
        pair.runFor(20 * SECOND);
        LinkUri byTcp = LinkUri.parse("tcp://10.9.9.9:4500?from=10.7.0.1");
        assertThat(slave.events).contains(new Event.FellBack(byUdp, WAY, new LinkId(2), byTcp, "no answer by UDP"));
        assertThat(links()).hasSize(2);
        assertThat(links().get(0).reason()).isEqualTo("no answer by UDP; over TCP as link 2 meanwhile");
        assertThat(links().get(1).uri()).isEqualTo(byTcp);
        assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
        pair.filter = (from, link, bytes) -> true;
        pair.runFor(150 * SECOND);
        assertThat(links())
                .singleElement()
                .satisfies(link -> assertThat(link.state()).isEqualTo(LinkState.UP));
        assertThat(slave.sessionsStarted).isEqualTo(1);
        assertThat(pair.master.counter("dropped_replay")).isZero();
    }

    @Test
    void sessionBeginsByTcpWhereDatagramsNeverPass() {
        dropDatagrams();
        slave.unreachable = uri -> false;
        slave.node.addLink(WAY, pair.now);
        pair.runFor(8 * SECOND);
        assertThat(slave.node.isUp()).isTrue();
        assertThat(slave.events).filteredOn(Event.FellBack.class::isInstance).hasSize(1);
        assertThat(links()).hasSize(2);
        assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void linkThatIsCutIsTriedNowAndThenAndNobodySeesIt() {
        slave.node.addLink(WAY, pair.now);
        pair.runFor(2 * SECOND);
        dropDatagrams();
        pair.runFor(10 * 60 * SECOND);
        assertThat(dialsByTcp()).isBetween(10L, 21L);
        assertThat(links()).hasSize(1);
        assertThat(links().get(0).reason()).doesNotContain("TCP");
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
        pair.filter = (from, link, bytes) -> true;
        pair.runFor(40 * SECOND);
        assertThat(links().get(0).state()).isEqualTo(LinkState.UP);
        assertThat(slave.link(2)).as("no number was used up").isEqualTo(new LinkId(2));
    }

    @Test
    void wayThatReturnsAsAWholeNeedsNoStandIn() {
        slave.node.addLink(WAY, pair.now);
        pair.runFor(2 * SECOND);
        dropDatagrams();
        slave.unreachable = uri -> {
            pair.filter = (from, link, bytes) -> true; // as when the connection's first packet waits for the way
            return false;
        };
        pair.runFor(60 * SECOND);
        assertThat(dialsByTcp()).isEqualTo(1);
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
        assertThat(links())
                .singleElement()
                .satisfies(link -> assertThat(link.state()).isEqualTo(LinkState.UP));
    }

    @Test
    void connectionByWhichNobodyAnswersIsNoWayToASession() {
        pair.filter = (from, link, bytes) -> false;
        slave.unreachable = uri -> false;
        slave.node.addLink(WAY, pair.now);
        pair.runFor(120 * SECOND);
        assertThat(dialsByTcp()).isBetween(2L, 4L);
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
        assertThat(links()).hasSize(1);
    }

    @Test
    void linkThatIsClosedOrPausedTakesItsTrialWithIt() {
        LinkId paused = slave.node.addLink(WAY, pair.now);
        LinkId closed = slave.link(2);
        pair.runFor(2 * SECOND);
        dropDatagrams();
        slave.unreachable = uri -> false;
        while (dialsByTcp() < 2) {
            pair.runFor(SECOND / 10);
        }
        slave.node.pauseLink(paused, true, pair.now);
        slave.node.closeLink(closed, pair.now);
        pair.runFor(60 * SECOND);
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
        assertThat(links()).singleElement().extracting(LinkStats::id).isEqualTo(paused);
        assertThat(dialsByTcp()).isEqualTo(2);
    }

    @Test
    void trialWhoseConnectionEndsIsForgotten() {
        slave.node.addLink(WAY, pair.now);
        pair.runFor(2 * SECOND);
        dropDatagrams();
        slave.unreachable = uri -> false;
        while (dialsByTcp() == 0) {
            pair.runFor(SECOND / 10);
        }
        slave.node.handleSocketClosed(slave.socketOfLink[2], "closed at its other end", pair.now);
        pair.runFor(20 * SECOND);
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
        pair.runFor(40 * SECOND);
        assertThat(slave.events).filteredOn(Event.FellBack.class::isInstance).hasSize(1);
    }

    @Test
    void linkByTcpThatTheUserAskedForNeedsNoTrial() {
        slave.unreachable = uri -> false;
        slave.node.addLink(WAY, pair.now);
        slave.node.addLink(WAY.overTcp(), pair.now);
        pair.runFor(2 * SECOND);
        pair.filter = (from, link, bytes) -> link != 1;
        pair.runFor(60 * SECOND);
        assertThat(dialsByTcp()).isEqualTo(1);
        assertThat(links()).hasSize(2);
    }

    /** Those of the links that the user named. */
    private void dropDatagrams() {
        List<Integer> byUdp = links().isEmpty()
                ? List.of(1)
                : links().stream().map(link -> link.id().value()).toList();
        pair.filter = (from, link, bytes) -> !byUdp.contains(link);
    }

    private List<LinkStats> links() {
        return slave.node.stats().links();
    }

    private long dialsByTcp() {
        return slave.dials.stream()
                .filter(dial -> dial.uri().scheme() == LinkUri.Scheme.TCP)
                .count();
    }
}
