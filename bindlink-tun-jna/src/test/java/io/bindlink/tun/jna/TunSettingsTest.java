package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunSettingsTest {
    private static TunConfig config(String name, int mtuBytes, String... addresses) {
        return new TunConfig(Role.MASTER, Optional.of(name), List.of(addresses), mtuBytes, false, Map.of());
    }

    private static void assertInvalid(TunConfig config, String message) {
        assertThatThrownBy(() -> new JnaTunDeviceProvider().open(config))
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                .hasMessage("tun device 'jna': " + message);
    }

    @Test
    void defaults() {
        TunSettings master = TunSettings.of(TunConfig.of(Role.MASTER));
        assertThat(master.name()).isEqualTo("bindlink%d");
        assertThat(master.mtuBytes()).isEqualTo(1380);
        assertThat(master.addresses()).hasToString("[10.10.10.1/30]");
        assertThat(TunSettings.of(TunConfig.of(Role.SLAVE)).addresses()).hasToString("[10.10.10.2/30]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "tun0", "wan.7", "a_b-c@d", "tun%d", "x%dy", "...", "123456789012345"})
    void goodNames(String name) {
        assertThat(TunSettings.of(config(name, 1380)).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "tun%s", "%", "tun%d%d", "tün0", "a\nb", "a\u0000b"})
    void badNames(String name) {
        assertInvalid(config(name, 1380), "name '" + name + "' is not one of letters, digits, '.', '_', '-' and '@'");
    }

    @Test
    void namesOfMoreThanFifteenCharacters() {
        assertInvalid(config("1234567890123456", 1380), "name '1234567890123456' is longer than 15 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.10.10.1/30|10.10.10.1/30",
                " 10.0.0.1/8 |10.0.0.1/8",
                "10.0.0.1 peer 10.0.0.2/32|10.0.0.1 peer 10.0.0.2/32",
                "fd00::1/64|fd00:0:0:0:0:0:0:1/64",
                "FE80::1/10|fe80:0:0:0:0:0:0:1/10",
                "fd00::1 peer fd00::2/128|fd00:0:0:0:0:0:0:1 peer fd00:0:0:0:0:0:0:2/128",
            })
    void goodAddresses(String text, String meaning) {
        assertThat(TunSettings.of(config("tun0", 1380, text)).addresses()).hasToString("[" + meaning + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.10.10.1|is not an address with a prefix length, such as 10.10.10.1/30",
                "localhost/8|is not an address with a prefix length, such as 10.10.10.1/30",
                "10.10.10.1/|is not an address with a prefix length, such as 10.10.10.1/30",
                "fe80::1%lo/64|is not an address with a prefix length, such as 10.10.10.1/30",
                "10.10.10/24|has no valid address of one host",
                "10.10.10.256/24|has no valid address of one host",
                "10.10.10.010.1/24|has no valid address of one host",
                "fd00:::1/64|has no valid address of one host",
                "::ffff:10.0.0.1/96|has no valid address of one host",
                "abc/24|has no valid address of one host",
                "0.0.0.0/8|has no valid address of one host",
                "ff02::1/64|has no valid address of one host",
                "10.10.10.1/33|has a prefix length that is not in 1..32",
                "10.10.10.1/0|has a prefix length that is not in 1..32",
                "fd00::1/129|has a prefix length that is not in 1..128",
                "10.0.0.1 peer fd00::1/64|mixes IPv4 and IPv6",
            })
    void badAddresses(String text, String message) {
        assertInvalid(config("tun0", 1380, text), "address '" + text + "' " + message);
    }

    @Test
    void addressesGivenTwice() {
        assertInvalid(
                config("tun0", 1380, "10.0.0.1/30", "fd00::1/64", "10.0.0.1/24"),
                "an address is given twice among 10.0.0.1/30, fd00::1/64, 10.0.0.1/24");
    }

    @Test
    void ipv6NeedsRoom() {
        assertThat(TunSettings.of(config("tun0", 1280, "fd00::1/64")).addresses())
                .hasSize(1);
        assertInvalid(
                config("tun0", 1279, "fd00::1/64"),
                "address 'fd00::1/64' needs an MTU of at least 1280, and it is 1279");
    }

    @Test
    void settingsItDoesNotHave() {
        assertInvalid(
                new TunConfig(Role.MASTER, Optional.empty(), List.of(), 1380, false, Map.of("speed", List.of("high"))),
                "unknown setting 'speed'; it has none");
    }
}
