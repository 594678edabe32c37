package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The provider is named twice: for the module path and for the class path. */
class ServicesTest {
    @Test
    void moduleAndServicesFileNameTheSameProvider() throws IOException {
        assertThat(inServicesFile()).containsExactly(JnaTunDeviceProvider.class.getName());
        assertThat(inModule()).isEqualTo(inServicesFile());
    }

    private static List<String> inServicesFile() throws IOException {
        String name = "/META-INF/services/" + TunDeviceProvider.class.getName();
        try (InputStream in = Objects.requireNonNull(JnaTunDeviceProvider.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<String> inModule() throws IOException {
        try (InputStream in = JnaTunDeviceProvider.class.getResourceAsStream("/module-info.class")) {
            assumeTrue(in != null, "compiled without its module");
            ModuleDescriptor module = ModuleDescriptor.read(in);
            assumeTrue(module.name().equals("io.bindlink.tun.jna"), "found another module first");
            return module.provides().stream()
                    .filter(provides -> provides.service().equals(TunDeviceProvider.class.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
        }
    }
}
