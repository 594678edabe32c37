package io.bindlink.tun.jna;

import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.util.Optional;

/**
 * Opens tun devices of the Linux kernel; CAP_NET_ADMIN is needed. Without a name the interface is called {@code
 * bindlink0}, or by the next number that is free; without addresses it has 10.10.10.1/30 at the master and
 * 10.10.10.2/30 at the slave. It has no settings of its own. Thread-safe.
 */
public final class JnaTunDeviceProvider implements TunDeviceProvider {
    private static final String INSTEAD = "--tun tcp works everywhere";

    /** Made by {@link java.util.ServiceLoader}. */
    public JnaTunDeviceProvider() {}

    @Override
    public String name() {
        return "jna";
    }

    @Override
    public Optional<String> unsupported() {
        return Platform.unsupported(INSTEAD);
    }

    @Override
    public TunDevice open(TunConfig config) throws IOException {
        TunSettings settings = TunSettings.of(config);
        Optional<String> why = unsupported();
        if (why.isPresent()) {
            throw new IOException(why.get());
        }
        return JnaTunDevice.open(settings);
    }
}
