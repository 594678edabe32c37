package io.bindlink.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names a way to reach the master, alike in API, command line and status:
 *
 * <pre>
 * udp://master:4500                     straight, by the default route
 * udp://master:4500?from=192.0.2.7      from this local address
 * udp://master:4500?dev=wwan0           through this interface
 * socks5://user@phone:1080              through a proxy's UDP ASSOCIATE, to the configured proxy target
 * tcp://master:4500                     datagrams with a length prefix over TCP
 * socks5+tcp://phone:1080               the same through a proxy's CONNECT
 * http://proxy:8080                     the same through an HTTP proxy's CONNECT
 * </pre>
 *
 * <p>IPv6 addresses stand in brackets. A password never stands in the URI, where process lists and logs would show it:
 * it comes from a file ({@code ?password-file=F}) or from {@link #withPassword}. Printing shows no credentials.
 * Immutable.
 */
public final class LinkUri {
    private static final Set<String> QUERY_KEYS = Set.of("from", "dev", "password-file");
    private static final int MAX_CREDENTIAL_BYTES = 255; // RFC 1929 section 2: one length byte each

    private final Scheme scheme;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Map<String, String> query;

    /** How datagrams travel. */
    public enum Scheme {
        /** UDP straight to the master. */
        UDP("udp", 4500),
        /** UDP through a SOCKS5 proxy (RFC 1928, UDP ASSOCIATE). */
        SOCKS5("socks5", 1080),
        /** TCP straight to the master. */
        TCP("tcp", 4500),
        /** TCP through a SOCKS5 proxy (RFC 1928, CONNECT). */
        SOCKS5_TCP("socks5+tcp", 1080),
        /** TCP through an HTTP proxy (RFC 9110 section 9.3.6, CONNECT). */
        HTTP("http", 8080);

        private final String text;
        private final int defaultPort;

        Scheme(String text, int defaultPort) {
            this.text = text;
            this.defaultPort = defaultPort;
        }

        /**
         * Whether host and port name a proxy rather than the master.
         *
         * @return true for SOCKS5 and HTTP
         */
        public boolean proxied() {
            return this == SOCKS5 || this == SOCKS5_TCP || this == HTTP;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private LinkUri(
            Scheme scheme,
            String host,
            int port,
            @Nullable String user,
            @Nullable String password,
            Map<String, String> query) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.query = query;
    }

    /**
     * Reads a URI.
     *
     * @param text such as {@code socks5://192.168.43.1:1080}; without a port the scheme's usual one is meant
     * @return the link's name
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} and one line that says what is wrong
     */
    public static LinkUri parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(hideCredentials(text), "not a URI; write for example udp://master.example:4500");
        }
        String shown = hideCredentials(text);
        Scheme scheme = scheme(uri.getScheme(), shown);
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw invalid(shown, "no host; write " + scheme + "://HOST:PORT");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = uri.getPort() == -1 ? scheme.defaultPort : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw invalid(shown, "port " + port + " is not in 1..65535");
        }
        if ((uri.getRawPath() != null && !uri.getRawPath().isEmpty()) || uri.getRawFragment() != null) {
            throw invalid(shown, "nothing may follow the port but ?from=, ?dev= and ?password-file=");
        }
        String user = uri.getRawUserInfo() == null ? null : decode(uri.getRawUserInfo(), shown);
        if (user != null && uri.getRawUserInfo().contains(":")) {
            throw invalid(shown, "a password does not belong in a URI; put it in a file: ?password-file=FILE");
        }
        if (user != null && !scheme.proxied()) {
            throw invalid(shown, "only proxies take a user name");
        }
        if (user != null) {
            checkCredential(user, "user name", shown);
        }
        Map<String, String> query = query(uri.getRawQuery(), shown);
        if (query.containsKey("password-file") && user == null) {
            throw invalid(
                    shown, "a password needs a user name; write " + scheme + "://USER@HOST:PORT?password-file=FILE");
        }
        return new LinkUri(scheme, host, port, user, null, query);
    }

    /**
     * The name of a link by plain UDP.
     *
     * @param host name or address literal, IPv6 without brackets
     * @param port 1..65,535
     * @return the name
     */
    public static LinkUri udp(String host, int port) {
        return of(Scheme.UDP, host, port);
    }

    /**
     * The name of a link through a SOCKS5 proxy.
     *
     * @param host the proxy's name or address literal, IPv6 without brackets
     * @param port 1..65,535
     * @return the name
     */
    public static LinkUri socks5(String host, int port) {
        return of(Scheme.SOCKS5, host, port);
    }

    /**
     * The name of a link by TCP.
     *
     * @param host name or address literal, IPv6 without brackets
     * @param port 1..65,535
     * @return the name
     */
    public static LinkUri tcp(String host, int port) {
        return of(Scheme.TCP, host, port);
    }

    private static LinkUri of(Scheme scheme, String host, int port) {
        return parse(scheme + "://" + bracketed(host) + ":" + port);
    }

    /**
     * The same link with a password for its proxy.
     *
     * @param password 1..255 bytes in UTF-8
     * @return a new name that prints like this one
     * @throws BindlinkException if there is no user name, or the password has the wrong length
     */
    public LinkUri withPassword(String password) {
        if (user == null) {
            throw invalid(toString(), "a password needs a user name; write " + scheme + "://USER@HOST:PORT");
        }
        checkCredential(password, "password", toString());
        return new LinkUri(scheme, host, port, user, password, query);
    }

    /**
     * The same way by TCP: straight to the master, or through the same proxy with the same credentials.
     *
     * @return a new name for UDP and SOCKS5; this one when it is by TCP
     */
    public LinkUri overTcp() {
        return switch (scheme) {
            case UDP -> new LinkUri(Scheme.TCP, host, port, user, password, query);
            case SOCKS5 -> new LinkUri(Scheme.SOCKS5_TCP, host, port, user, password, query);
            case TCP, SOCKS5_TCP, HTTP -> this;
        };
    }

    /**
     * How datagrams travel.
     *
     * @return the scheme
     */
    public Scheme scheme() {
        return scheme;
    }

    /**
     * Name or address literal of the master or the proxy.
     *
     * @return not empty; IPv6 without brackets
     */
    public String host() {
        return host;
    }

    /**
     * Port of the master or the proxy.
     *
     * @return 1..65,535
     */
    public int port() {
        return port;
    }

    /**
     * User name for the proxy.
     *
     * @return empty when it asks for none
     */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /**
     * Password for the proxy, as given by {@link #withPassword}. Not for showing.
     *
     * @return empty when there is none
     */
    public Optional<String> password() {
        return Optional.ofNullable(password);
    }

    /**
     * File whose first line is the password.
     *
     * @return a path; empty when there is none
     */
    public Optional<String> passwordFile() {
        return Optional.ofNullable(query.get("password-file"));
    }

    /**
     * Local address to send from, so that two modems do not share one default route.
     *
     * @return an address literal; empty: the system's choice
     */
    public Optional<String> from() {
        return Optional.ofNullable(query.get("from"));
    }

    /**
     * Interface to send through.
     *
     * @return its name; empty: the system's choice
     */
    public Optional<String> dev() {
        return Optional.ofNullable(query.get("dev"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinkUri that
                && scheme == that.scheme
                && host.equals(that.host)
                && port == that.port
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password)
                && query.equals(that.query);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, host, port, user);
    }

    /** The URI without user name, password and password file. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(48);
        text.append(scheme).append("://").append(bracketed(host)).append(':').append(port);
        char separator = '?';
        for (String key : new String[] {"from", "dev"}) {
            if (query.containsKey(key)) {
                text.append(separator).append(key).append('=').append(query.get(key));
                separator = '&';
            }
        }
        return text.toString();
    }

    private static Scheme scheme(@Nullable String text, String shown) {
        for (Scheme scheme : Scheme.values()) {
            if (text != null && scheme.text.equals(text.toLowerCase(Locale.ROOT))) {
                return scheme;
            }
        }
        throw invalid(shown, "unknown kind of link; known are udp, socks5, tcp, socks5+tcp and http");
    }

    private static Map<String, String> query(@Nullable String raw, String shown) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw == null) {
            return query;
        }
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : decode(part.substring(equals + 1), shown);
            if (!QUERY_KEYS.contains(key)) {
                throw invalid(shown, "unknown setting '" + key + "'; known are from, dev and password-file");
            }
            if (value.isEmpty()) {
                throw invalid(shown, "setting '" + key + "' has no value");
            }
            if (query.put(key, value) != null) {
                throw invalid(shown, "setting '" + key + "' is given twice");
            }
        }
        return query;
    }

    private static String decode(String raw, String shown) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(shown, "a percent sign must be followed by two hexadecimal digits");
        }
    }

    private static void checkCredential(String value, String what, String shown) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_CREDENTIAL_BYTES) {
            throw invalid(shown, what + " must have 1.." + MAX_CREDENTIAL_BYTES + " bytes");
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** For error messages: everything between the scheme and the last at-sign is taken out. */
    private static String hideCredentials(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return text;
        }
        int slashes = text.indexOf("//");
        int start = slashes >= 0 && slashes < at ? slashes + 2 : 0;
        return text.substring(0, start) + "***" + text.substring(at);
    }

    private static BindlinkException invalid(String shown, String what) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "link '" + shown + "': " + what);
    }
}
