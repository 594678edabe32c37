package io.bindlink.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The first line of a file that holds a secret. Stateless. */
final class FirstLine {
    private FirstLine() {}

    /** The line; empty if there is none. */
    static Optional<String> of(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst();
        } catch (UncheckedIOException e) { // such as: it is a directory, or no text
            throw e.getCause();
        }
    }
}
