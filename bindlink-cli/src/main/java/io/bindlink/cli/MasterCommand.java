package io.bindlink.cli;

import io.bindlink.api.Role;
import io.bindlink.cli.route.RouteRules;
import io.bindlink.core.Bindlink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bindlink master}: the end on a reliable server. */
@Command(
        name = "master",
        description = "Runs the end on a reliable server; it waits for the slave.",
        mixinStandardHelpOptions = true)
public final class MasterCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Option(
            names = "--listen-port",
            paramLabel = "PORT",
            description = "UDP port to listen on. Default: ${DEFAULT-VALUE}.")
    private int listenPort = 4500;

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
        return new NodeRun(node.apply(Bindlink.master(), Role.MASTER), node, RouteRules.none(), Duration.ZERO)
                .untilStopped(master ->
                        "master listens on UDP " + text(master.linkMap().startListener(local)));
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
