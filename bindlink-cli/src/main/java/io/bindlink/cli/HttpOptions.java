package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.status.StatusServer;
import io.bindlink.cli.systemd.Journal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where figures are served by HTTP. Confined to its command. */
final class HttpOptions {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int DEFAULT_PORT = 8080;
    private static final int TOKEN_BYTES = 18;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{16,}");

    @Option(
            names = "--http-listen",
            paramLabel = "[ADDR:]PORT",
            description = "Serve a page, /metrics and /healthz there; without an address on the loopback one. Default: "
                    + LOOPBACK + ":" + DEFAULT_PORT + ", if it is free.")
    private @Nullable String listen;

    @Option(
            names = "--http-token-file",
            paramLabel = "FILE",
            description = "Its first line is the token that clients must know. Default: none on loopback; elsewhere one"
                    + " is made at each start and printed as part of the page's address.")
    private @Nullable Path tokenFile;

    HttpOptions() {}

    /** Binds the port. A taken one is an error if the user chose it, else a warning. */
    StatusServer bind(PrintWriter out) {
        InetSocketAddress local = parse(listen == null ? LOOPBACK + ":" + DEFAULT_PORT : listen);
        boolean makesToken = tokenFile == null && !local.getAddress().isLoopbackAddress();
        String token = tokenFile != null ? read(tokenFile) : makesToken ? random() : null;
        try {
            StatusServer server = StatusServer.bind(local, token);
            if (makesToken) {
                tell(out, server, token);
            }
            return server;
        } catch (IOException e) {
            String message = "HTTP cannot listen on " + StatusServer.text(local) + ": " + e.getMessage();
            if (listen != null) {
                throw new BindlinkException(BindlinkException.Code.RUNTIME, message, e);
            }
            NodeOptions.log().warn("{}; no metrics are served, choose another place with --http-listen", message);
            return StatusServer.nowhere();
        }
    }

    /** A secret goes to who started the program, not to a log. */
    private static void tell(PrintWriter out, StatusServer server, @Nullable String token) {
        if (Journal.takesStandardOutput()) {
            NodeOptions.log().warn("the page needs a token that nobody can know; give one with --http-token-file");
            return;
        }
        InetSocketAddress bound = Objects.requireNonNull(server.address());
        out.println("http://" + StatusServer.text(bound) + "/?token=" + token);
        out.flush();
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String read(Path file) {
        try {
            String token = FirstLine.of(file).orElse("").strip();
            if (!TOKEN.matcher(token).matches()) {
                throw new BindlinkException(
                        BindlinkException.Code.CONFIG,
                        "token file " + file + ": a token has 16 characters or more, of letters, digits, - and _");
            }
            return token;
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "token file " + file + " cannot be read: " + Failures.reason(e), e);
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
