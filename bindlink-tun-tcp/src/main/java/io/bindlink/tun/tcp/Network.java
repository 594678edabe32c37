package io.bindlink.tun.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All addresses with the same first bits. IPv4 addresses in the form of IPv6 count as what they are. Immutable.
 */
final class Network {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private final byte[] bytes;
    private final int bits;

    private Network(byte[] bytes, int bits) {
        this.bytes = bytes;
        this.bits = bits;
    }

    /** Reads a network that is known to be one. */
    static Network of(String text) {
        Network network = parse(text);
        if (network == null) {
            throw new IllegalArgumentException(text);
        }
        return network;
    }

    /** Reads {@code ADDRESS[/LENGTH]}; null when it is none. */
    static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        byte[] bytes = address.getAddress();
        String length = slash < 0 ? Integer.toString(8 * bytes.length) : text.substring(slash + 1);
        int bits = length.matches("[0-9]{1,3}") ? Integer.parseInt(length) : -1;
        if (bits < 0 || bits > 8 * bytes.length) {
            return null;
        }
        return new Network(bytes, bits);
    }

    /** An address as it is written; null when the text is a name, or nothing. */
    static @Nullable InetAddress literal(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean contains(InetAddress address) {
        return contains(address.getAddress(), Integer.MAX_VALUE);
    }

    /** Whether every address of another network is in this one. */
    boolean contains(Network other) {
        return contains(other.bytes, other.bits);
    }

    private boolean contains(byte[] address, int length) {
        if (address.length != bytes.length || length < bits) {
            return false;
        }
        int whole = bits / 8;
        int rest = 8 - bits % 8;
        return Arrays.equals(address, 0, whole, bytes, 0, whole)
                && (rest == 8 || (address[whole] & 0xFF) >>> rest == (bytes[whole] & 0xFF) >>> rest);
    }
}
