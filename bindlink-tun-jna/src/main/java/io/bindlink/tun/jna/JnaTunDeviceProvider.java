package io.bindlink.tun.jna;

import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Opens tun devices of the Linux kernel; CAP_NET_ADMIN is needed. Without a name the interface is called {@code
 * bindlink0}, or by the next number that is free; without addresses it has 10.10.10.1/30 at the master and
 * 10.10.10.2/30 at the slave. It has no settings of its own. Thread-safe.
 */
public final class JnaTunDeviceProvider implements TunDeviceProvider {
    /** 64 bits and the numbers that most architectures share; the others number flags and requests in their own way. */
    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64", "riscv64");

    /** Made by {@link java.util.ServiceLoader}. */
    public JnaTunDeviceProvider() {}

    @Override
    public String name() {
        return "jna";
    }

    @Override
    public Optional<String> unsupported() {
        return unsupported(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Optional<String> unsupported(String system, String architecture) {
        if (!system.equals("Linux")) {
            return Optional.of("it needs Linux, and this is " + system + "; --tun tcp works everywhere");
        }
        if (!ARCHITECTURES.contains(architecture)) {
            return Optional.of("it does not know the architecture " + architecture + "; --tun tcp works everywhere");
        }
        return Libc.failure()
                .map(why -> "JNA's native library cannot be loaded (" + why
                        + "); give -Djna.tmpdir a directory that can be written and executed in");
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
