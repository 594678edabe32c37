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
    void whatMakesNoSenseIsRefused() {
        assertRefused(Map.of(), "give listen-tcp, forward or socks-listen at one end");
        assertRefused(Map.of("connect-tcp", List.of("h:1", "h:2")), "give connect-tcp once");
        assertRefused(Map.of("listen", List.of("1")), "unknown setting 'listen'; known are allow, connect-tcp");
        assertRefused(Map.of("forward", List.of("1:2")), "forward '1:2': write [BIND:]PORT:HOST:PORT");
        assertRefused(Map.of("forward", List.of("x:h:1")), "forward 'x': the port must be in 0..65535");
        assertRefused(Map.of("listen-tcp", List.of("0"), "socks-users", List.of("/nowhere")), "socks-users /nowhere");
    }

    @Test
    void readsForwardsAsSshDoes() {
        assertThat(Forward.parse("f", "80:example.org:8080"))
                .isEqualTo(new Forward(new Endpoint("127.0.0.1", 80), new Endpoint("example.org", 8080)));
        assertThat(Forward.parse("f", "0.0.0.0:80:10.1.2.3:1"))
                .isEqualTo(new Forward(new Endpoint("0.0.0.0", 80), new Endpoint("10.1.2.3", 1)));
        assertThat(Forward.parse("f", "[::1]:80:[2001:db8::1]:1"))
                .isEqualTo(new Forward(new Endpoint("::1", 80), new Endpoint("2001:db8::1", 1)));
    }

    @Test
    void targetsSurviveBeingNamed() {
        for (Endpoint target : List.of(new Endpoint("example.org", 80), new Endpoint("2001:db8::1", 65_535))) {
            assertThat(Target.parse(Target.name(target))).isEqualTo(target);
        }
        assertThat(Target.parse("tcp")).isNull();
        assertThat(Target.parse("tcp:")).isNull();
        assertThat(Target.parse("tcp:h")).isNull();
        assertThat(Target.parse("tcp:a b:1")).isNull();
        assertThat(Target.parse("udp:h:1")).isNull();
    }

    private static void assertRefused(Map<String, List<String>> options, String why) {
        TunConfig config = new TunConfig(Role.SLAVE, Optional.empty(), List.of(), 1_380, false, options);
        assertThatThrownBy(() -> new TcpTunDeviceProvider().open(config))
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("tun device 'tcp': " + why);
    }
}
