package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.MILLI;
import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.wire.Hello;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LinkLifecycleTest {
    @Test
    void silentLinkGoesDownAndComesBack() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        pair.filter = (from, linkId, bytes) -> linkId != 1;
        pair.runFor(4 * SECOND);
        assertThat(slave.node.stats().links().get(0).state()).isEqualTo(LinkState.DOWN);
        assertThat(pair.master.node.stats().links().get(0).state()).isIn(LinkState.DOWN, LinkState.SUSPECT);
        assertThat(slave.node.stats().links().get(1).state()).isEqualTo(LinkState.UP);
        pair.filter = (from, linkId, bytes) -> true;
        pair.runFor(10 * SECOND);
        assertThat(slave.node.stats().links()).allMatch(l -> l.state() == LinkState.UP);
        assertThat(pair.master.node.stats().links()).allMatch(l -> l.state() == LinkState.UP);
        assertThat(slave.events)
                .anyMatch(e -> e instanceof Event.LinkChanged c && c.link().value() == 1 && c.to() == LinkState.DOWN);
    }

    @Test
    void linkDeadInOneDirectionIsUnusedInThatDirectionOnly() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        slave.link(2);
        pair.runFor(2 * SECOND);
        pair.filter = (from, linkId, bytes) -> from == slave || linkId != 1;
        pair.runFor(4 * SECOND);
        assertThat(pair.master.node.stats().links().get(0).state()).isIn(LinkState.DOWN, LinkState.SUSPECT);
        assertThat(slave.node.stats().links().get(0).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void pausedLinkIsPausedAtBothEndsUntilResumed() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        LinkId first = slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        slave.node.pauseLink(first, true, pair.now);
        pair.runFor(SECOND);
        assertThat(slave.node.stats().links().get(0).state()).isEqualTo(LinkState.PAUSED);
        assertThat(pair.master.node.stats().links().get(0).state()).isEqualTo(LinkState.PAUSED);
        slave.node.pauseLink(first, false, pair.now);
        pair.runFor(2 * SECOND);
        assertThat(slave.node.stats().links().get(0).state()).isEqualTo(LinkState.UP);
        assertThat(pair.master.node.stats().links().get(0).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void multiplexerMayCloseALinkWhileToldOfAnother() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        pair.filter = (from, linkId, bytes) -> false; // so that only time makes it be told
        PlainMultiplexer multiplexer = slave.multiplexer();
        multiplexer.closedWhenAnotherSettles = multiplexer.context.links().get(0);
        pair.runFor(3 * SECOND);
        assertThat(slave.node.stats().links()).hasSize(1);
        assertThat(multiplexer.calls).contains("remove 1");
    }

    @Test
    void removedLinkComesBackUnderItsIdAndItsNumbersGoOn() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        LinkId first = slave.link(1);
        slave.link(2);
        pair.runFor(2 * SECOND);
        long received = pair.master.node.stats().links().get(0).receivedPackets();
        slave.node.closeLink(first, pair.now);
        pair.runFor(SECOND);
        assertThat(slave.node.stats().links()).hasSize(1);
        assertThat(pair.master.node.stats().links()).hasSize(1);
        assertThat(slave.link(1)).isEqualTo(first);
        pair.runFor(3 * SECOND);
        assertThat(slave.node.stats().links()).hasSize(2).allMatch(l -> l.state() == LinkState.UP);
        assertThat(pair.master.node.stats().links()).hasSize(2);
        assertThat(pair.master.node.stats().links().get(0).receivedPackets()).isGreaterThan(received);
        assertThat(pair.master.counter("dropped_replay")).isZero();
    }

    @Test
    void masterFollowsANewAddressOnlyAfterItAnswered() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        slave.addressOfLink[1] = new InetSocketAddress("10.77.0.1", 7777); // the NAT in between forgot its mapping
        pair.runFor(3 * SECOND);
        assertThat(pair.master.counter("addresses_learnt")).isEqualTo(1);
        pair.master.submit("down");
        pair.runFor(SECOND);
        assertThat(slave.delivered).containsExactly("down");
    }

    @Test
    void addressThatNeverAnswersGetsLittleAndTheOldOneStaysInUse() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        InetSocketAddress elsewhere = new InetSocketAddress("10.77.0.1", 7777);
        int[] bytesFromThere = {0};
        pair.filter = (from, linkId, bytes) -> { // one datagram takes another way, the next ones none
            if (from == slave && bytesFromThere[0] == 0) {
                bytesFromThere[0] = bytes.length;
                pair.inject(pair.master, NodePair.MASTER_SOCKET, elsewhere, bytes);
            }
            return from != slave;
        };
        pair.runFor(50 * MILLI);
        slave.submit("up");
        pair.master.submit("down");
        pair.runFor(50 * MILLI);
        assertThat(slave.delivered).as("by the old address").containsExactly("down");
        pair.runFor(3 * SECOND);
        assertThat(bytesFromThere[0]).isPositive();
        assertThat(pair.strayBytes).containsOnlyKeys(elsewhere);
        assertThat(pair.strayBytes.get(elsewhere)).isBetween(1, 3 * bytesFromThere[0]);
        assertThat(pair.master.counter("addresses_learnt")).isZero();
    }

    @Test
    void whenAllIdsAreTakenTheLongestRemovedOneIsUsedAgain() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        for (int i = 1; i <= LinkId.MAX; i++) {
            slave.link(i);
        }
        assertThatThrownBy(() -> slave.link(256)).isInstanceOf(IllegalStateException.class);
        slave.node.closeLink(new LinkId(30), pair.now);
        slave.node.closeLink(new LinkId(20), pair.now);
        assertThat(slave.link(256)).isEqualTo(new LinkId(30));
        assertThat(slave.link(20)).as("its own is still free").isEqualTo(new LinkId(20));
    }

    @Test
    void sourceOfTooManyForgeriesIsNotLookedAtButLinksAre() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        byte[] hello = pair.seen.get(0).clone();
        hello[Hello.KEY_ID_OFFSET] ^= 1;
        for (int i = 0; i < 150; i++) {
            pair.inject(pair.master, NodePair.MASTER_SOCKET, new InetSocketAddress("10.66.6.6", 1000 + i), hello);
        }
        pair.runFor(MILLI);
        assertThat(pair.master.counter("dropped_key")).isEqualTo(100);
        assertThat(pair.master.counter("dropped_budget")).isEqualTo(50);
        for (int i = 0; i < 150; i++) { // anybody can forge a link's address
            pair.inject(pair.master, NodePair.MASTER_SOCKET, slave.addressOfLink[1], hello);
        }
        pair.runFor(SECOND);
        assertThat(pair.master.counter("dropped_key")).isEqualTo(250);
        slave.submit("up");
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("up");
        pair.inject(pair.master, NodePair.MASTER_SOCKET, new InetSocketAddress("10.66.6.6", 1000), hello);
        pair.runFor(MILLI);
        assertThat(pair.master.counter("dropped_key")).as("a second later").isEqualTo(251);
    }

    @Test
    void staleReportDoesNotReplaceNewerOne() {
        Seeds.forEach(3, seed -> {
            NodePair pair = new NodePair(seed);
            NodePair.End slave = pair.slave(1, 7);
            slave.link(1);
            slave.link(2);
            pair.runFor(10 * SECOND);
            assertThat(pair.master.multiplexer().reports)
                    .hasSizeBetween(7, 11) // one a second though each came twice
                    .isSortedAccordingTo((a, b) -> Long.compare(a.sequence(), b.sequence()));
            assertThat(pair.master.node.stats().links()).allMatch(l -> l.peerReceivedPackets() > 0);
        });
    }

    @Test
    void keysAreRenewedUnderTrafficWithoutLosingAPacket() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7, c -> HandshakeTest.withRekey(c, SECOND));
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        for (int i = 0; i < 1_000; i++) {
            slave.submit("u" + i);
            pair.master.submit("d" + i);
            pair.runFor(SECOND / 100);
        }
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(slave.delivered).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(slave.counter("rekeys")).isBetween(8L, 13L);
        assertThat(pair.master.counter("rekeys")).isBetween(8L, 13L);
        assertThat(slave.sessionsStarted).isEqualTo(1);
    }

    @Test
    void noSocketIsNoLinkAndTheReasonIsTold() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        LinkId dead = slave.link(2);
        pair.runFor(SECOND);
        slave.node.handleSocketClosed(slave.socketOfLink[dead.value()], "control connection closed by proxy", pair.now);
        assertThat(slave.node.stats().links().get(1).state()).isEqualTo(LinkState.DOWN);
        assertThat(slave.node.stats().links().get(1).reason()).isEqualTo("control connection closed by proxy");
        pair.runFor(5 * SECOND);
        assertThat(slave.node.stats().links().get(1).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void linksOfOneUriAreLinksOfTheirOwnAndNoTwoShareANumber() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        LinkId first = slave.link(1);
        slave.link(1);
        pair.runFor(SECOND);
        assertThat(slave.node.stats().links()).hasSize(2).allMatch(link -> link.state() == LinkState.UP);
        slave.node.closeLink(first, pair.now);
        for (int i = 2; i <= LinkId.MAX; i++) {
            slave.link(i);
        }
        slave.node.closeLink(new LinkId(LinkId.MAX), pair.now);
        slave.link(LinkId.MAX + 1);
        assertThat(slave.node.stats().links())
                .extracting(LinkStats::id)
                .hasSize(LinkId.MAX)
                .doesNotHaveDuplicates();
    }

    @Test
    void moreLinksThanIdsAreRefused() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        for (int i = 1; i <= 255; i++) {
            slave.node.addLink(LinkUri.parse("udp://10.9.9.9:" + (1000 + i)), pair.now);
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> slave.node.addLink(LinkUri.parse("udp://10.9.9.9:999"), pair.now))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("255");
    }

    @Test
    void everyBufferComesBack() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        for (int i = 0; i < 500; i++) {
            slave.submit("x" + i);
        }
        pair.runFor(SECOND / 100);
        slave.node.close("", pair.now);
        pair.master.node.close("", pair.now);
        pair.runFor(SECOND);
        assertThat(slave.packets.out()).isZero();
        assertThat(slave.pool.out()).isZero();
        assertThat(pair.master.packets.out()).isZero();
        assertThat(pair.master.pool.out()).isZero();
    }
}
