package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InboundTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 4500);

    private final Inbound inbound = new Inbound();

    @Test
    void aTrainIsCutAndItsLastDatagramMayBeShorter() {
        arrive(new byte[] {1, 2, 3, 4, 5, 6, 7}, 3, (source, datagram) -> true);
        assertThat(datagrams()).containsExactly(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7));
        assertThat(inbound.source(2)).isEqualTo(SOURCE);
    }

    @Test
    void trainsStandOneBehindTheOther() {
        arrive(new byte[] {1, 2}, 1, (source, datagram) -> true);
        arrive(new byte[] {3}, 1, (source, datagram) -> true);
        assertThat(datagrams()).containsExactly(List.of(1), List.of(2), List.of(3));
        inbound.clear();
        arrive(new byte[] {4}, 1, (source, datagram) -> true);
        assertThat(datagrams()).containsExactly(List.of(4));
    }

    @Test
    void headersAreSkippedAndStrangersLeftOut() {
        arrive(new byte[] {9, 1, 8, 2, 9, 3}, 2, (source, datagram) -> datagram.get() == 9);
        assertThat(datagrams()).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void anEmptyDatagramIsOneToo() {
        arrive(new byte[0], 0, (source, datagram) -> true);
        assertThat(datagrams()).containsExactly(List.of());
    }

    @Test
    void whatIsTooLongForADatagramOfOursIsCutOff() {
        arrive(new byte[60_000], 60_000, (source, datagram) -> true);
        assertThat(inbound.datagram(0).remaining()).isEqualTo(Inbound.MAX_DATAGRAM_BYTES);
    }

    @Test
    void thereIsRoomForAWholeTrainWheneverItSaysSo() {
        while (inbound.hasRoom()) {
            arrive(new byte[65_535], 65_535, (source, datagram) -> true);
        }
        assertThat(inbound.count()).isEqualTo(2);
        inbound.clear();
        while (inbound.hasRoom()) {
            arrive(new byte[128], 1, (source, datagram) -> true);
        }
        assertThat(inbound.count()).isEqualTo(128);
        inbound.clear();
        arrive(new byte[65_535], 1, (source, datagram) -> true); // no kernel does this
        assertThat(inbound.count()).isEqualTo(256);
    }

    private void arrive(byte[] bytes, int datagramBytes, Inbound.Filter filter) {
        inbound.arrivals().put(bytes).flip();
        inbound.take(SOURCE, datagramBytes, filter);
    }

    private List<List<Integer>> datagrams() {
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < inbound.count(); i++) {
            List<Integer> one = new ArrayList<>();
            ByteBuffer datagram = inbound.datagram(i);
            while (datagram.hasRemaining()) {
                one.add((int) datagram.get());
            }
            all.add(one);
        }
        return all;
    }
}
