package io.bindlink.tun.tcp;

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
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void readsWhatUsersWrite() {
        assertThat(Endpoint.parse("c", "example.org:80")).isEqualTo(new Endpoint("example.org", 80));
        assertThat(Endpoint.parse("c", "[2001:db8::1]:80")).isEqualTo(new Endpoint("2001:db8::1", 80));
        assertThat(Endpoint.parseLocal("l", "5000")).isEqualTo(new Endpoint("127.0.0.1", 5000));
        assertThat(Endpoint.parseLocal("l", ":5000")).isEqualTo(new Endpoint("127.0.0.1", 5000));
        assertThat(Endpoint.parseLocal("l", "0.0.0.0:0")).isEqualTo(new Endpoint("0.0.0.0", 0));
        assertThat(Endpoint.parseLocal("l", "[::1]:5000")).isEqualTo(new Endpoint("::1", 5000));
        assertThat(new Endpoint("::1", 5000)).hasToString("[::1]:5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", ":80", "h:", "h:x", "h:0", "h:65536", "h:-1", "::1:80", "h:99999999999", "h: 1"})
    void refusesWhatIsNoHostAndPort(String text) {
        assertThatThrownBy(() -> Endpoint.parse("connect-tcp", text))
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                .hasMessageStartingWith("tun device 'tcp': connect-tcp '" + text + "': ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "65536", "::1:80", "h:"})
    void refusesWhatIsNoPort(String text) {
        assertThatThrownBy(() -> Endpoint.parseLocal("listen-tcp", text)).isInstanceOf(BindlinkException.class);
    }

    @Test
    void exactlyOneEndIsConfigured() {
        assertRefused(Map.of(), "give one of");
        assertRefused(Map.of("listen-tcp", List.of("1"), "connect-tcp", List.of("h:1")), "give one of");
        assertRefused(Map.of("listen-tcp", List.of("1", "2")), "give one of");
        assertRefused(Map.of("listen", List.of("1")), "unknown setting 'listen'");
    }

    private static void assertRefused(Map<String, List<String>> options, String why) {
        TunConfig config = new TunConfig(Role.SLAVE, Optional.empty(), List.of(), 1_380, false, options);
        assertThatThrownBy(() -> new TcpTunDeviceProvider().open(config))
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("tun device 'tcp': " + why);
    }
}
