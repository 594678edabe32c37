package io.bindlink.tun.jna;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address an interface is given, written as {@code ip address add} takes it: {@code 10.10.10.1/30}, {@code
 * fd00::1/64}, or {@code 10.10.10.1 peer 10.10.10.2/32}, where the prefix is the peer's. Immutable.
 *
 * @param local this end's address
 * @param peer the other end's, or null when the prefix says all
 * @param prefixBits 1..32 or 1..128
 */
record InterfaceAddress(InetAddress local, @Nullable InetAddress peer, int prefixBits) {
    private static final Pattern FORM =
            Pattern.compile("([0-9A-Fa-f.:]+)(?:\\s+peer\\s+([0-9A-Fa-f.:]+))?/([0-9]{1,3})");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /**
     * Reads an address; no name server is asked.
     *
     * @throws IllegalArgumentException with what is wrong, fit to follow the text
     */
    static InterfaceAddress parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("is not an address with a prefix length, such as 10.10.10.1/30");
        }
        InetAddress local = literal(form.group(1));
        String peerText = form.group(2);
        InetAddress peer = peerText == null ? null : literal(peerText);
        if (peer != null && peer.getClass() != local.getClass()) {
            throw new IllegalArgumentException("mixes IPv4 and IPv6");
        }
        int prefixBits = Integer.parseInt(form.group(3));
        int maxBits = local.getAddress().length * 8;
        if (prefixBits < 1 || prefixBits > maxBits) {
            throw new IllegalArgumentException("has a prefix length that is not in 1.." + maxBits);
        }
        return new InterfaceAddress(local, peer, prefixBits);
    }

    private static InetAddress literal(String text) {
        boolean ipv6 = text.contains(":"); // then getByName takes it for an IPv6 literal and resolves nothing
        if (ipv6 || IPV4.matcher(text).matches()) {
            try {
                InetAddress address = InetAddress.getByName(text);
                if (address instanceof Inet6Address == ipv6 && isOneHost(address)) {
                    return address;
                }
            } catch (UnknownHostException e) {
                // told below
            }
        }
        throw new IllegalArgumentException("has no valid address of one host");
    }

    private static boolean isOneHost(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }

    boolean isIpv6() {
        return local instanceof Inet6Address;
    }

    @Override
    public String toString() {
        String peerText = peer == null ? "" : " peer " + peer.getHostAddress();
        return local.getHostAddress() + peerText + "/" + prefixBits;
    }
}
