package io.bindlink.tun.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 1.1.1.1, 80, true",
        "0.0.0.0/0, 2606:4700::1111, 80, false",
        "::/0, 2606:4700::1111, 80, true",
        "0.0.0.0/0:443, 1.1.1.1, 443, true",
        "0.0.0.0/0:443, 1.1.1.1, 80, false",
        "0.0.0.0/0:1000-2000, 1.1.1.1, 2000, true",
        "0.0.0.0/0:1000-2000, 1.1.1.1, 2001, false",
        "1.1.1.0/24, 1.1.1.255, 1, true",
        "1.1.1.0/24, 1.1.2.0, 1, false",
        "1.1.0.0/17, 1.1.127.1, 1, true",
        "1.1.0.0/17, 1.1.128.1, 1, false",
        "1.1.1.1, 1.1.1.1, 1, true",
        "10.0.0.0/8, 10.2.3.4, 1, true",
        "10.1.2.3:5201, 10.1.2.3, 5201, true",
        "127.0.0.1:5201, 127.0.0.1, 5201, true",
        "127.0.0.0/8, 127.0.0.53, 53, true",
        "[::1]:80, ::1, 80, true",
        "[fd00::/8]:80, fd12::1, 80, true",
        "fd00::/8, fd12::1, 80, true",
        "::ffff:10.1.2.3, 10.1.2.3, 80, true",
        "localhost:80, 127.0.0.1, 80, true",
        "localhost:80, 127.0.0.1, 81, false",
    })
    void permitsWhatItSays(String rule, String address, int port, boolean permitted) throws UnknownHostException {
        AllowList list = AllowList.parse(List.of(rule));
        assertThat(list.permits(address, InetAddress.getByName(address), port)).isEqualTo(permitted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::10.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "fc00::1",
                "fd00::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void wideRulesDoNotOpenWhatIsNear(String address) throws UnknownHostException {
        AllowList list = AllowList.parse(List.of("0.0.0.0/0", "::/0", "0.0.0.0/1", "::/1", "128.0.0.0/1", "8000::/1"));
        assertThat(list.permits("name.example", InetAddress.getByName(address), 80))
                .isFalse();
    }

    @Test
    void nameOpensWhatIsAskedForByItButNotWhatIsNear() throws UnknownHostException {
        AllowList list = AllowList.parse(List.of("Host.Invalid:443"));
        assertThat(list.permits("host.invalid", InetAddress.getByName("1.1.1.1"), 443))
                .isTrue();
        assertThat(list.permits("other.invalid", InetAddress.getByName("1.1.1.1"), 443))
                .isFalse();
        assertThat(list.permits("host.invalid", InetAddress.getByName("10.0.0.1"), 443))
                .as("a name that was turned to an address nearby")
                .isFalse();
        assertThat(list.permits("host.invalid", InetAddress.getByName("::ffff:127.0.0.1"), 443))
                .isFalse();
    }

    @Test
    void nothingIsAllowedUnlessSomethingSaysSo() throws UnknownHostException {
        assertThat(AllowList.parse(List.of()).permits("h", InetAddress.getByName("1.1.1.1"), 80))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "h:",
                "h:0",
                "h:65536",
                "h:2-1",
                "h:1-2-3",
                "h:x",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/x",
                "h/8",
                "[::1",
                "a b",
                "[::1]:x"
            })
    void nonsenseIsToldInOneLine(String rule) {
        assertThatThrownBy(() -> AllowRule.parse(rule))
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("tun device 'tcp': allow '" + rule + "': ");
    }
}
