package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.wire.WireVectors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamDeframerTest {
    private final StreamDeframer deframer = new StreamDeframer();
    private final ByteBuffer into = ByteBuffer.allocate(Inbound.MAX_DATAGRAM_BYTES);

    @Test
    void aStreamCutAtEveryOffsetGivesTheSameDatagrams() {
        List<byte[]> datagrams = List.of(bytes(1, 1), bytes(2, 300), bytes(3, 2), bytes(4, 1472));
        byte[] stream = framed(datagrams);
        for (int cut = 0; cut <= stream.length; cut++) {
            StreamDeframer fresh = new StreamDeframer();
            List<byte[]> found = new ArrayList<>(feed(fresh, stream, 0, cut));
            found.addAll(feed(fresh, stream, cut, stream.length));
            assertThat(found).as("cut at %d", cut).containsExactlyElementsOf(datagrams);
        }
    }

    @Test
    void theDocumentsExampleIsOneDatagram() {
        byte[] stream = WireVectors.bytes("tcp_frame");
        assertThat(feed(deframer, stream, 0, stream.length)).containsExactly(new byte[] {0x20, 0, 1});
    }

    @Test
    void byteByByteGivesTheSameDatagrams() {
        List<byte[]> datagrams = List.of(bytes(1, 1472), bytes(2, 1), bytes(3, 40));
        byte[] stream = framed(datagrams);
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < stream.length; i++) {
            found.addAll(feed(deframer, stream, i, i + 1));
        }
        assertThat(found).containsExactlyElementsOf(datagrams);
        assertThat(deframer.isReady()).isFalse();
    }

    @Test
    void manyDatagramsInPiecesOfAnySizeComeOutAsTheyWentIn() {
        Seeds.forEach(50, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> datagrams = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                datagrams.add(bytes(random.nextLong(), 1 + random.nextInt(random.nextBoolean() ? 60 : 1472)));
            }
            byte[] stream = framed(datagrams);
            StreamDeframer fresh = new StreamDeframer();
            List<byte[]> found = new ArrayList<>();
            for (int at = 0; at < stream.length; ) {
                int end = Math.min(stream.length, at + 1 + random.nextInt(40_000));
                found.addAll(feed(fresh, stream, at, end));
                at = end;
            }
            assertThat(found).containsExactlyElementsOf(datagrams);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1473, 0x2020, 0xFFFF})
    void aLengthThatNoDatagramHasEndsIt(int length) {
        byte[] stream = framed(List.of(bytes(1, 30)));
        assertThat(feed(deframer, stream, 0, stream.length)).hasSize(1);
        byte[] wrong = {(byte) (length >>> 8), (byte) length};
        assertThat(feed(deframer, wrong, 0, 1)).isEmpty();
        assertThat(deframer.malformed()).isFalse();
        assertThat(feed(deframer, wrong, 1, 2)).isEmpty();
        assertThat(deframer.malformed()).isTrue();
        assertThat(feed(deframer, stream, 0, stream.length)).isEmpty();
        assertThat(deframer.isReady()).isFalse();
    }

    @Test
    void randomAndMutatedBytesGiveDatagramsOrAnEndAndNothingElse() {
        Seeds.forEach(300, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] stream = framed(List.of(bytes(seed, 100), bytes(seed + 1, 1472), bytes(seed + 2, 7)));
            int changes = random.nextInt(1, stream.length);
            for (int i = 0; i < changes; i++) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            StreamDeframer fresh = new StreamDeframer();
            int total = 0;
            for (int at = 0; at < stream.length && !fresh.malformed(); ) {
                int end = Math.min(stream.length, at + 1 + random.nextInt(700));
                for (byte[] each : feed(fresh, stream, at, end)) {
                    assertThat(each).hasSizeBetween(1, Transmit.MAX_DATAGRAM_BYTES);
                    total += each.length + 2;
                }
                at = end;
            }
            assertThat(total).isLessThanOrEqualTo(stream.length);
        });
    }

    /** Puts in a piece, as much at a time as there is room for, and takes out what is there. */
    private List<byte[]> feed(StreamDeframer to, byte[] stream, int from, int end) {
        List<byte[]> found = new ArrayList<>();
        int at = from;
        while (at < end && !to.malformed()) {
            ByteBuffer room = to.room();
            assertThat(room.remaining()).isPositive();
            int length = Math.min(room.remaining(), end - at);
            room.put(stream, at, length);
            to.handleRead();
            at += length;
            while (to.poll(into)) {
                byte[] datagram = new byte[into.remaining()];
                into.get(datagram);
                found.add(datagram);
            }
        }
        return found;
    }

    private static byte[] framed(List<byte[]> datagrams) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] each : datagrams) {
            stream.write(each.length >>> 8);
            stream.write(each.length);
            stream.writeBytes(each);
        }
        return stream.toByteArray();
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
