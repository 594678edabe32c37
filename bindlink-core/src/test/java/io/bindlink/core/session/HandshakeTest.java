package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.crypto.PresharedSecret;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    @Test
    void slaveAndMasterFindEachOtherAndPacketsPass() {
        Seeds.forEach(5, seed -> {
            NodePair pair = new NodePair(seed);
            NodePair.End slave = pair.slave(1, 7);
            slave.link(1);
            slave.link(2);
            pair.runFor(SECOND);

            assertThat(slave.node.isUp()).isTrue();
            assertThat(pair.master.node.isUp()).isTrue();
            assertThat(pair.master.node.stats().links()).hasSize(2).allMatch(l -> l.state() == LinkState.UP);

            slave.submit("up");
            pair.master.submit("down");
            pair.runFor(SECOND);
            assertThat(pair.master.delivered).containsExactly("up");
            assertThat(slave.delivered).containsExactly("down");
        });
    }

    @Test
    void anotherKeyIsToldApartFromNothingAndHurtsNobody() {
        NodePair pair = new NodePair(1);
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        NodePair.End slave = pair.slave(1, 7, c -> withSecret(c, PresharedSecret.of(otherKey)));
        slave.link(1);
        pair.runFor(10 * SECOND);
        assertThat(slave.node.isUp()).isFalse();
        assertThat(slave.events).contains(new Event.Unanswered());
        assertThat(pair.master.counter("dropped_key")).isPositive();
        assertThat(slave.node.stats().counters()).doesNotContainKey("dropped_authentication");
    }

    @Test
    void recordedHelloDoesNotDisturbALiveSession() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        List<byte[]> hellos = new ArrayList<>(pair.seen);
        hellos.removeIf(bytes -> (bytes[0] >>> 2 & 7) != 1);
        assertThat(hellos).isNotEmpty();
        int started = slave.sessionsStarted;
        for (int i = 0; i < 50; i++) {
            hellos.forEach(
                    bytes -> pair.inject(pair.master, 1, new java.net.InetSocketAddress("10.66.0.1", 666), bytes));
            pair.runFor(SECOND / 10);
        }
        slave.submit("still here");
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("still here");
        assertThat(slave.sessionsStarted).isEqualTo(started).isEqualTo(1);
        assertThat(pair.master.sessionsStarted).isEqualTo(1);
    }

    @Test
    void secondSlaveIsRefusedWithTheReasonAtBothEnds() {
        NodePair pair = new NodePair(1);
        NodePair.End first = pair.slave(1, 7);
        first.link(1);
        pair.runFor(SECOND);
        NodePair.End second = pair.slave(2, 8);
        second.link(1);
        pair.runFor(3 * SECOND);
        assertThat(second.node.isUp()).isFalse();
        assertThat(second.events)
                .anyMatch(e -> e instanceof Event.Refused r && r.reason().startsWith("key in use"));
        assertThat(pair.master.events)
                .anyMatch(e -> e instanceof Event.Refused r && r.reason().startsWith("key in use"));
        assertThat(first.node.isUp()).isTrue();
        assertThat(first.sessionsStarted).isEqualTo(1);
    }

    @Test
    void refusalThatGoesOnIsToldOnceAMinute() {
        NodePair pair = new NodePair(1);
        pair.slave(1, 7).link(1);
        pair.runFor(SECOND);
        NodePair.End second = pair.slave(2, 8);
        second.link(1);
        pair.runFor(50 * SECOND);
        assertThat(refusals(second)).isEqualTo(1);
        pair.runFor(20 * SECOND);
        assertThat(refusals(second)).isEqualTo(2);
        assertThat(second.events).doesNotContain(new Event.Unanswered()); // a refusal is an answer
        assertThat(second.counter("handshakes_refused")).isGreaterThan(20);
    }

    private static long refusals(NodePair.End slave) {
        return slave.events.stream().filter(e -> e instanceof Event.Refused).count();
    }

    @Test
    void anotherSlaveTakesOverOnceTheFirstIsSilent() {
        NodePair pair = new NodePair(1);
        NodePair.End first = pair.slave(1, 7);
        first.link(1);
        pair.runFor(SECOND);
        pair.filter = (from, linkId, bytes) -> from != first;
        NodePair.End second = pair.slave(2, 8);
        second.link(1);
        pair.runFor(6 * SECOND);
        assertThat(second.node.isUp()).isTrue();
    }

    @Test
    void restartedSlaveReplacesItsSession() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        pair.ends.remove(slave);
        NodePair.End restarted = pair.slave(1, 9);
        restarted.link(1);
        pair.runFor(6 * SECOND);
        assertThat(restarted.node.isUp()).isTrue();
        assertThat(pair.master.sessionsStarted).isEqualTo(2);
        assertThat(pair.master.sessionsEnded).isEqualTo(1);
    }

    @Test
    void differingMultiplexersAreOneClearLineAtBothEnds() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7, c -> withMultiplexer(c, "parity", 3));
        slave.link(1);
        pair.runFor(2 * SECOND);
        String line = "multiplexers differ: plain 1 at the master, parity 3 at the slave";
        assertThat(slave.events).contains(new Event.Refused(line));
        assertThat(pair.master.events).containsOnlyOnce(new Event.Refused(line));
    }

    @Test
    void outageEndsWithTheSameSession() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        slave.link(2);
        pair.runFor(3 * SECOND);
        pair.filter = (from, linkId, bytes) -> false;
        pair.runFor(8 * SECOND);
        assertThat(slave.node.isUp()).isFalse();
        pair.filter = (from, linkId, bytes) -> true;
        pair.runFor(8 * SECOND);
        assertThat(slave.node.isUp()).isTrue();
        assertThat(slave.sessionsStarted).isEqualTo(1);
        assertThat(pair.master.sessionsStarted).isEqualTo(1);
    }

    @Test
    void goodbyeEndsTheSessionAtTheOtherEnd() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        pair.master.node.close("maintenance", pair.now);
        pair.runFor(SECOND / 10);
        assertThat(slave.events).contains(new Event.SessionEnded("closed by the peer: maintenance"));
        assertThat(slave.sessionsEnded).isEqualTo(1);
    }

    static NodeConfig withSecret(NodeConfig c, PresharedSecret secret) {
        return new NodeConfig(
                c.role(),
                secret,
                c.suites(),
                c.instanceId(),
                c.tunKind(),
                c.offload(),
                c.multiplexerName(),
                c.multiplexerVersion(),
                c.multiplexer(),
                c.scheduler(),
                c.congestionControl(),
                c.bufferBytes(),
                c.rekeyNanos(),
                c.sessionTimeoutNanos());
    }

    static NodeConfig withMultiplexer(NodeConfig c, String name, int version) {
        return new NodeConfig(
                c.role(),
                c.secret(),
                c.suites(),
                c.instanceId(),
                c.tunKind(),
                c.offload(),
                name,
                version,
                c.multiplexer(),
                c.scheduler(),
                c.congestionControl(),
                c.bufferBytes(),
                c.rekeyNanos(),
                c.sessionTimeoutNanos());
    }

    static NodeConfig withRekey(NodeConfig c, long rekeyNanos) {
        return new NodeConfig(
                c.role(),
                c.secret(),
                c.suites(),
                c.instanceId(),
                c.tunKind(),
                c.offload(),
                c.multiplexerName(),
                c.multiplexerVersion(),
                c.multiplexer(),
                c.scheduler(),
                c.congestionControl(),
                c.bufferBytes(),
                rekeyNanos,
                c.sessionTimeoutNanos());
    }
}
