package io.bindlink.cli.demo;

import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key file for one run, which only its owner may read; deleted by {@link #close}. Immutable. */
final class DemoKey implements AutoCloseable {
    private final Path file;

    DemoKey() throws IOException {
        file = Files.createTempFile("bindlink-demo", ".key"); // created for its owner alone
        Files.writeString(file, PresharedKey.generate().text());
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
