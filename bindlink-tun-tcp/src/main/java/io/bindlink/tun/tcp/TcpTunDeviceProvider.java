package io.bindlink.tun.tcp;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Opens TCP mode. Its settings, exactly one of which is given:
 *
 * <ul>
 *   <li>{@value #LISTEN}: {@code [ADDRESS:]PORT} on which to accept a connection that the peer then makes; without an
 *       address the loopback one, port 0 is any free one
 *   <li>{@value #CONNECT}: {@code HOST:PORT} to connect to when the peer has accepted a connection; the name is resolved
 *       each time
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class TcpTunDeviceProvider implements TunDeviceProvider {
    /** The setting that names where to listen. */
    public static final String LISTEN = "listen-tcp";

    /** The setting that names where to connect to. */
    public static final String CONNECT = "connect-tcp";

    private static final Set<String> KNOWN = new TreeSet<>(List.of(CONNECT, LISTEN));

    /** Made by {@link java.util.ServiceLoader}. */
    public TcpTunDeviceProvider() {}

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public Optional<String> unsupported() {
        return Optional.empty();
    }

    @Override
    public TunDevice open(TunConfig config) throws IOException {
        for (String option : config.options().keySet()) {
            if (!KNOWN.contains(option)) {
                throw invalid("unknown setting '" + option + "'; known are " + String.join(" and ", KNOWN));
            }
        }
        List<String> listen = config.option(LISTEN);
        List<String> connect = config.option(CONNECT);
        if (listen.size() + connect.size() != 1) {
            throw invalid("give one of " + LISTEN + " [ADDRESS:]PORT and " + CONNECT + " HOST:PORT, once");
        }
        return listen.isEmpty()
                ? TcpTunDevice.connecting(Endpoint.parse(CONNECT, connect.get(0)), config.mtuBytes())
                : TcpTunDevice.listening(Endpoint.parseLocal(LISTEN, listen.get(0)), config.mtuBytes());
    }

    static BindlinkException invalid(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "tun device 'tcp': " + message);
    }
}
