package io.bindlink.cli.status;

import com.sun.net.httpserver.HttpExchange;
import io.bindlink.cli.IpLiteral;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may read. On loopback everybody on this machine, but no web page of another name: a name server may tell a browser that
 * it is our address. Elsewhere whoever knows the token: as {@code Authorization: Bearer TOKEN}, or once as {@code
 * /?token=TOKEN}, for which a browser gets a cookie, so that the token does not stay in its address line. Immutable.
 *
 * @param loopback whether only this machine can connect
 * @param token what clients must know; null: nothing
 */
record Access(boolean loopback, @Nullable String token) {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String COOKIE = "bindlink=";
    private static final String QUERY = "token=";

    /** Whether to go on; if not, the client was answered. */
    boolean grant(HttpExchange exchange) throws IOException {
        if (loopback && !isLocalName(exchange.getRequestHeaders().getFirst("Host"))) {
            StatusServer.answer(exchange, 403, TEXT, "ask for an IP address or localhost\n");
            return false;
        }
        if (token == null || isHealth(exchange) || hasToken(exchange, token)) {
            return true;
        }
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null && query.startsWith(QUERY) && same(query.substring(QUERY.length()), token)) {
            exchange.getResponseHeaders().set("Set-Cookie", COOKIE + token + "; Path=/; HttpOnly; SameSite=Strict");
            exchange.getResponseHeaders().set("Location", "/");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            StatusServer.answer(exchange, 303, TEXT, "");
            return false;
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        StatusServer.answer(exchange, 401, TEXT, "a token is needed: Authorization: Bearer TOKEN, or /?token=TOKEN\n");
        return false;
    }

    /** One word, of use to a load balancer and to nobody else. */
    private static boolean isHealth(HttpExchange exchange) {
        return exchange.getHttpContext().getPath().equals("/healthz");
    }

    private static boolean hasToken(HttpExchange exchange, String token) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header != null && same(header, "Bearer " + token)) {
            return true;
        }
        List<String> cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        for (String line : cookies) {
            for (String cookie : line.split(";", -1)) {
                if (same(cookie.strip(), COOKIE + token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In a time that tells nothing of where they differ. */
    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLocalName(@Nullable String host) {
        if (host == null) {
            return true; // HTTP/1.0; a web browser always says it
        }
        String name = host.replaceFirst(":\\d*$", "");
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        return name.equalsIgnoreCase("localhost")
                || IpLiteral.parse(bracketed ? name.substring(1, name.length() - 1) : name)
                        .isPresent();
    }

    @Override
    public String toString() {
        return "Access[loopback=" + loopback + ", token=" + (token == null ? "none" : "(hidden)") + "]";
    }
}
