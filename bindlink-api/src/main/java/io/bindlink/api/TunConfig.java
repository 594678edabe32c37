package io.bindlink.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a tun device is opened with. Immutable.
 *
 * @param role the role of this end, for defaults that differ
 * @param deviceName the name wanted; empty: the system's choice
 * @param addresses addresses with prefix length, such as {@code 10.10.10.1/30}; empty: the provider's defaults
 * @param mtuBytes largest packet, 576..65,535
 * @param offload whether to use segmentation offload where system, multiplexer and peer can; false: never
 * @param options the provider's own settings, each with all its values in the order given
 */
public record TunConfig(
        Role role,
        Optional<String> deviceName,
        List<String> addresses,
        int mtuBytes,
        boolean offload,
        Map<String, List<String>> options) {
    /** What a tun is given when nobody says otherwise: whole in one datagram on every common path. */
    public static final int DEFAULT_MTU_BYTES = 1380;

    /**
     * Checks the range and copies the collections.
     *
     * @param role as the component
     * @param deviceName as the component
     * @param addresses as the component
     * @param mtuBytes as the component
     * @param offload as the component
     * @param options as the component
     */
    public TunConfig {
        if (mtuBytes < 576 || mtuBytes > 65_535) {
            throw new IllegalArgumentException("MTU " + mtuBytes + " is not in 576..65535");
        }
        addresses = List.copyOf(addresses);
        options = options.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /**
     * The defaults for a role: the system's name, the provider's addresses, MTU 1380, offload, no options.
     *
     * @param role the role of this end
     * @return the configuration
     */
    public static TunConfig of(Role role) {
        return new TunConfig(role, Optional.empty(), List.of(), DEFAULT_MTU_BYTES, true, Map.of());
    }

    /**
     * All values of one of the provider's own settings.
     *
     * @param option the setting's name
     * @return its values, empty when it was not given
     */
    public List<String> option(String option) {
        return options.getOrDefault(option, List.of());
    }
}
