package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.MILLI;
import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.session.NodePair.Clock;
import io.bindlink.core.wire.Datagram;
import io.bindlink.core.wire.TransportHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What time does to a session: stamps that wrap, clocks that differ, nothing to do for hours, a process that stands still. */
class LongLifeTest {
    /** When the 32 bits of microseconds on the wire start again. */
    private static final long WRAP_NANOS = (1L << 32) * 1_000;

    @Test
    void sendTimesWrap() {
        Clock slaves = new Clock(WRAP_NANOS - 8 * SECOND, 0); // the pair starts at 5 s: 3 s to go
        Clock masters = new Clock(WRAP_NANOS - 10 * SECOND, 0); // 5 s
        NodePair pair = new NodePair(1, config -> config, masters);
        NodePair.End slave = pair.slave(1, slaves);
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        forgetEvents(pair);
        talk(pair, slave, 800, 10 * MILLI);
        assertThat(changes(pair)).isEmpty();
        assertDelivered(pair, slave, 800);
        assertThat(slave.node.stats().links()).allMatch(link -> link.rttNanos() > 0 && link.rttNanos() < 40 * MILLI);
        assertThat(pair.master.node.stats().links()).allMatch(link -> link.lostPackets() == 0);
    }

    @Test
    void clocksMayStartAtZero() {
        NodePair pair = new NodePair(1, config -> config, new Clock(-5 * SECOND, 0));
        NodePair.End slave = pair.slave(1, new Clock(-5 * SECOND, 0));
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        talk(pair, slave, 300, 10 * MILLI);
        assertDelivered(pair, slave, 300);
    }

    @ParameterizedTest
    @ValueSource(ints = {-200, 200})
    void clocksDriftApart(int fastPpm) {
        NodePair pair = new NodePair(1, config -> config, new Clock(0, fastPpm));
        NodePair.End slave = pair.slave(1, new Clock(42 * SECOND, 0));
        slave.link(1);
        slave.link(2);
        pair.runFor(SECOND);
        forgetEvents(pair);
        talk(pair, slave, 3_000, 200 * MILLI); // ten minutes: 120 ms apart
        assertThat(changes(pair)).isEmpty();
        assertDelivered(pair, slave, 3_000);
        for (NodePair.End end : pair.ends) {
            assertThat(end.node.stats().links()).allSatisfy(link -> {
                assertThat(link.rttNanos()).isBetween(19 * MILLI, 30 * MILLI);
                assertThat(link.relativeDelayNanos()).isLessThan(2 * MILLI);
                assertThat(link.lostPackets()).isZero();
            });
        }
    }

    @Test
    void twoIdleHoursAreQuiet() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        slave.link(2);
        pair.runFor(10 * SECOND);
        forgetEvents(pair);
        pair.seen.clear();
        int seconds = 2 * 60 * 60;
        pair.runFor(seconds * SECOND);
        assertThat(pair.seen.size() / (double) seconds).as("datagrams a second").isLessThan(20);
        assertThat(changes(pair)).isEmpty();
        assertThat(slave.counter("rekeys")).isBetween(58L, 61L);
        talk(pair, slave, 100, 10 * MILLI);
        assertDelivered(pair, slave, 100);
        assertThat(pair.master.sessionsStarted).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void slaveThatStoodStillForTwoSecondsGoesOn(boolean timersFirst) {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        standStill(pair, slave, slave, timersFirst);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void masterThatStoodStillForTwoSecondsGoesOn(boolean timersFirst) {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        standStill(pair, slave, pair.master, timersFirst);
    }

    @Test
    void packetNumbersCross32BitsBothWays() {
        Seeds.forEach(3, seed -> {
            NodePair pair = new NodePair(seed, (1L << 32) - 600);
            NodePair.End slave = pair.slave(1, 7, config -> HandshakeTest.withRekey(config, SECOND));
            slave.link(1);
            slave.link(2);
            pair.runFor(SECOND);
            forgetEvents(pair);
            List<Runnable> late = new ArrayList<>();
            pair.filter = (from, linkId, bytes) -> {
                boolean held = pair.random.nextInt(8) == 0;
                boolean copied = pair.random.nextInt(8) == 0;
                if (held || copied) {
                    late.add(() -> pair.resend(from, linkId, bytes));
                }
                return !held;
            };
            for (int i = 0; i < 1_000; i++) {
                slave.submit("up " + i);
                pair.master.submit("down " + i);
                pair.runFor(2 * MILLI);
                if (i % 10 == 9) {
                    late.forEach(Runnable::run); // the held ones for the first time, the copied ones once more
                    late.clear();
                }
            }
            pair.filter = (from, linkId, bytes) -> true;
            pair.runFor(SECOND);
            for (NodePair.End end : pair.ends) {
                assertThat(end.delivered).hasSize(1_000).doesNotHaveDuplicates();
                assertThat(end.counter("dropped_replay")).isGreaterThan(50);
                assertThat(end.counter("rekeys")).isPositive();
                assertThat(end.node.stats().links().get(0).sentPackets()).isBetween(1_000L, 3_000L);
                assertThat(end.node.stats().links()).allSatisfy(link -> {
                    assertThat(link.state()).isEqualTo(LinkState.UP);
                    assertThat(link.lostPackets())
                            .as("given up and not taken back")
                            .isZero();
                    assertThat(link.rttNanos()).isBetween(19 * MILLI, 60 * MILLI);
                });
            }
            assertThat(changes(pair)).isEmpty();
            assertThat(pair.seen.stream()
                            .filter(bytes -> Datagram.type(bytes[0]) == Datagram.TRANSPORT)
                            .map(bytes -> TransportHeader.numberLow(bytes, 0)))
                    .as("numbers on the wire")
                    .contains((1L << 32) - 1, 0L);
        });
    }

    private static void standStill(NodePair pair, NodePair.End slave, NodePair.End still, boolean timersFirst) {
        slave.link(1);
        slave.link(2);
        pair.runFor(3 * SECOND);
        talk(pair, slave, 100, 10 * MILLI);
        still.freeze(2 * SECOND, timersFirst);
        NodePair.End awake = still == slave ? pair.master : slave;
        for (int i = 0; i < 200; i++) {
            awake.submit("meanwhile " + i);
            pair.runFor(10 * MILLI);
        }
        pair.runFor(2 * SECOND);
        for (NodePair.End end : pair.ends) {
            assertThat(end.node.stats().links()).allMatch(link -> link.state() == LinkState.UP);
            assertThat(end.sessionsStarted).isEqualTo(1);
            assertThat(end.sessionsEnded).isZero();
            end.delivered.clear();
        }
        talk(pair, slave, 100, 10 * MILLI);
        assertDelivered(pair, slave, 100);
    }

    private static void talk(NodePair pair, NodePair.End slave, int packets, long everyNanos) {
        for (int i = 0; i < packets; i++) {
            slave.submit("up " + i);
            pair.master.submit("down " + i);
            pair.runFor(everyNanos);
        }
        pair.runFor(SECOND);
    }

    private static void assertDelivered(NodePair pair, NodePair.End slave, int packets) {
        assertThat(pair.master.multiplexer().sentTimes)
                .as("times of the slave's clock")
                .isSorted();
        assertThat(slave.multiplexer().sentTimes)
                .as("times of the master's clock")
                .isSorted();
        assertThat(pair.master.delivered).hasSize(packets).doesNotHaveDuplicates();
        assertThat(slave.delivered).hasSize(packets).doesNotHaveDuplicates();
    }

    private static void forgetEvents(NodePair pair) {
        pair.ends.forEach(end -> end.events.clear());
    }

    /** What was told to a user but for new keys. */
    private static List<Event> changes(NodePair pair) {
        List<Event> changes = new ArrayList<>();
        pair.ends.forEach(end -> changes.addAll(end.events));
        changes.removeIf(event -> event instanceof Event.KeysRenewed);
        return changes;
    }
}
