package io.bindlink.api.spi;

import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.util.Optional;

/** Opens tun devices of one kind. Found by {@link java.util.ServiceLoader}; thread-safe. */
public interface TunDeviceProvider {
    /**
     * The name a user selects it by, such as {@code jna} or {@code tcp}.
     *
     * @return lower case, unique among providers
     */
    String name();

    /**
     * Why this provider cannot work here, if it cannot.
     *
     * @return empty when it can; else one line for people
     */
    Optional<String> unsupported();

    /**
     * Opens a device.
     *
     * @param config what is wanted
     * @return the device, not yet running
     * @throws IOException when the system refuses; the message names what is missing
     */
    TunDevice open(TunConfig config) throws IOException;
}
