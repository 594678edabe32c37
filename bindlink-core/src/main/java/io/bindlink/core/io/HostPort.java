package io.bindlink.core.io;

import io.bindlink.api.BindlinkException;
import java.net.InetSocketAddress;

/**
 * A name or address literal and a port, not resolved. Immutable.
 *
 * @param host IPv6 without brackets
 * @param port 1..65,535
 */
public record HostPort(String host, int port) {
    /** Checks the range. */
    public HostPort {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("host '" + host + "', port " + port);
        }
    }

    /**
     * Reads the usual notation.
     *
     * @param text such as {@code master.example:4500} or {@code [2001:db8::1]:4500}
     * @param what names the setting in a complaint
     * @return host and port
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is neither
     */
    public static HostPort parse(String text, String what) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw invalid(text, what, "put an IPv6 address in brackets: [ADDRESS]:PORT");
        }
        if (host.isEmpty()) {
            throw invalid(text, what, "write HOST:PORT");
        }
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) { // also what parseInt throws
            throw invalid(text, what, "the port must be in 1..65535");
        }
    }

    /**
     * Takes an address apart without looking anything up.
     *
     * @param address resolved or not, with a port over 0
     * @return its name as given, else its literal, and its port
     */
    public static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort());
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static BindlinkException invalid(String text, String what, String why) {
        return new BindlinkException(BindlinkException.Code.CONFIG, what + " '" + text + "': " + why);
    }
}
