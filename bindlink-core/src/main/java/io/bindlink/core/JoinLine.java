package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.io.HostPort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that a slave must know of its master, on one line to be copied: where it is and the key they share.
 *
 * <pre>
 * bindlink://HOST:PORT/SECRET        SECRET = base64url(key 32 | check 4), 48 characters
 * check = the first 4 bytes of SHA-256("bindlink join 1" | 0 | HOST:PORT in UTF-8 | 0 | key)
 * </pre>
 *
 * <p>IPv6 addresses stand in brackets. The check finds what was mistyped or cut off, host and port included; it does not
 * prove who wrote the line. Whoever has the line can use the master: {@link #text} is a secret, and printing shows none of it.
 * Immutable.
 */
public final class JoinLine {
    private static final String SCHEME = "bindlink://";
    private static final String LABEL = "bindlink join 1";
    private static final int KEY_BYTES = 32;
    private static final int CHECK_BYTES = 4; // one mistyped line in four thousand million goes unnoticed
    private static final int SECRET_CHARS = 48;

    /** The line may come with the words around it, as the master prints it. */
    private static final Pattern LINE = Pattern.compile("(?:^|\\s)bindlink://([^/\\s]*)(?:/(\\S*))?(?=\\s|$)");

    private final HostPort master;
    private final PresharedKey key;

    private JoinLine(HostPort master, PresharedKey key) {
        this.master = master;
        this.key = key;
    }

    /**
     * The line for a master.
     *
     * @param hostAndPort the master as its slaves reach it, such as {@code server.example:4500} or {@code [2001:db8::1]:4500}
     * @param key the key it uses
     * @return the line
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is not a host and a port
     */
    public static JoinLine of(String hostAndPort, PresharedKey key) {
        return new JoinLine(HostPort.parse(hostAndPort, "the master's address"), key);
    }

    /**
     * Reads a line.
     *
     * @param text the line; words before and after it are passed over
     * @return where the master is, and its key
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it was mistyped or cut off; the message does
     *     not repeat what is secret
     */
    public static JoinLine parse(String text) {
        Matcher found = LINE.matcher(text);
        if (!found.find()) {
            throw invalid("there is no bindlink://HOST:PORT/SECRET in it");
        }
        HostPort master = HostPort.parse(found.group(1), "join line: the master's address");
        String secret = Objects.requireNonNullElse(found.group(2), "");
        if (secret.length() != SECRET_CHARS) {
            throw invalid("its last part has " + secret.length() + " characters instead of " + SECRET_CHARS
                    + ": some are missing or too many");
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(secret);
        } catch (IllegalArgumentException e) { // its message has the character
            throw invalid("its last part has a character that cannot be there");
        }
        byte[] key = Arrays.copyOf(bytes, KEY_BYTES);
        byte[] check = Arrays.copyOfRange(bytes, KEY_BYTES, bytes.length);
        if (!MessageDigest.isEqual(check, check(master, key))) {
            throw invalid("its check does not fit: something in it, be it host or port, was mistyped");
        }
        return new JoinLine(master, PresharedKey.of(PresharedSecret.of(key)));
    }

    private static byte[] check(HostPort master, byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((LABEL + "\0" + master + "\0").getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest.digest(key), CHECK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /**
     * Where the master is.
     *
     * @return {@code HOST:PORT}, an IPv6 address in brackets
     */
    public String master() {
        return master.toString();
    }

    /**
     * The key both ends share.
     *
     * @return the key
     */
    public PresharedKey key() {
        return key;
    }

    /**
     * The line itself. A secret.
     *
     * @return {@code bindlink://HOST:PORT/SECRET}
     */
    public String text() {
        byte[] bytes = Base64.getDecoder().decode(key.text());
        byte[] secret = Arrays.copyOf(bytes, KEY_BYTES + CHECK_BYTES);
        System.arraycopy(check(master, bytes), 0, secret, KEY_BYTES, CHECK_BYTES);
        return SCHEME + master + "/" + Base64.getUrlEncoder().encodeToString(secret);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JoinLine that && master.equals(that.master) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return master.hashCode();
    }

    @Override
    public String toString() {
        return SCHEME + master + "/(hidden)";
    }

    private static BindlinkException invalid(String why) {
        return new BindlinkException(
                BindlinkException.Code.CONFIG, "join line: " + why + "; copy the whole line from the master once more");
    }
}
