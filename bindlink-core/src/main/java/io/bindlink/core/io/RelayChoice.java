package io.bindlink.core.io;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a SOCKS5 relay may listen, given what the proxy says and where the proxy is. Immutable. */
final class RelayChoice {
    private RelayChoice() {}

    /**
     * The addresses to try, the likelier one first. Proxies often do not know their own address: behind address
     * translation they name one that nobody else can reach.
     *
     * @param told the relay's address in the proxy's reply; null when it could not be resolved
     * @param port the relay's port in the reply
     * @param proxy the proxy's address, of the family that our socket can reach
     * @return one or two different addresses
     */
    static List<InetSocketAddress> candidates(@Nullable InetAddress told, int port, InetAddress proxy) {
        InetSocketAddress atProxy = new InetSocketAddress(proxy, port);
        if (told == null || told.equals(proxy) || useless(told, proxy)) {
            return List.of(atProxy);
        }
        InetSocketAddress asTold = new InetSocketAddress(told, port);
        return isPrivate(told) && !isPrivate(proxy) ? List.of(atProxy, asTold) : List.of(asTold, atProxy);
    }

    private static boolean useless(InetAddress told, InetAddress proxy) {
        return told.isAnyLocalAddress()
                || told.isMulticastAddress()
                || (told.isLoopbackAddress() && !proxy.isLoopbackAddress())
                || told instanceof Inet4Address != proxy instanceof Inet4Address;
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 64; // 100.64/10, RFC 6598
        boolean unique = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC; // fc00::/7, RFC 4193
        return shared
                || unique
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isLoopbackAddress();
    }
}
