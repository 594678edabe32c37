package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each provider is named twice: for the module path and for the class path. */
class ServicesTest {
    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void moduleAndServicesFilesNameTheSameProviders() throws IOException {
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        assertThat(module.provides()).hasSize(3);
        for (ModuleDescriptor.Provides provides : module.provides()) {
            assertThat(provides.providers())
                    .as(provides.service())
                    .containsExactlyInAnyOrderElementsOf(inServicesFile(provides.service()));
        }
    }

    private static List<String> inServicesFile(String service) throws IOException {
        Path file = CLASSES.resolve(Path.of("META-INF", "services", service));
        return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    }
}
