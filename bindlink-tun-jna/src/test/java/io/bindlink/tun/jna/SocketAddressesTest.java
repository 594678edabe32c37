package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketAddressesTest {
    /** Native order is little-endian on all architectures that are supported. */
    @ParameterizedTest
    @CsvSource({
        "2, 192.0.2.7, 4500, 02001194c00002070000000000000000",
        "10, 2001:db8::7, 65535, 0a00ffff0000000020010db800000000000000000000000700000000",
        "10, 192.0.2.7, 4500, 0a0011940000000000000000000000000000ffffc000020700000000",
    })
    void addressesStandAsTheKernelWritesThem(int family, String host, int port, String bytes) throws IOException {
        SocketAddresses addresses = new SocketAddresses(family);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
        byte[] expected = HexFormat.of().parseHex(bytes);
        assertThat(addresses.sizeBytes()).isEqualTo(expected.length);
        for (int i = 0; i < 2; i++) { // made, and remembered
            assertThat(bytesAt(addresses.write(address))).startsWith(expected);
        }
        ByteBuffer told = ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder());
        InetSocketAddress read = addresses.read(told, 0);
        assertThat(read).isEqualTo(address);
        assertThat(addresses.read(told, 0)).isSameAs(read);
    }

    @Test
    void aLinkLocalAddressKeepsItsInterface() throws IOException {
        SocketAddresses addresses = new SocketAddresses(SocketAddresses.AF_INET6);
        byte[] host = InetAddress.getByName("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 7), 1);
        byte[] bytes = bytesAt(addresses.write(address));
        InetSocketAddress read = addresses.read(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0);
        assertThat(((Inet6Address) read.getAddress()).getScopeId()).isEqualTo(7);
    }

    @Test
    void morePeersThanAreRememberedAreToldApart() throws IOException {
        SocketAddresses addresses = new SocketAddresses(SocketAddresses.AF_INET);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1000; i++) {
                InetSocketAddress address = new InetSocketAddress("10.0." + i / 250 + "." + i % 250, 4500 + i % 3);
                byte[] bytes = bytesAt(addresses.write(address));
                assertThat(addresses.read(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0))
                        .isEqualTo(address);
            }
        }
    }

    @Test
    void aSocketOfIpv4TakesNoOther() throws IOException {
        SocketAddresses addresses = new SocketAddresses(SocketAddresses.AF_INET);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 1);
        assertThatThrownBy(() -> addresses.write(address)).isInstanceOf(UnsupportedAddressTypeException.class);
    }

    private static byte[] bytesAt(long address) {
        return new Pointer(address).getByteArray(0, SocketAddresses.MAX_BYTES);
    }
}
