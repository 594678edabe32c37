package io.bindlink.core.link;

import io.bindlink.api.BindlinkException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The controls there are, by name. */
public final class CongestionControls {
    /** {@link RateControl}, the one used when nobody says otherwise. */
    public static final String DEFAULT_NAME = "rate";

    private static final Map<String, Supplier<CongestionControl>> BY_NAME =
            new TreeMap<>(Map.of(DEFAULT_NAME, RateControl::new, "plain", PlainControl::new));

    private CongestionControls() {}

    /**
     * A control by its name.
     *
     * @param name such as {@value #DEFAULT_NAME}
     * @return makes one for each link
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none of that name
     */
    public static Supplier<CongestionControl> named(String name) {
        Supplier<CongestionControl> found = BY_NAME.get(name);
        if (found == null) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG,
                    "unknown congestion control '" + name + "'; known are " + String.join(", ", BY_NAME.keySet()));
        }
        return found;
    }
}
