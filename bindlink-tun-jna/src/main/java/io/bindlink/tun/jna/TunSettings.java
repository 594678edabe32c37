package io.bindlink.tun.jna;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a tun is made with, checked. Immutable.
 *
 * @param name the interface's name; a {@code %d} in it is replaced by the first free number
 * @param addresses what it is given, none twice
 * @param mtuBytes 576..65,535
 * @param offload whether super-packets are wanted
 */
record TunSettings(String name, List<InterfaceAddress> addresses, int mtuBytes, boolean offload) {
    /** The kernel's own limit: 16 bytes with the zero at the end. */
    static final int MAX_NAME_LENGTH = 15;

    private static final String DEFAULT_NAME = "bindlink%d";
    private static final String DEFAULT_MASTER = "10.10.10.1/30";
    private static final String DEFAULT_SLAVE = "10.10.10.2/30";

    /** RFC 8200 section 5; the kernel takes IPv6 away from an interface with less. */
    private static final int IPV6_MIN_MTU = 1280;

    /** What the kernel takes, less what a shell would have to quote. */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._@-]+(%d)?[A-Za-z0-9._@-]*");

    static TunSettings of(TunConfig config) {
        if (!config.options().isEmpty()) {
            throw invalid(
                    "unknown setting '" + config.options().keySet().iterator().next() + "'; it has none");
        }
        String name = name(config.deviceName().orElse(DEFAULT_NAME));
        return new TunSettings(name, addresses(config), config.mtuBytes(), config.offload());
    }

    private static String name(String name) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw invalid("name '" + name + "' is longer than " + MAX_NAME_LENGTH + " characters");
        }
        if (!NAME.matcher(name).matches()) {
            throw invalid("name '" + name + "' is not one of letters, digits, '.', '_', '-' and '@'");
        }
        return name;
    }

    private static List<InterfaceAddress> addresses(TunConfig config) {
        List<String> texts = config.addresses();
        if (texts.isEmpty()) {
            texts = List.of(config.role() == Role.MASTER ? DEFAULT_MASTER : DEFAULT_SLAVE);
        }
        List<InterfaceAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(address(text, config.mtuBytes()));
        }
        if (addresses.stream().map(InterfaceAddress::local).distinct().count() < addresses.size()) {
            throw invalid("an address is given twice among " + String.join(", ", texts));
        }
        return List.copyOf(addresses);
    }

    private static InterfaceAddress address(String text, int mtuBytes) {
        InterfaceAddress address;
        try {
            address = InterfaceAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("address '" + text + "' " + e.getMessage());
        }
        if (address.isIpv6() && mtuBytes < IPV6_MIN_MTU) {
            throw invalid(
                    "address '" + text + "' needs an MTU of at least " + IPV6_MIN_MTU + ", and it is " + mtuBytes);
        }
        return address;
    }

    private static BindlinkException invalid(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "tun device 'jna': " + message);
    }
}
