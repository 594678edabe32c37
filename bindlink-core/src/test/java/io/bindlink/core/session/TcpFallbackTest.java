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

class TcpFallbackTest {
    private static final LinkUri PROXY = LinkUri.parse("socks5://10.1.0.1:1080");

    private NodePair pair;
    private NodePair.End slave;

    @BeforeEach
    void make() {
        pair = new NodePair(1);
        slave = pair.slave(1, 7);
    }

    @Test
    void aProxyThatRefusesDatagramsIsUsedByTcpAtOnce() {
        slave.refusesDatagrams = PROXY::equals;
        LinkId byUdp = slave.node.addLink(PROXY, pair.now);
        pair.runFor(SECOND);
        assertThat(slave.events)
                .contains(new Event.FellBack(byUdp, PROXY, new LinkId(2), PROXY.overTcp(), "no UDP here"));
        assertThat(links()).hasSize(2);
        assertThat(links().get(0).state()).isEqualTo(LinkState.DOWN);
        assertThat(links().get(0).reason()).isEqualTo("no UDP here; over TCP as link 2 meanwhile");
        assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
        assertThat(slave.node.isUp()).isTrue();
    }

    @Test
    void datagramsAreTriedAgainEveryFewMinutesAndTakenUpAgain() {
        slave.refusesDatagrams = PROXY::equals;
        slave.node.addLink(PROXY, pair.now);
        pair.runFor(SECOND);
        long before = dialsByUdp();
        pair.runFor(10 * 60 * SECOND);
        assertThat(dialsByUdp() - before).isBetween(3L, 6L);
        slave.refusesDatagrams = uri -> false;
        pair.runFor(130 * SECOND);
        assertThat(links()).singleElement().satisfies(link -> {
            assertThat(link.uri()).isEqualTo(PROXY);
            assertThat(link.state()).isEqualTo(LinkState.UP);
        });
        assertThat(slave.sessionsStarted).isEqualTo(1);
        assertThat(slave.events)
                .anyMatch(event -> event instanceof Event.LinkChanged change
                        && change.to() == LinkState.CLOSED
                        && change.reason().equals("UDP works again"));
    }

    @Test
    void aRelayThatNobodyAnswersIsReplacedWhetherThereIsASessionOrNot() {
        pair.filter = (from, link, bytes) -> link != 1;
        slave.node.addLink(PROXY, pair.now);
        pair.runFor(4 * SECOND);
        assertThat(links()).hasSize(1);
        pair.runFor(3 * SECOND);
        assertThat(slave.events)
                .contains(new Event.FellBack(new LinkId(1), PROXY, new LinkId(2), PROXY.overTcp(), "no answer by UDP"));
        assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void aRelayThatLetsNoAnswersPassIsReplacedThoughOtherLinksAcknowledge() {
        slave.link(9);
        LinkId byUdp = slave.node.addLink(PROXY, pair.now);
        pair.filter = (from, link, bytes) -> from == slave || link != byUdp.value();
        pair.runFor(15 * SECOND);
        LinkId standIn = new LinkId(3);
        assertThat(slave.events)
                .contains(new Event.FellBack(byUdp, PROXY, standIn, PROXY.overTcp(), "no answer by UDP"));
        assertThat(links().get(2).state()).isEqualTo(LinkState.UP);
        pair.filter = (from, link, bytes) -> true;
        pair.runFor(150 * SECOND);
        assertThat(links()).hasSize(2).noneMatch(link -> link.id().equals(standIn));
    }

    @Test
    void datagramsThatStopMidwayAndReturnChangeTheWayWithoutANewSession() {
        slave.node.addLink(PROXY, pair.now);
        pair.runFor(2 * SECOND);
        pair.filter = (from, link, bytes) -> link != 1;
        pair.runFor(10 * SECOND);
        assertThat(links()).hasSize(2);
        assertThat(links().get(0).state()).isEqualTo(LinkState.DOWN);
        assertThat(links().get(0).reason()).isEqualTo("no answer by UDP; over TCP as link 2 meanwhile");
        assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
        pair.filter = (from, link, bytes) -> true;
        pair.runFor(150 * SECOND);
        assertThat(links())
                .singleElement()
                .satisfies(link -> assertThat(link.state()).isEqualTo(LinkState.UP));
        assertThat(slave.sessionsStarted).isEqualTo(1);
    }

    @Test
    void packetNumbersOfTheStandInGoOnWhenItReturns() {
        slave.node.addLink(PROXY, pair.now);
        for (int times = 0; times < 3; times++) {
            pair.runFor(8 * SECOND);
            pair.filter = (from, link, bytes) -> link != 1;
            pair.runFor(10 * SECOND);
            assertThat(links()).hasSize(2);
            assertThat(links().get(1).id()).isEqualTo(new LinkId(2));
            assertThat(links().get(1).state()).isEqualTo(LinkState.UP);
            pair.filter = (from, link, bytes) -> true;
            pair.runFor(150 * SECOND);
            assertThat(links()).hasSize(1);
        }
        assertThat(pair.master.counter("dropped_replay")).isZero();
    }

    @Test
    void theStandInIsPausedAndClosedWithItsLink() {
        slave.refusesDatagrams = PROXY::equals;
        LinkId byUdp = slave.node.addLink(PROXY, pair.now);
        slave.link(9);
        pair.runFor(SECOND);
        assertThat(links()).hasSize(3);
        slave.node.pauseLink(byUdp, true, pair.now);
        pair.runFor(SECOND);
        assertThat(links().stream().filter(link -> link.uri().equals(PROXY.overTcp())))
                .allMatch(link -> link.state() == LinkState.PAUSED);
        slave.node.closeLink(byUdp, pair.now);
        pair.runFor(SECOND);
        assertThat(links()).hasSize(1);
    }

    @Test
    void aLinkByTcpThatTheUserAskedForIsNotDoubled() {
        slave.refusesDatagrams = PROXY::equals;
        slave.node.addLink(PROXY, pair.now);
        slave.node.addLink(PROXY.overTcp(), pair.now);
        pair.runFor(20 * SECOND);
        assertThat(links()).hasSize(2);
        assertThat(slave.events).noneMatch(Event.FellBack.class::isInstance);
    }

    @Test
    void aConnectionWithoutRoomTakesNoPayloadUntilItHasSome() {
        LinkId link = slave.link(1);
        pair.runFor(2 * SECOND);
        int socket = slave.socketOfLink[link.value()];
        slave.node.handleConnection(socket);
        slave.node.handleRoom(socket, false, pair.now);
        slave.submit("waits");
        pair.runFor(SECOND / 10);
        assertThat(pair.master.delivered).isEmpty();
        slave.node.handleRoom(socket, true, pair.now);
        pair.runFor(SECOND / 10);
        slave.submit("goes");
        pair.runFor(SECOND / 10);
        assertThat(pair.master.delivered).contains("goes");
        assertThat(slave.node.stats().links().get(0).lostPackets()).isZero();
    }

    private List<LinkStats> links() {
        return slave.node.stats().links();
    }

    private long dialsByUdp() {
        return slave.dials.stream().filter(dial -> dial.uri().equals(PROXY)).count();
    }
}
