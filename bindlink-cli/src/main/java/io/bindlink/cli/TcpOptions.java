package io.bindlink.cli;

import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of TCP mode, any of which implies it. Confined to its command. */
final class TcpOptions {
    /** Their names, for people. */
    static final String NAMES = "--connect-tcp, --listen-tcp, --forward, --socks-listen or --allow";

    @Option(
            names = "--connect-tcp",
            paramLabel = "HOST:PORT",
            description = "TCP mode: connect there for each connection that the other end accepts by --listen-tcp.")
    private List<String> connectTcp = List.of();

    @Option(
            names = "--listen-tcp",
            paramLabel = "[ADDR:]PORT",
            description =
                    "TCP mode: accept connections there; without an address on the loopback one. May be repeated.")
    private List<String> listenTcp = List.of();

    @Option(
            names = "--forward",
            paramLabel = "[ADDR:]PORT:HOST:PORT",
            description =
                    "TCP mode: accept connections on the first port and have the other end connect to HOST:PORT, as"
                            + " ssh -L does; the other end must allow it. May be repeated.")
    private List<String> forwards = List.of();

    @Option(
            names = "--socks-listen",
            paramLabel = "[ADDR:]PORT",
            description =
                    "TCP mode: a proxy for SOCKS5 and HTTP CONNECT; the other end looks names up and connects, where"
                            + " it allows that. Without an address on the loopback one. May be repeated.")
    private List<String> socksListen = List.of();

    @Option(
            names = "--socks-users",
            paramLabel = "FILE",
            description = "TCP mode: who may use the proxy, lines of USER:PASSWORD. Default: whoever reaches it.")
    private @Nullable Path socksUsers;

    @Option(
            names = "--allow",
            paramLabel = "HOST|ADDR[/LENGTH][:PORT[-PORT]]",
            description =
                    "TCP mode: where the other end may have this one connect to. Addresses that are not public only by"
                            + " rules that name such. May be repeated. Default: nowhere.")
    private List<String> allowed = List.of();

    TcpOptions() {}

    /** What was given, as the device knows it. */
    Map<String, List<String>> settings() {
        Map<String, List<String>> settings = new HashMap<>();
        put(settings, TcpTunDeviceProvider.CONNECT, connectTcp);
        put(settings, TcpTunDeviceProvider.LISTEN, listenTcp);
        put(settings, TcpTunDeviceProvider.FORWARD, forwards);
        put(settings, TcpTunDeviceProvider.SOCKS, socksListen);
        put(settings, TcpTunDeviceProvider.ALLOW, allowed);
        if (socksUsers != null) {
            settings.put(TcpTunDeviceProvider.SOCKS_USERS, List.of(socksUsers.toString()));
        }
        return settings;
    }

    private static void put(Map<String, List<String>> settings, String name, List<String> values) {
        if (!values.isEmpty()) {
            settings.put(name, values);
        }
    }
}
