package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.MILLI;
import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long one set of keys is used, counted in datagrams. */
class KeyLifeTest {
    private static final int PACKETS_PER_KEYS = 1_000;

    @Test
    void keysWearOutByWhatTheSlaveSends() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, PACKETS_PER_KEYS, NodePair.Clock.TRUE);
        send(pair, slave, slave);
        assertThat(slave.counter("rekeys")).isBetween(1L, 3L);
        assertThat(pair.master.delivered).hasSize(PACKETS_PER_KEYS).doesNotHaveDuplicates();
    }

    @Test
    void keysWearOutByWhatTheMasterSends() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, PACKETS_PER_KEYS, NodePair.Clock.TRUE);
        send(pair, slave, pair.master);
        assertThat(slave.counter("rekeys")).isBetween(1L, 3L);
        assertThat(slave.delivered).hasSize(PACKETS_PER_KEYS).doesNotHaveDuplicates();
        assertThat(slave.node.stats().links().get(0).sentPackets())
                .as("acknowledgements alone would not have worn them out")
                .isLessThan(PACKETS_PER_KEYS);
    }

    private static void send(NodePair pair, NodePair.End slave, NodePair.End from) {
        slave.link(1);
        pair.runFor(SECOND);
        for (int i = 0; i < PACKETS_PER_KEYS; i++) {
            from.submit("packet " + i);
            pair.runFor(MILLI);
        }
        pair.runFor(2 * SECOND);
    }
}
