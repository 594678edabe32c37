package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.LinkState;
import io.bindlink.core.wire.TransportHeader;
import org.junit.jupiter.api.Test;

class ControlExchangeTest {
    /** A path MTU of 576 less the headers of IPv4 and UDP. */
    private static final int SMALL_BYTES = 548;

    private static final int EMPTY_BYTES = TransportHeader.MIN_DATAGRAM_BYTES;

    @Test
    void reportThatFitsNoDatagramOfALinkTravelsOnTheOthers() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.maxDatagramBytes = SMALL_BYTES;
        slave.link(1);
        pair.runFor(SECOND / 2);
        slave.maxDatagramBytes = 1472;
        slave.link(2);
        slave.multiplexer().extension = new byte[ControlPacket.MAX_EXTENSION_BYTES];
        pair.runFor(5 * SECOND);
        assertThat(pair.master.multiplexer().reports)
                .hasSizeBetween(3, 6)
                .allMatch(report -> report.extension().remaining() == ControlPacket.MAX_EXTENSION_BYTES);
        assertThat(pair.master.counter("dropped_malformed")).isZero();
        assertThat(pair.seen)
                .extracting(bytes -> bytes.length)
                .as("a frame in every datagram")
                .doesNotContain(EMPTY_BYTES);
        assertThat(pair.master.node.stats().links()).hasSize(2).allMatch(link -> link.state() == LinkState.UP);
    }
}
