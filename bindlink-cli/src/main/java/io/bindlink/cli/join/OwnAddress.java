package io.bindlink.cli.join;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses at which of this machine's addresses others reach it. Nothing is sent. */
final class OwnAddress {
    private OwnAddress() {}

    /** The most public address of an interface that is up; empty if there is but loopback. */
    static Optional<InetAddress> mostPublic() {
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isPointToPoint()) { // such as a tun device
                    all.addAll(Collections.list(each.getInetAddresses()));
                }
            }
        } catch (SocketException e) {
            return Optional.empty();
        }
        return mostPublic(all);
    }

    static Optional<InetAddress> mostPublic(List<InetAddress> all) {
        return all.stream()
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .min(Comparator.comparing(OwnAddress::isPrivate)
                        .thenComparing(address -> !(address instanceof Inet4Address)));
    }

    /** RFC 1918 section 3, RFC 4193 section 3.1, RFC 6598 section 7. */
    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        return address instanceof Inet4Address
                ? first == 10
                        || (first == 172 && second >= 16 && second < 32)
                        || (first == 192 && second == 168)
                        || (first == 100 && second >= 64 && second < 128)
                : (first & 0xFE) == 0xFC;
    }
}
