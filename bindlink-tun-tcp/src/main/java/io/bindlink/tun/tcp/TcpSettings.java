package io.bindlink.tun.tcp;

import io.bindlink.api.TunConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What TCP mode was told, checked. Immutable. */
record TcpSettings(
        List<Endpoint> listen,
        @Nullable Endpoint connect,
        List<Forward> forwards,
        List<Endpoint> socks,
        @Nullable Credentials credentials,
        AllowList allowed) {
    private static final Set<String> KNOWN = new TreeSet<>(List.of(
            TcpTunDeviceProvider.CONNECT,
            TcpTunDeviceProvider.LISTEN,
            TcpTunDeviceProvider.FORWARD,
            TcpTunDeviceProvider.SOCKS,
            TcpTunDeviceProvider.SOCKS_USERS,
            TcpTunDeviceProvider.ALLOW));

    static TcpSettings of(TunConfig config) {
        for (String option : config.options().keySet()) {
            if (!KNOWN.contains(option)) {
                throw TcpTunDeviceProvider.invalid(
                        "unknown setting '" + option + "'; known are " + String.join(", ", KNOWN));
            }
        }
        TcpSettings settings = new TcpSettings(
                locals(config, TcpTunDeviceProvider.LISTEN),
                connect(config.option(TcpTunDeviceProvider.CONNECT)),
                config.option(TcpTunDeviceProvider.FORWARD).stream()
                        .map(text -> Forward.parse(TcpTunDeviceProvider.FORWARD, text))
                        .toList(),
                locals(config, TcpTunDeviceProvider.SOCKS),
                credentials(config.option(TcpTunDeviceProvider.SOCKS_USERS)),
                AllowList.parse(config.option(TcpTunDeviceProvider.ALLOW)));
        settings.check();
        return settings;
    }

    private static List<Endpoint> locals(TunConfig config, String setting) {
        return config.option(setting).stream()
                .map(text -> Endpoint.parseLocal(setting, text))
                .toList();
    }

    private static @Nullable Endpoint connect(List<String> given) {
        if (given.size() > 1) {
            throw TcpTunDeviceProvider.invalid("give " + TcpTunDeviceProvider.CONNECT
                    + " once; for more targets there is " + TcpTunDeviceProvider.ALLOW);
        }
        return given.isEmpty() ? null : Endpoint.parse(TcpTunDeviceProvider.CONNECT, given.get(0));
    }

    private static @Nullable Credentials credentials(List<String> given) {
        if (given.size() > 1) {
            throw TcpTunDeviceProvider.invalid("give " + TcpTunDeviceProvider.SOCKS_USERS + " once");
        }
        return given.isEmpty() ? null : Credentials.read(TcpTunDeviceProvider.SOCKS_USERS, given.get(0));
    }

    private void check() {
        if (listen.isEmpty() && forwards.isEmpty() && socks.isEmpty() && !hasExit()) {
            throw TcpTunDeviceProvider.invalid("give " + TcpTunDeviceProvider.LISTEN + ", "
                    + TcpTunDeviceProvider.FORWARD + " or " + TcpTunDeviceProvider.SOCKS + " at one end, and "
                    + TcpTunDeviceProvider.CONNECT + " or " + TcpTunDeviceProvider.ALLOW + " at the other");
        }
        if (credentials != null && socks.isEmpty()) {
            throw TcpTunDeviceProvider.invalid(
                    TcpTunDeviceProvider.SOCKS_USERS + " goes with " + TcpTunDeviceProvider.SOCKS);
        }
    }

    /** Whether streams of the peer can become connections here. */
    boolean hasExit() {
        return connect != null || !allowed.isEmpty();
    }
}
