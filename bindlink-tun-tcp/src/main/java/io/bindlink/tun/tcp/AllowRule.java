package io.bindlink.tun.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A word of permission, {@code HOST|CIDR[:PORT[-PORT]]}. What counts is the address that is connected to.
 *
 * <ul>
 *   <li>A network permits its addresses; {@link SpecialAddress special} ones only if it has no others, so that
 *       {@code 0.0.0.0/0} opens the internet and not the machine and its neighbours.
 *   <li>A name permits the addresses it has when it is asked for; special ones only if it had them already when the rule
 *       was made. So a name whose owner turns it to an address within reach of this machine opens nothing.
 * </ul>
 *
 * <p>Immutable.
 */
final class AllowRule {
    private final @Nullable Network network;
    private final String host;
    private final Set<InetAddress> specialAddresses;
    private final int firstPort;
    private final int lastPort;

    private AllowRule(
            @Nullable Network network, String host, Set<InetAddress> specialAddresses, int firstPort, int lastPort) {
        this.network = network;
        this.host = host;
        this.specialAddresses = specialAddresses;
        this.firstPort = firstPort;
        this.lastPort = lastPort;
    }

    /** Reads a rule; looks its name up. */
    static AllowRule parse(String text) {
        boolean bracketed = text.startsWith("[");
        int close = text.indexOf(']');
        int colon = bracketed ? text.indexOf(':', Math.max(close, 0)) : text.lastIndexOf(':');
        if (!bracketed && colon >= 0 && text.indexOf(':') != colon) {
            colon = -1; // IPv6 without brackets, and so without a port
        }
        String where = colon < 0 ? text : text.substring(0, colon);
        where = bracketed && where.endsWith("]") ? where.substring(1, where.length() - 1) : where;
        int[] ports = colon < 0 ? new int[] {1, 65_535} : ports(text, text.substring(colon + 1));
        Network network = Network.parse(where);
        boolean name = network == null && where.indexOf('/') < 0 && where.indexOf(':') < 0 && Target.isHost(where);
        if (network == null && !name) {
            throw invalid(text, "write HOST or ADDRESS/LENGTH, and :PORT or :PORT-PORT behind if wanted");
        }
        String host = where.toLowerCase(Locale.ROOT);
        return new AllowRule(network, host, name ? specialAddresses(host) : Set.of(), ports[0], ports[1]);
    }

    private static int[] ports(String text, String range) {
        String[] ends = range.split("-", -1);
        int[] ports = {port(ends[0]), port(ends[ends.length - 1])};
        if (ends.length > 2 || ports[0] < 1 || ports[1] > 65_535 || ports[0] > ports[1]) {
            throw invalid(text, "ports are in 1..65535, the lower one first");
        }
        return ports;
    }

    private static int port(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    }

    private static Set<InetAddress> specialAddresses(String host) {
        try {
            Set<InetAddress> special = new HashSet<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (SpecialAddress.is(address)) {
                    special.add(address);
                }
            }
            return Set.copyOf(special);
        } catch (UnknownHostException e) {
            return Set.of(); // a public name may come up later
        }
    }

    private static RuntimeException invalid(String text, String why) {
        return TcpTunDeviceProvider.invalid("allow '" + text + "': " + why);
    }

    /** Whether it permits a connection to one of the addresses of a host. */
    boolean permits(String askedFor, InetAddress address, int port) {
        if (port < firstPort || port > lastPort) {
            return false;
        }
        boolean special = SpecialAddress.is(address);
        Network rule = network;
        if (rule != null) {
            return rule.contains(address) && (!special || SpecialAddress.covers(rule));
        }
        if (special) {
            return specialAddresses.contains(address);
        }
        return host.equals(askedFor.toLowerCase(Locale.ROOT));
    }
}
