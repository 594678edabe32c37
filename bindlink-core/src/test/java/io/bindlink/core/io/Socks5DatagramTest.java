package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import io.bindlink.core.link.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Socks5DatagramTest {
    @Test
    void writesIpv4AndIpv6Headers() {
        assertThat(hex(Socks5Datagram.header(new InetSocketAddress("192.0.2.1", 4500))))
                .isEqualTo("00000001c00002011194");
        assertThat(hex(Socks5Datagram.header(new InetSocketAddress("2001:db8::1", 4500))))
                .isEqualTo("0000000420010db80000000000000000000000011194");
    }

    @Test
    void everyHeaderItWritesFitsTheHeadroom() {
        assertThat(Socks5Datagram.IPV6_BYTES).isLessThanOrEqualTo(Transmit.HEADROOM_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "00000001 c0000201 1194 aa, 10",
        "00000004 20010db8000000000000000000000001 1194 aa, 22",
        "00000003 05 70686f6e65 1194 aa, 12",
        "00000003 00 1194 aa, 7",
        "00000001 c0000201 1194, -1", // nothing follows
        "00000001 c0000201 11, -1",
        "00000003 ff 70686f6e65 1194 aa, -1",
        "00000003, -1",
        "00000101 c0000201 1194 aa, -1", // a fragment
        "00010001 c0000201 1194 aa, -1", // reserved bytes
        "00000002 c0000201 1194 aa, -1",
        "000000, -1",
        "'', -1",
    })
    void findsTheEndOfTheHeader(String datagram, int bytes) {
        assertThat(Socks5Datagram.headerBytes(ByteBuffer.wrap(HexFormat.of().parseHex(datagram.replace(" ", "")))))
                .isEqualTo(bytes);
    }

    @Test
    void randomAndMutatedInputNeverThrows() {
        byte[] genuine = HexFormat.of().parseHex("00000001c00002011194aa");
        Seeds.forEach(5_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] datagram = genuine.clone();
            if (random.nextBoolean()) {
                datagram = new byte[random.nextInt(300)];
                random.nextBytes(datagram);
                for (int i = 0; i < Math.min(3, datagram.length); i++) {
                    datagram[i] = 0;
                }
            }
            if (datagram.length > 3) {
                datagram[3] = (byte) random.nextInt(6);
            }
            int offset = datagram.length == 0 ? 0 : random.nextInt(datagram.length);
            ByteBuffer buffer = ByteBuffer.wrap(datagram, 0, datagram.length - offset / 8);
            assertThat(Socks5Datagram.headerBytes(buffer)).isBetween(-1, buffer.remaining() - 1);
        });
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
