package io.bindlink.tun.tcp;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.util.Optional;

/**
 * Opens TCP mode. Its settings, of which at least one is given besides {@value #SOCKS_USERS}:
 *
 * <ul>
 *   <li>{@value #LISTEN}: {@code [ADDRESS:]PORT} on which to accept connections that the peer joins to its {@value #CONNECT};
 *       without an address the loopback one, port 0 is any free one; may be repeated
 *   <li>{@value #FORWARD}: {@code [ADDRESS:]PORT:HOST:PORT}, the same for a target that the peer must {@value #ALLOW}; may be
 *       repeated
 *   <li>{@value #SOCKS}: {@code [ADDRESS:]PORT} of a proxy, SOCKS5 and HTTP's CONNECT, for targets that the peer must
 *       {@value #ALLOW}; may be repeated
 *   <li>{@value #SOCKS_USERS}: a file of lines {@code USER:PASSWORD}; without it anybody who reaches the proxy may use it
 *   <li>{@value #CONNECT}: {@code HOST:PORT} to connect to for the peer's {@value #LISTEN}; the name is resolved each time
 *   <li>{@value #ALLOW}: {@code HOST|ADDRESS[/LENGTH][:PORT[-PORT]]}, where the peer may have this end connect to; may be
 *       repeated
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class TcpTunDeviceProvider implements TunDeviceProvider {
    /** The setting that names where to listen. */
    public static final String LISTEN = "listen-tcp";

    /** The setting that names where to connect to. */
    public static final String CONNECT = "connect-tcp";

    /** The setting that names where to listen and what the peer is to connect to. */
    public static final String FORWARD = "forward";

    /** The setting that names where to be a proxy. */
    public static final String SOCKS = "socks-listen";

    /** The setting that names a file of users and passwords. */
    public static final String SOCKS_USERS = "socks-users";

    /** The setting that names where the peer may have this end connect to. */
    public static final String ALLOW = "allow";

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
        return new TcpTunDevice(TcpSettings.of(config));
    }

    static BindlinkException invalid(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "tun device 'tcp': " + message);
    }
}
