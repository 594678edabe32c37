package io.bindlink.tun.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A host and a TCP port as the user wrote them, resolved when they are used. Immutable.
 *
 * @param host name or address literal, IPv6 without brackets
 * @param port 0..65,535
 */
record Endpoint(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1"; // an open door for a neighbour should be asked for

    /** Reads {@code HOST:PORT}. */
    static Endpoint parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        host = bracketed ? host.substring(1, host.length() - 1) : host;
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
            throw TcpTunDeviceProvider.invalid(
                    setting + " '" + text + "': write HOST:PORT, or [ADDRESS]:PORT for IPv6");
        }
        return new Endpoint(host, port(setting, text, text.substring(colon + 1), 1));
    }

    /** Reads {@code [ADDRESS:]PORT}. */
    static Endpoint parseLocal(String setting, String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return new Endpoint(LOOPBACK, port(setting, text, text.substring(colon + 1), 0));
        }
        int port = port(setting, text, text.substring(colon + 1), 0);
        return new Endpoint(parse(setting, text.substring(0, colon) + ":1").host(), port);
    }

    /** An address as an endpoint. */
    static Endpoint of(InetSocketAddress address) {
        return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
    }

    /** Looks the host up. */
    InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static int port(String setting, String text, String port, int least) {
        int value = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
        if (value < least || value > 65_535) {
            throw TcpTunDeviceProvider.invalid(setting + " '" + text + "': the port must be in " + least + "..65535");
        }
        return value;
    }
}
