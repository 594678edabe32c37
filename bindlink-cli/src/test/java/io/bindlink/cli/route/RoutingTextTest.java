package io.bindlink.cli.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingTextTest {
    private static final List<String> ROUTES = List.of(
            "default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.2 metric 100 ",
            "default via 10.9.9.1 dev wwan0 table 1073742080 proto 145 onlink ",
            "default via 10.0.0.1 dev wwan0 table 100 ",
            "default dev ppp0 scope link ",
            "default proto static metric 9 \\\tnexthop via 10.1.0.1 dev a weight 1 \\\tnexthop via 10.2.0.1 dev b weight 1 ",
            "default via inet6 fe80::1 dev v4over6 ",
            "192.0.2.0/24 via 192.0.2.9 dev wlan0 ");

    @Test
    void gatewayIsThatOfTheInterfacesOwnDefaultRoute() {
        assertThat(RoutingText.gateway(ROUTES, "eth0")).contains("192.0.2.1");
        assertThat(RoutingText.gateway(ROUTES, "wwan0")).contains("10.0.0.1");
        assertThat(RoutingText.gateway(ROUTES, "b")).contains("10.2.0.1");
        assertThat(RoutingText.gateway(ROUTES, "ppp0")).isEmpty();
        assertThat(RoutingText.gateway(ROUTES, "wlan0")).isEmpty();
        assertThat(RoutingText.gateway(ROUTES, "eth")).isEmpty();
    }

    @Test
    void onlyRulesWithOurMarkAreOurs() {
        assertThat(RoutingText.rules(List.of(
                        "0:\tfrom all lookup local ",
                        "14500:\tfrom 192.0.2.7 lookup 1073742081 proto 145 ",
                        "14500:\tfrom 192.0.2.8 lookup 1073742082 proto 146 ",
                        "32766:\tfrom all lookup main ")))
                .containsExactly(new RoutingText.Rule("192.0.2.7", 1_073_742_081L));
    }

    @Test
    void addressGetsItsSubnetItsGatewayAndItsRule() throws UnknownHostException {
        assertThat(route("10.64.3.200", 22, Optional.of("10.64.0.1")).additions(7))
                .containsExactly(
                        "route add 10.64.0.0/22 dev w table 7 proto 145",
                        "route add default via 10.64.0.1 onlink dev w table 7 proto 145",
                        "rule add from 10.64.3.200 lookup 7 priority 14500 protocol 145");
        assertThat(route("2001:db8::77", 64, Optional.empty()).additions(7))
                .containsExactly(
                        "route add 2001:db8:0:0:0:0:0:0/64 dev w table 7 proto 145",
                        "route add default dev w table 7 proto 145",
                        "rule add from 2001:db8:0:0:0:0:0:77 lookup 7 priority 14500 protocol 145");
        assertThat(route("10.0.0.1", 32, Optional.empty()).additions(7))
                .containsExactly(
                        "route add default dev w table 7 proto 145",
                        "rule add from 10.0.0.1 lookup 7 priority 14500 protocol 145");
        assertThat(SourceRoute.removals("10.0.0.1", 7))
                .containsExactly("rule del from 10.0.0.1 lookup 7 priority 14500 protocol 145", "route flush table 7");
    }

    @Test
    void linksWithoutAnAddressOfTheirOwnHaveNoRules() {
        assertThatThrownBy(() -> RouteRules.of(List.of(LinkUri.parse("udp://m:1?dev=w"))))
                .isInstanceOf(BindlinkException.class);
        RouteRules none = RouteRules.none();
        none.add();
        none.close();
    }

    private static SourceRoute route(String address, int prefixLength, Optional<String> gateway)
            throws UnknownHostException {
        return new SourceRoute(InetAddress.getByName(address), "w", prefixLength, gateway);
    }
}
