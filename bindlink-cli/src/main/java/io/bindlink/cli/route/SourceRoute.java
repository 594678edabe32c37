package io.bindlink.cli.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way that packets from one local address shall take: through the interface that has the address. Immutable.
 *
 * @param address the local address
 * @param device its interface
 * @param prefixLength length of its subnet's prefix
 * @param gateway the interface's default gateway; empty: everything is to be reached directly
 */
record SourceRoute(InetAddress address, String device, int prefixLength, Optional<String> gateway) {
    /** Marks what is ours among routes and rules; no routing daemon in iproute2's list has this number. */
    static final int PROTOCOL = 145;

    private static final int PRIORITY = 14_500; // before the main table's 32766

    /** Commands that put it into force, in a table of its own, as {@code ip -batch} takes them. */
    List<String> additions(long table) {
        List<String> commands = new ArrayList<>();
        if (prefixLength < 8 * address.getAddress().length) {
            commands.add("route add " + subnet() + " dev " + device + suffix(table));
        }
        // Some gateways are outside of the subnet: they are reached directly all the same.
        String via = gateway.map(found -> "via " + found + " onlink ").orElse("");
        commands.add("route add default " + via + "dev " + device + suffix(table));
        commands.add("rule add " + rule(text(address), table));
        return commands;
    }

    /** Commands that take a rule and its table away. */
    static List<String> removals(String address, long table) {
        return List.of("rule del " + rule(address, table), "route flush table " + table);
    }

    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private static String rule(String address, long table) {
        return "from " + address + " lookup " + table + " priority " + PRIORITY + " protocol " + PROTOCOL;
    }

    private static String suffix(long table) {
        return " table " + table + " proto " + PROTOCOL;
    }

    private String subnet() {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return text(InetAddress.getByAddress(bytes)) + "/" + prefixLength;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // it is as long as an address
        }
    }
}
