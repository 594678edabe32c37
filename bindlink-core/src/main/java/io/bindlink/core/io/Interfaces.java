package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** What is to be known of the system's network interfaces. Immutable; each call looks anew. */
final class Interfaces {
    private static final int DEFAULT_MTU_BYTES = 1500;
    private static final int IPV4_AND_UDP_BYTES = 20 + 8;
    private static final int IPV6_AND_UDP_BYTES = 40 + 8;

    private Interfaces() {}

    /**
     * Addresses of this machine on interfaces that are up.
     *
     * @return of both families, the loopback ones among them
     */
    static Set<InetAddress> localAddresses() throws SocketException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (each.isUp()) {
                addresses.addAll(Collections.list(each.getInetAddresses()));
            }
        }
        return addresses;
    }

    /**
     * The address to send from through an interface.
     *
     * @param name the interface's
     * @param ipv6 which family is wanted
     * @return one of its addresses, a global one if it has any
     * @throws IOException with a line for people when there is none
     */
    static InetAddress address(String name, boolean ipv6) throws IOException {
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            throw new IOException("there is no interface " + name + " (there are " + String.join(", ", names()) + ")");
        }
        if (!found.isUp()) {
            throw new IOException("interface " + name + " is down");
        }
        return found.inetAddresses()
                .filter(address -> address instanceof Inet6Address == ipv6)
                .min(Comparator.comparing(InetAddress::isLinkLocalAddress))
                .orElseThrow(() ->
                        new IOException("interface " + name + " has no " + (ipv6 ? "IPv6" : "IPv4") + " address"));
    }

    /**
     * Largest datagram that leaves an address whole.
     *
     * @param local one of this machine's
     * @param headerBytes what a proxy's header takes of it
     * @return bytes, at most {@link Transmit#MAX_DATAGRAM_BYTES}
     */
    static int maxDatagramBytes(InetAddress local, int headerBytes) {
        int below = local instanceof Inet6Address ? IPV6_AND_UDP_BYTES : IPV4_AND_UDP_BYTES;
        return Math.min(mtuBytes(local) - below - headerBytes, Transmit.MAX_DATAGRAM_BYTES);
    }

    private static int mtuBytes(InetAddress local) {
        try {
            NetworkInterface found = NetworkInterface.getByInetAddress(local);
            return found == null ? DEFAULT_MTU_BYTES : found.getMTU();
        } catch (SocketException e) {
            return DEFAULT_MTU_BYTES;
        }
    }

    private static Set<String> names() throws SocketException {
        Set<String> names = new TreeSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            names.add(each.getName());
        }
        return names;
    }
}
