package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.cli.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy rule and a routing table for each local address that links leave from, so that they leave through the
 * interface that has the address; the kernel would else send everything by its one default route. Thread-safe.
 */
public final class RouteRules implements AutoCloseable {
    private final Set<InetAddress> sources;
    private final List<Added> added = new ArrayList<>();
    private boolean closed;

    private record Added(IpCommand ip, String address, long table) {}

    private RouteRules(Set<InetAddress> sources) {
        this.sources = sources;
    }

    /**
     * No rules at all.
     *
     * @return rules that change nothing
     */
    public static RouteRules none() {
        return new RouteRules(Set.of());
    }

    /**
     * Rules for the links that have a {@code ?from=}.
     *
     * @param links all links
     * @return rules that are not yet in force
     * @throws BindlinkException if no link has one
     */
    public static RouteRules of(Collection<LinkUri> links) {
        Set<InetAddress> sources = new LinkedHashSet<>();
        for (LinkUri link : links) {
            link.from().flatMap(IpLiteral::parse).ifPresent(sources::add);
        }
        if (sources.isEmpty()) {
            throw new BindlinkException(
                    BindlinkException.Code.USAGE, "--route-links needs links with ?from=ADDRESS, and there are none");
        }
        return new RouteRules(sources);
    }

    /** Whether there is anything to do. */
    boolean wanted() {
        return !sources.isEmpty();
    }

    /**
     * What would be done, as one would type it.
     *
     * @return commands
     */
    List<String> commands() {
        List<String> commands = new ArrayList<>();
        long number = 0;
        for (InetAddress source : sources) {
            IpCommand ip = new IpCommand(source instanceof Inet6Address ? "-6" : "-4", "--route-links");
            long table = OurTables.number(++number);
            route(source, ip.show("route", "show", "table", "all"))
                    .ifPresent(found -> found.additions(table)
                            .forEach(command -> commands.add("ip " + ip.family() + " " + command)));
        }
        return commands;
    }

    /**
     * Puts the rules into force.
     *
     * @throws BindlinkException if the system refuses; {@link #close} takes back what was done until then
     */
    public synchronized void add() {
        for (boolean ipv6 : new boolean[] {false, true}) {
            List<InetAddress> ours = sources.stream()
                    .filter(source -> source instanceof Inet6Address == ipv6)
                    .toList();
            if (!ours.isEmpty() && !closed) {
                IpCommand ip = new IpCommand(ipv6 ? "-6" : "-4", "--route-links");
                List<String> routes = ip.show("route", "show", "table", "all");
                ours.forEach(source -> add(ip, source, routes));
            }
        }
    }

    /** Takes the rules away. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Added each : added) {
            List<String> removals = SourceRoute.removals(each.address(), each.table());
            each.ip().remove(removals);
            removals.forEach(
                    command -> log().info("changed back: ip {} {}", each.ip().family(), command));
        }
        added.clear();
    }

    private void add(IpCommand ip, InetAddress source, List<String> routes) {
        Optional<SourceRoute> found = route(source, routes);
        if (found.isEmpty()) {
            log().warn(
                            "no interface has the address {}: its links take the default route until the next start",
                            SourceRoute.text(source));
            return;
        }
        long table = OurTables.number(added.size() + 1L);
        added.add(new Added(ip, SourceRoute.text(source), table)); // before it is there: it may be there in part
        List<String> commands = found.get().additions(table);
        ip.change(commands);
        commands.forEach(command -> log().info("changed: ip {} {}", ip.family(), command));
        log().info(
                        "what leaves from {} leaves through {}{}",
                        SourceRoute.text(source),
                        found.get().device(),
                        found.get().gateway().map(gateway -> ", by " + gateway).orElse(""));
    }

    private static Optional<SourceRoute> route(InetAddress source, List<String> routes) {
        try {
            NetworkInterface device = NetworkInterface.getByInetAddress(source);
            if (device == null) {
                return Optional.empty();
            }
            int prefixLength = device.getInterfaceAddresses().stream()
                    .filter(each -> SourceRoute.text(each.getAddress()).equals(SourceRoute.text(source)))
                    .mapToInt(InterfaceAddress::getNetworkPrefixLength)
                    .findFirst()
                    .orElse(8 * source.getAddress().length);
            Optional<String> gateway = RoutingText.gateway(routes, device.getName());
            return Optional.of(new SourceRoute(source, device.getName(), prefixLength, gateway));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
