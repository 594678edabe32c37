package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes that the kernel is given, as they are on a little-endian machine. */
class RouteMessageTest {
    private final ByteBuffer out = ByteBuffer.allocate(RouteMessage.MAX_BYTES).order(ByteOrder.nativeOrder());

    @BeforeEach
    void assumeLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    private String hex() {
        byte[] bytes = new byte[out.remaining()];
        out.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void sizes() {
        RouteMessage.writeSizes(out, 7, 5, 1380, 1000);
        assertThat(hex())
                .isEqualTo("30000000" + "1000" + "0500" + "07000000" + "00000000" // length, type, flags, sequence, port
                        + "00" + "00" + "0000" + "05000000" + "00000000" + "00000000" // family, index, flags, mask
                        + "0800" + "0400" + "64050000" // MTU
                        + "0800" + "0d00" + "e8030000"); // queue
    }

    @Test
    void up() {
        RouteMessage.writeUp(out, 8, 5);
        assertThat(hex())
                .isEqualTo("20000000" + "1000" + "0500" + "08000000" + "00000000" + "00" + "00" + "0000" + "05000000"
                        + "01000000" + "01000000");
    }

    @Test
    void ipv4Address() {
        RouteMessage.writeAddress(out, 9, 5, InterfaceAddress.parse("10.10.10.1/30"));
        assertThat(hex())
                .isEqualTo("28000000" + "1400" + "0505" + "09000000" + "00000000"
                        + "02" + "1e" + "00" + "00" + "05000000" // family, prefix, flags, scope, index
                        + "0800" + "0200" + "0a0a0a01" // local
                        + "0800" + "0100" + "0a0a0a01"); // address
    }

    @Test
    void ipv4AddressWithItsPeer() {
        RouteMessage.writeAddress(out, 9, 5, InterfaceAddress.parse("10.10.10.1 peer 10.10.10.2/32"));
        assertThat(hex()).endsWith("02" + "20" + "00" + "00" + "05000000" + "080002000a0a0a01" + "080001000a0a0a02");
    }

    @Test
    void ipv6AddressIsUsableAtOnce() {
        RouteMessage.writeAddress(out, 10, 5, InterfaceAddress.parse("fd00::1/64"));
        assertThat(hex())
                .isEqualTo("40000000" + "1400" + "0505" + "0a000000" + "00000000"
                        + "0a" + "40" + "02" + "00" + "05000000" // no duplicate address detection
                        + "1400" + "0200" + "fd000000000000000000000000000001"
                        + "1400" + "0100" + "fd000000000000000000000000000001");
    }

    @Test
    void oneMessageFollowsAnotherInTheSameBuffer() {
        RouteMessage.writeAddress(out, 10, 5, InterfaceAddress.parse("fd00::1/64"));
        RouteMessage.writeUp(out, 8, 5);
        assertThat(out.remaining()).isEqualTo(32);
    }
}
