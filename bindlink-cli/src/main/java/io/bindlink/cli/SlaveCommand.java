package io.bindlink.cli;

import io.bindlink.api.Link;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.cli.join.JoinOptions;
import io.bindlink.cli.route.Changes;
import io.bindlink.cli.route.RouteRules;
import io.bindlink.cli.route.TrafficRoute;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bindlink slave}: the end with several poor connections. */
@Command(
        name = "slave",
        description = "Runs the end with several poor connections; it reaches out to the master through each.",
        mixinStandardHelpOptions = true)
public final class SlaveCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Mixin
    private final JoinOptions join = new JoinOptions();

    @Option(
            names = "--proxy-target",
            paramLabel = "HOST:PORT",
            description = "The master, as the proxies see it. Default: as the join line says.")
    private @Nullable String proxyTarget;

    @Option(
            names = "--proxies",
            split = ",",
            paramLabel = "[USER@]HOST:PORT",
            description = "SOCKS5 servers, such as phones: each is a link to the proxy target.")
    private List<String> proxies = List.of();

    @Option(
            names = "--proxy-password-file",
            paramLabel = "FILE",
            description = "Its first line is the password for the proxies that have a user name.")
    private @Nullable Path proxyPasswordFile;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Addresses of the master: each is a link by plain UDP.")
    private List<String> targets = List.of();

    @Option(
            names = "--link",
            paramLabel = "URI",
            description =
                    "A link, such as udp://master:4500?dev=wwan0 or socks5://user@phone:1080?password-file=F. May be"
                            + " repeated.")
    private List<String> links = List.of();

    @Option(
            names = "--route-links",
            description = "While running, send what leaves from the address of a link with ?from=ADDRESS through the"
                    + " interface that has it. Needs root or CAP_NET_ADMIN.")
    private boolean routeLinks;

    @Option(
            names = "--route",
            split = ",",
            paramLabel = "PREFIX",
            description =
                    "While running, send these through the bond, such as 0.0.0.0/0,::/0 for everything; links keep their"
                            + " ways out. Needs root or CAP_NET_ADMIN.")
    private List<String> routes = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up, with exit code 6, when the master was not reached by then. Default: 0, never.")
    private int timeoutSeconds;

    /** Made by picocli. */
    public SlaveCommand() {}

    @Override
    public Integer call() throws Exception {
        if (timeoutSeconds < 0) {
            throw NodeOptions.usage("--timeout " + timeoutSeconds + " is under 0");
        }
        Optional<JoinLine> master = master();
        List<LinkUri> uris = uris(master);
        RouteRules rules = routeLinks ? RouteRules.of(uris) : RouteRules.none();
        return new NodeRun(
                        Role.SLAVE,
                        builder(master, uris),
                        node,
                        changes(rules, uris),
                        Duration.ofSeconds(timeoutSeconds))
                .untilStopped(slave ->
                        "slave started, links: " + names(slave.linkMap().links()));
    }

    private Changes changes(RouteRules rules, List<LinkUri> uris) {
        if (!routes.isEmpty()) {
            node.requireDevice("--route");
        }
        return new Changes(rules, TrafficRoute.of(routes, uris), node.nat(Role.SLAVE));
    }

    /**
     * The slave these options ask for.
     *
     * @return a builder, not yet started
     */
    public BindlinkBuilder builder() {
        Optional<JoinLine> master = master();
        return builder(master, uris(master));
    }

    /** What the join line says of the master; empty if it is told of by single options. */
    private Optional<JoinLine> master() {
        Optional<PresharedKey> key = node.key();
        if (key.isPresent()) {
            if (join.given()) {
                throw NodeOptions.usage("the join line has the key already: give it or --key-file, not both");
            }
            return Optional.empty();
        }
        JoinLine line = join.line()
                .orElseThrow(() -> NodeOptions.usage(
                        "a slave needs the line that its master prints: --join LINE, --join-file FILE or BINDLINK_JOIN in"
                                + " the environment; or --key-file FILE"));
        join.openFile().ifPresent(file -> node.warnOfOpen("join file", file));
        return Optional.of(line);
    }

    private BindlinkBuilder builder(Optional<JoinLine> master, List<LinkUri> uris) {
        BindlinkBuilder builder = node.apply(Bindlink.slave(), Role.SLAVE);
        master.ifPresentOrElse(builder::join, () -> node.key().ifPresent(builder::key));
        if (proxyTarget != null) {
            builder.proxyTarget(proxyTarget);
        }
        uris.forEach(builder::link);
        return builder;
    }

    private List<LinkUri> uris(Optional<JoinLine> master) {
        if (proxies.isEmpty() && targets.isEmpty() && links.isEmpty()) {
            if (master.isPresent()) {
                return List.of(LinkUri.parse("udp://" + master.get().master()));
            }
            throw NodeOptions.usage("a slave needs links: give --proxies, --targets or --link");
        }
        if (!proxies.isEmpty() && proxyTarget == null && master.isEmpty()) {
            throw NodeOptions.usage("--proxies needs --proxy-target HOST:PORT, the master as the proxies see it");
        }
        LinkList list = new LinkList(proxyPasswordFile);
        List<LinkUri> uris = new ArrayList<>();
        proxies.forEach(proxy -> uris.add(list.proxy(proxy)));
        targets.forEach(target -> uris.add(LinkList.target(target)));
        links.forEach(link -> uris.add(list.link(link)));
        return uris;
    }

    private static String names(List<Link> links) {
        return links.stream().map(link -> link.uri().toString()).collect(Collectors.joining(", "));
    }
}
