package io.bindlink.cli;

import io.bindlink.api.Role;
import io.bindlink.cli.join.JoinAddress;
import io.bindlink.cli.join.MasterKey;
import io.bindlink.cli.route.Changes;
import io.bindlink.cli.route.RouteRules;
import io.bindlink.cli.route.TrafficRoute;
import io.bindlink.cli.systemd.Journal;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink master}: the end on a reliable server. */
@Command(
        name = "master",
        description = "Runs the end on a reliable server; it waits for the slave.",
        mixinStandardHelpOptions = true)
public final class MasterCommand implements Callable<Integer> {
    static final int DEFAULT_PORT = 4500;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Mixin
    private final JoinAddress joinAddress = new JoinAddress();

    @Option(
            names = "--listen-port",
            paramLabel = "PORT",
            description = "UDP and TCP port to listen on; 0: any free one. Default: ${DEFAULT-VALUE}.")
    private int listenPort = DEFAULT_PORT;

    @Option(names = "--listen", paramLabel = "ADDR", description = "Local address to listen on. Default: all of them.")
    private @Nullable String listen;

    /** Made by picocli. */
    public MasterCommand() {}

    @Override
    public Integer call() throws Exception {
        if (listenPort < 0 || listenPort > 65_535) {
            throw NodeOptions.usage("--listen-port " + listenPort + " is not in 0..65535");
        }
        InetSocketAddress local = local();
        BindlinkBuilder builder = node.apply(Bindlink.master(), Role.MASTER);
        Changes changes = new Changes(RouteRules.none(), TrafficRoute.of(List.of(), List.of()), node.nat(Role.MASTER));
        Optional<PresharedKey> given = node.key();
        PresharedKey key = given.orElseGet(() -> MasterKey.own().readOrMake(GenkeyCommand::write));
        return new NodeRun(Role.MASTER, builder.key(key), node, changes, Duration.ZERO).untilStopped(master -> {
            InetSocketAddress bound = master.linkMap().startListener(local);
            if (given.isEmpty()) {
                tellHowToJoin(key, bound.getPort());
            }
            return "master listens on UDP " + text(bound);
        });
    }

    private void tellHowToJoin(PresharedKey key, int port) {
        NodeOptions.log().info("the key is kept in {}", MasterKey.own().file());
        if (Journal.takesStandardOutput()) {
            NodeOptions.log().info("'bindlink join' prints the line with which a slave joins");
        } else {
            joinAddress.print(spec.commandLine().getOut(), key, port, NodeOptions.log());
        }
    }

    private InetSocketAddress local() {
        if (listen == null) {
            return new InetSocketAddress(listenPort);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(listen), listenPort);
        } catch (UnknownHostException e) {
            throw NodeOptions.usage("--listen " + listen + " is no local address");
        }
    }

    private static String text(InetSocketAddress bound) {
        String address = bound.getAddress().isAnyLocalAddress()
                ? "*"
                : bound.getAddress().getHostAddress();
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + bound.getPort();
    }
}
