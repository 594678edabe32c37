package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.cli.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the machine's traffic through the bond, while links and proxies keep their ways out:
 *
 * <pre>
 * priority 14500  links with ?from=, when --route-links is given
 *          14510  the main table, but for its default routes: the local networks stay as they are
 *          14520  a table of ours: what leads to proxies and master goes on to the next rule, the rest into the device
 *          32766  the main table, for those
 * </pre>
 *
 * <p>The table's number names the process, so that what a killed one left is known by the next. Thread-safe.
 */
public final class TrafficRoute implements AutoCloseable {
    private static final String OPTION = "--route";
    private static final int LOCAL_PRIORITY = 14_510;
    static final int BOND_PRIORITY = 14_520;
    private static final String LOCAL_RULE =
            "lookup main suppress_prefixlength 0 priority " + LOCAL_PRIORITY + " protocol " + SourceRoute.PROTOCOL;

    private final Set<Prefix> prefixes;
    private final Set<InetAddress> outside = new LinkedHashSet<>();
    private final List<IpCommand> added = new ArrayList<>();
    private final long table = OurTables.number(OurTables.MAX_NUMBER);
    private boolean closed;

    private record Prefix(InetAddress address, int length) {
        static Prefix parse(String text) {
            int slash = text.indexOf('/');
            Optional<InetAddress> address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
            try {
                int length = slash < 0 ? -1 : Integer.parseInt(text.substring(slash + 1));
                if (address.isPresent()
                        && length >= 0
                        && length <= 8 * address.get().getAddress().length) {
                    return new Prefix(address.get(), length);
                }
            } catch (NumberFormatException e) {
                // the same complaint
            }
            throw new BindlinkException(
                    BindlinkException.Code.USAGE,
                    OPTION + " '" + text + "': write ADDRESS/LENGTH, such as 0.0.0.0/0 or ::/0 for everything");
        }

        boolean ipv6() {
            return address instanceof Inet6Address;
        }

        @Override
        public String toString() {
            return SourceRoute.text(address) + "/" + length;
        }
    }

    private TrafficRoute(Set<Prefix> prefixes) {
        this.prefixes = prefixes;
    }

    /**
     * Routes that are not yet in force.
     *
     * @param prefixes what goes through the bond; none: nothing is changed
     * @param links what must not
     * @return to be closed
     * @throws BindlinkException if one is no prefix
     */
    public static TrafficRoute of(List<String> prefixes, Collection<LinkUri> links) {
        Set<Prefix> parsed = new LinkedHashSet<>();
        prefixes.forEach(text -> parsed.add(Prefix.parse(text)));
        TrafficRoute route = new TrafficRoute(parsed);
        if (!parsed.isEmpty()) {
            links.forEach(link -> route.outside.addAll(addresses(link)));
        }
        return route;
    }

    /** Where a link leads first. */
    private static List<InetAddress> addresses(LinkUri link) {
        try {
            return List.of(InetAddress.getAllByName(link.host()));
        } catch (UnknownHostException e) {
            log().warn("{} {}: {} has no address now, so its link may be led into the bond", OPTION, link, link.host());
            return List.of();
        }
    }

    /** Whether there is anything to do. */
    boolean wanted() {
        return !prefixes.isEmpty();
    }

    /**
     * What would be done, as one would type it.
     *
     * @param device the tun device's name
     * @return commands
     */
    public List<String> commands(String device) {
        List<String> commands = new ArrayList<>();
        additions(device)
                .forEach((ip, each) -> each.forEach(command -> commands.add("ip " + ip.family() + " " + command)));
        return commands;
    }

    private Map<IpCommand, List<String>> additions(String device) {
        Map<IpCommand, List<String>> additions = new LinkedHashMap<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            List<String> commands = new ArrayList<>();
            prefixes.stream()
                    .filter(prefix -> prefix.ipv6() == ipv6)
                    .forEach(prefix -> commands.add("route add " + prefix + " dev " + device + suffix()));
            if (commands.isEmpty()) {
                continue;
            }
            outside.stream()
                    .filter(address -> address instanceof Inet6Address == ipv6)
                    .forEach(address -> commands.add(0, exception("add", address)));
            commands.add("rule add " + LOCAL_RULE);
            commands.add("rule add " + rule(table));
            additions.put(new IpCommand(ipv6 ? "-6" : "-4", OPTION), commands);
        }
        return additions;
    }

    /**
     * Puts the routes into force.
     *
     * @param device the tun device's name
     * @throws BindlinkException if the system refuses; {@link #close} takes back what was done until then
     */
    public synchronized void add(String device) {
        additions(device).forEach((ip, commands) -> {
            if (!closed) {
                added.add(ip); // before it is there: it may be there in part
                ip.change(commands);
                commands.forEach(command -> log().info("changed: ip {} {}", ip.family(), command));
            }
        });
    }

    /**
     * Lets a link that was added later keep its way out.
     *
     * @param link the link
     */
    public synchronized void keepOut(LinkUri link) {
        if (closed || added.isEmpty()) {
            return;
        }
        for (InetAddress address : addresses(link)) {
            IpCommand ip = new IpCommand(address instanceof Inet6Address ? "-6" : "-4", OPTION);
            if (added.contains(ip) && outside.add(address)) {
                ip.change(List.of(exception("add", address)));
                log().info("changed: ip {} {}", ip.family(), exception("add", address));
            }
        }
    }

    /** Takes the routes away. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        for (IpCommand ip : added) {
            List<String> removals = removals(table);
            ip.remove(removals);
            removals.forEach(command -> log().info("changed back: ip {} {}", ip.family(), command));
        }
        added.clear();
    }

    static List<String> removals(long table) {
        return List.of("rule del " + rule(table), "rule del " + LOCAL_RULE, "route flush table " + table);
    }

    private static String rule(long table) {
        return "lookup " + table + " priority " + BOND_PRIORITY + " protocol " + SourceRoute.PROTOCOL;
    }

    private String exception(String verb, InetAddress address) {
        return "route " + verb + " throw " + SourceRoute.text(address) + suffix();
    }

    private String suffix() {
        return " table " + table + " proto " + SourceRoute.PROTOCOL;
    }

    private static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
