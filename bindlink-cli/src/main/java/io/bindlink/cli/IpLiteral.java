package io.bindlink.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses written as numbers, and never asks a name server. */
public final class IpLiteral {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)"; // the JDK would take 999.1.1.1 for a name
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*(%[\\w.-]+)?");

    private IpLiteral() {}

    /**
     * Reads an address.
     *
     * @param text IPv6 without brackets
     * @return empty if it is none
     */
    public static Optional<InetAddress> parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
