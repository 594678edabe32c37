package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Serial;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers and numbers against {@code docs/wire.md sections 3, 4 and 9}. */
class TransportHeaderTest {
    private static final int OFFSET = 3;

    @Test
    void headerIsWrittenInPlace() {
        byte[] vector = WireVectors.bytes("transport_header");
        byte[] datagram = new byte[OFFSET + TransportHeader.FRAMES_OFFSET + 2];

        TransportHeader.write(datagram, OFFSET, 0x89ABCDEF, 7, (1L << 32) + 1);
        TransportHeader.writeTime(datagram, OFFSET, (1L << 32) - 16);

        assertThat(datagram).startsWith(0, 0, 0).endsWith(0, 0);
        assertThat(Arrays.copyOfRange(datagram, OFFSET, OFFSET + vector.length)).isEqualTo(vector);
    }

    @Test
    void headerIsReadInPlace() {
        byte[] vector = WireVectors.bytes("transport_header");
        byte[] datagram = new byte[OFFSET + vector.length];
        System.arraycopy(vector, 0, datagram, OFFSET, vector.length);

        assertThat(Datagram.type(datagram[OFFSET])).isEqualTo(Datagram.TRANSPORT);
        assertThat(TransportHeader.receiver(datagram, OFFSET)).isEqualTo(0x89ABCDEF);
        assertThat(TransportHeader.linkId(datagram, OFFSET)).isEqualTo(7);
        assertThat(TransportHeader.numberLow(datagram, OFFSET)).isEqualTo(1);
        assertThat(TransportHeader.sentMicrosLow(datagram, OFFSET + TransportHeader.TIME_OFFSET))
                .isEqualTo((1L << 32) - 16);
    }

    @Test
    void aPayloadCosts31BytesBesidesItsMultiplexersOwn() {
        assertThat(TransportHeader.OVERHEAD_BYTES + FrameWriter.PAYLOAD_OVERHEAD_BYTES)
                .isEqualTo(31);
    }

    @ParameterizedTest
    @CsvSource({"0, 20", "1, 24", "2, 28", "3, 2c", "4, 30"})
    void firstByteTellsVersionAndType(int type, String hex) {
        byte first = (byte) Integer.parseInt(hex, 16);

        assertThat(Datagram.firstByte(Datagram.VERSION, type)).isEqualTo(first);
        assertThat(Datagram.type(first)).isEqualTo(type);
        assertThat(Datagram.version(first)).isEqualTo(1);
    }

    @Test
    void firstByteOfTheLastVersionAndTypeIsReadDespiteItsSign() {
        assertThat(Datagram.version((byte) 0xFF)).isEqualTo(7);
        assertThat(Datagram.type((byte) 0xFF)).isEqualTo(7);
        assertThat(Datagram.speaks(0)).isFalse();
        assertThat(Datagram.speaks(1)).isTrue();
        assertThat(Datagram.speaks(2)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"expand_packet_number, 4", "expand_sequence, 3", "expand_time, 4"})
    void lowBitsExpandToTheNearestNumber(String name, int lowBytes) {
        List<byte[]> cases = WireVectors.lines(name);

        assertThat(cases).isNotEmpty().allSatisfy(line -> {
            ByteBuffer in = ByteBuffer.wrap(line);
            long reference = in.getLong();
            long low = 0;
            for (int i = 0; i < lowBytes; i++) {
                low = low << 8 | Unsigned.u8(in);
            }
            assertThat(Serial.expand(reference, low, 8 * lowBytes)).isEqualTo(in.getLong());
            assertThat(in.hasRemaining()).isFalse();
        });
    }
}
