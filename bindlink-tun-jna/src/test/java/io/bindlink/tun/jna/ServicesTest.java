package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each provider is named twice: for the module path and for the class path. */
class ServicesTest {
    @ParameterizedTest
    @CsvSource({
        "io.bindlink.api.spi.TunDeviceProvider, io.bindlink.tun.jna.JnaTunDeviceProvider",
        "io.bindlink.api.spi.UdpSocketProvider, io.bindlink.tun.jna.JnaUdpSocketProvider",
    })
    void moduleAndServicesFileNameTheSameProvider(String service, String provider) throws IOException {
        assertThat(inServicesFile(service)).containsExactly(provider);
        assertThat(inModule(service)).containsExactly(provider);
    }

    private static List<String> inServicesFile(String service) throws IOException {
        String name = "/META-INF/services/" + service;
        try (InputStream in = Objects.requireNonNull(JnaTunDeviceProvider.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<String> inModule(String service) throws IOException {
        try (InputStream in = JnaTunDeviceProvider.class.getResourceAsStream("/module-info.class")) {
            assumeTrue(in != null, "compiled without its module");
            ModuleDescriptor module = ModuleDescriptor.read(in);
            assumeTrue(module.name().equals("io.bindlink.tun.jna"), "found another module first");
            return module.provides().stream()
                    .filter(provides -> provides.service().equals(service))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
        }
    }
}
