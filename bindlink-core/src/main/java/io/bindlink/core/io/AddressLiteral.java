package io.bindlink.core.io;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP address literals, and never asks a name server. Immutable. */
final class AddressLiteral {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*(%[\\w.-]+)?");

    private AddressLiteral() {}

    /**
     * Reads a literal.
     *
     * @param text IPv6 without brackets
     * @return the address; null if it is none
     */
    static @Nullable InetAddress parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        if (text.indexOf(':') < 0 && !inRange(text)) { // the JDK would take 999.1.1.1 for a name
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean inRange(String ipv4) {
        for (String part : ipv4.split("\\.", -1)) {
            if (Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }
}
