package io.bindlink.tun.tcp;

import java.net.InetAddress;

/**
 * Addresses that mean something else at each place, and that a stranger must not reach by chance: those of RFC 6890 and its
 * registries that are not globally reachable, and IPv6 forms with an IPv4 address inside, behind which any of them may
 * hide.
 */
final class SpecialAddress {
    private static final Network[] NETWORKS = {
        Network.of("0.0.0.0/8"), // this network; 0.0.0.0 reaches the machine itself
        Network.of("10.0.0.0/8"),
        Network.of("100.64.0.0/10"), // behind a carrier's NAT
        Network.of("127.0.0.0/8"),
        Network.of("169.254.0.0/16"), // link-local; clouds tell their secrets here
        Network.of("172.16.0.0/12"),
        Network.of("192.0.0.0/24"),
        Network.of("192.0.2.0/24"),
        Network.of("192.88.99.0/24"),
        Network.of("192.168.0.0/16"),
        Network.of("198.18.0.0/15"),
        Network.of("198.51.100.0/24"),
        Network.of("203.0.113.0/24"),
        Network.of("224.0.0.0/3"), // multicast, reserved, broadcast
        Network.of("::/8"), // unspecified, loopback, IPv4-compatible, IPv4-mapped, NAT64
        Network.of("64:ff9b::/96"),
        Network.of("64:ff9b:1::/48"),
        Network.of("100::/64"),
        Network.of("2001::/23"), // Teredo among others
        Network.of("2001:db8::/32"),
        Network.of("2002::/16"), // 6to4
        Network.of("fc00::/7"),
        Network.of("fe80::/9"), // link-local and site-local
        Network.of("ff00::/8")
    };

    private SpecialAddress() {}

    /** Whether an address must be allowed by a network that has nothing but such addresses. */
    static boolean is(InetAddress address) {
        for (Network special : NETWORKS) {
            if (special.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of a network is within one kind of such addresses. */
    static boolean covers(Network network) {
        for (Network special : NETWORKS) {
            if (special.contains(network)) {
                return true;
            }
        }
        return false;
    }
}
