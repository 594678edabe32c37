package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.status.StatusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where figures are served by HTTP. Confined to its command. */
final class HttpOptions {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int DEFAULT_PORT = 8080;

    @Option(
            names = "--http-listen",
            paramLabel = "[ADDR:]PORT",
            description = "Serve /metrics and /healthz there; without an address on the loopback one. Default: "
                    + LOOPBACK + ":" + DEFAULT_PORT + ", if it is free.")
    private @Nullable String listen;

    HttpOptions() {}

    /** Binds the port. A taken one is an error if the user chose it, else a warning. */
    StatusServer bind() {
        InetSocketAddress local = parse(listen == null ? LOOPBACK + ":" + DEFAULT_PORT : listen);
        try {
            return StatusServer.bind(local);
        } catch (IOException e) {
            String message = "HTTP cannot listen on " + StatusServer.text(local) + ": " + e.getMessage();
            if (listen != null) {
                throw new BindlinkException(BindlinkException.Code.RUNTIME, message, e);
            }
            NodeOptions.log().warn("{}; no metrics are served, choose another place with --http-listen", message);
            return StatusServer.nowhere();
        }
    }

    private static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? LOOPBACK : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw invalid(text, "put an IPv6 address in brackets: [ADDRESS]:PORT");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= 65_535) {
                InetAddress address = IpLiteral.parse(host.equals("localhost") ? LOOPBACK : host)
                        .orElseThrow(() -> invalid(text, "write [ADDRESS:]PORT, with the address in numbers"));
                return new InetSocketAddress(address, port);
            }
        } catch (NumberFormatException e) {
            // the same complaint
        }
        throw invalid(text, "the port must be in 0..65535");
    }

    private static BindlinkException invalid(String text, String why) {
        return NodeOptions.usage("--http-listen '" + text + "': " + why);
    }
}
