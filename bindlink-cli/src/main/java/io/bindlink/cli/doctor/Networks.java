package io.bindlink.cli.doctor;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The networks this machine is in, and which of them are told apart by nobody. */
final class Networks {
    private static final String BOND = "10.10.10.0";
    private static final int BOND_LENGTH = 30;
    private static final int SMALL_MTU_BYTES = 1280; // RFC 8200 section 5: what IPv6 needs at least

    /**
     * An interface's network.
     *
     * @param device the interface
     * @param address its address there
     * @param length of the prefix
     */
    record Network(String device, InetAddress address, int length) {
        boolean overlaps(Network other) {
            byte[] a = address.getAddress();
            byte[] b = other.address.getAddress();
            if (a.length != b.length) {
                return false;
            }
            for (int bit = 0; bit < Math.min(length, other.length); bit++) {
                int mask = 0x80 >> bit % 8;
                if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + length + " on " + device;
        }
    }

    private Networks() {}

    /** Interfaces that are up and are not loopback. */
    static List<NetworkInterface> interfaces() {
        List<NetworkInterface> found = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    found.add(each);
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return found;
    }

    static List<Network> of(List<NetworkInterface> interfaces) {
        List<Network> networks = new ArrayList<>();
        for (NetworkInterface each : interfaces) {
            for (InterfaceAddress address : each.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address) {
                    networks.add(new Network(each.getName(), address.getAddress(), address.getNetworkPrefixLength()));
                }
            }
        }
        return networks;
    }

    /** Two interfaces in one network: only one of them is ever used. */
    static List<Finding> clashes(List<Network> networks) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            for (Network other : networks.subList(i + 1, networks.size())) {
                Network one = networks.get(i);
                if (one.overlaps(other) && !one.device().equals(other.device())) {
                    findings.add(Finding.failure(
                            "routes",
                            one + " and " + other + " have the same numbers, so only one of the two is reached",
                            "connect one of the phones another way (USB), or change its hotspot's network"));
                }
            }
            bond(networks.get(i)).ifPresent(findings::add);
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok("routes", networks.size() + " networks, none of which clash"));
        }
        return findings;
    }

    private static Optional<Finding> bond(Network network) {
        try {
            Network bond = new Network("the bond", InetAddress.getByName(BOND), BOND_LENGTH);
            if (network.overlaps(bond) && !network.device().startsWith("bindlink")) {
                return Optional.of(Finding.warning(
                        "routes",
                        network + " has the numbers that the bond takes for itself",
                        "give both ends other ones: --tun-address 10.99.0.1/30 and 10.99.0.2/30"));
            }
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // it is a literal
        }
        return Optional.empty();
    }

    /** What each interface carries in a packet. */
    static List<Finding> mtus(List<NetworkInterface> interfaces) {
        List<Finding> findings = new ArrayList<>();
        for (NetworkInterface each : interfaces) {
            try {
                int mtu = each.getMTU();
                if (each.getName().startsWith("bindlink")) {
                    continue;
                }
                findings.add(
                        mtu < SMALL_MTU_BYTES
                                ? Finding.warning(
                                        "mtu",
                                        each.getName() + " carries " + mtu + " bytes at most",
                                        "it works, and costs some of the rate; ip link set " + each.getName()
                                                + " mtu 1500, if the network allows it")
                                : Finding.ok("mtu", each.getName() + " carries " + mtu + " bytes"));
            } catch (SocketException e) {
                // it is gone
            }
        }
        return findings;
    }
}
