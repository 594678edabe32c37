package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RelayChoiceTest {
    @ParameterizedTest
    @CsvSource({
        // told, proxy, tried in this order
        "192.168.43.1, 192.168.43.1, 192.168.43.1",
        "192.168.43.2, 192.168.43.1, 192.168.43.2 192.168.43.1", // some servers listen elsewhere
        "0.0.0.0, 192.168.43.1, 192.168.43.1",
        "127.0.0.1, 192.168.43.1, 192.168.43.1",
        "127.0.0.2, 127.0.0.1, 127.0.0.2 127.0.0.1",
        "10.0.0.5, 198.51.100.7, 198.51.100.7 10.0.0.5", // behind address translation
        "100.64.3.4, 198.51.100.7, 198.51.100.7 100.64.3.4",
        "169.254.3.4, 198.51.100.7, 198.51.100.7 169.254.3.4",
        "198.51.100.8, 198.51.100.7, 198.51.100.8 198.51.100.7",
        "198.51.100.8, 192.168.43.1, 198.51.100.8 192.168.43.1",
        "224.0.0.1, 192.168.43.1, 192.168.43.1",
        "::, 2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "::1, 2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "fd00::1, 2001:db8::1, 2001:db8:0:0:0:0:0:1 fd00:0:0:0:0:0:0:1",
        "192.0.2.1, 2001:db8::1, 2001:db8:0:0:0:0:0:1", // our socket reaches one family
    })
    void triesTheLikelierAddressFirst(String told, String proxy, String order) throws Exception {
        assertThat(RelayChoice.candidates(InetAddress.getByName(told), 4000, InetAddress.getByName(proxy)).stream()
                        .map(candidate -> candidate.getAddress().getHostAddress())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(order);
    }

    @Test
    void aNameThatCannotBeResolvedLeavesTheProxysOwnAddress() throws Exception {
        InetAddress proxy = InetAddress.getByName("192.168.43.1");
        assertThat(RelayChoice.candidates(null, 4000, proxy)).containsExactly(new InetSocketAddress(proxy, 4000));
    }
}
