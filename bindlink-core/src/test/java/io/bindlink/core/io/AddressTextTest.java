package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:db8::7, 2001:db8:0:0:0:0:0:7",
    })
    void literalsAreRead(String text, String address) {
        assertThat(AddressLiteral.parse(text).getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "phone", "1.2.3", "999.1.1.1", "1.2.3.4.5", "::g", ":", "1:2", "::1::2", "cafe", "12"})
    void whatIsNoLiteralIsNotLookedUp(String text) {
        assertThat(AddressLiteral.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "master.example:4500, master.example, 4500",
        "'[2001:db8::1]:7', 2001:db8::1, 7",
        "10.0.0.1:65535, 10.0.0.1, 65535"
    })
    void hostAndPortAreRead(String text, String host, int port) {
        HostPort read = HostPort.parse(text, "proxy target");
        assertThat(read).isEqualTo(new HostPort(host, port));
        assertThat(read).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "master, proxy target 'master': write HOST:PORT",
        ":4500, proxy target ':4500': write HOST:PORT",
        "master:0, proxy target 'master:0': the port must be in 1..65535",
        "master:65536, proxy target 'master:65536': the port must be in 1..65535",
        "master:x, proxy target 'master:x': the port must be in 1..65535",
        "2001:db8::1:4500, 'proxy target ''2001:db8::1:4500'': put an IPv6 address in brackets: [ADDRESS]:PORT'",
    })
    void aMistakeIsNamedInOneLine(String text, String line) {
        assertThatThrownBy(() -> HostPort.parse(text, "proxy target"))
                .isInstanceOf(BindlinkException.class)
                .hasMessage(line);
    }

    @Test
    void anAddressIsTakenApartWithoutLookingItUp() {
        assertThat(HostPort.of(InetSocketAddress.createUnresolved("no.such.host.invalid", 7)))
                .hasToString("no.such.host.invalid:7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "socks5+tcp://m:1 | link 'socks5+tcp://m:1': a proxy must be told where to send; set the proxy target,"
                        + " the master's HOST:PORT",
                "http://u@m:1 | link 'http://m:1': a proxy must be told where to send; set the proxy target,"
                        + " the master's HOST:PORT",
                "tcp://m:1?from=wlan0 | link 'tcp://m:1?from=wlan0': 'wlan0' is not an IP address to send from",
                "udp://m:1?from=wlan0 | link 'udp://m:1?from=wlan0': 'wlan0' is not an IP address to send from",
                "udp://m:1?from=10.0.0.1&dev=wlan0"
                        + " | link 'udp://m:1?from=10.0.0.1&dev=wlan0': give either from or dev, not both",
                "socks5://u@m:1 | link 'socks5://m:1': a proxy must be told where to send; set the proxy target,"
                        + " the master's HOST:PORT",
            })
    void aLinkThatCannotWorkIsRefusedAtOnce(String uri, String line) {
        assertThatThrownBy(() -> LinkCheck.check(LinkUri.parse(uri), null))
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                .hasMessage(line);
    }
}
