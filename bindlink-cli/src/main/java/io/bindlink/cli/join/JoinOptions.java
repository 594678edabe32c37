package io.bindlink.cli.join;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.Failures;
import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a slave has its join line from. Confined to its command. */
public final class JoinOptions {
    private static final String VARIABLE = "BINDLINK_JOIN";
    private static final String STANDARD_INPUT = "-";
    private static final int MAX_FILE_BYTES = 4096; // a line has some hundred; a mistaken path must not fill the memory

    @Option(
            names = "--join",
            paramLabel = "LINE",
            description =
                    "The join line that the master printed. Others on this machine can see it in the process list:"
                            + " --join-file and the variable " + VARIABLE + " hide it.")
    private @Nullable String line;

    @Option(names = "--join-file", paramLabel = "FILE", description = "A file with the join line; - is standard input.")
    private @Nullable String file;

    private @Nullable JoinLine known; // standard input can be read once

    /** Made by picocli. */
    public JoinOptions() {}

    /**
     * Whether an option names a line.
     *
     * @return true for {@code --join} and {@code --join-file}
     */
    public boolean given() {
        return line != null || file != null;
    }

    /**
     * Whether a word is a join line, well-formed or not, so that nobody repeats it: it is a secret.
     *
     * @param word from a command line
     * @return true if it begins as one does
     */
    public static boolean looksLikeLine(String word) {
        return word.startsWith("bindlink://");
    }

    /**
     * The file that the line is from, if others than its owner can read it. Files that systemd made as credentials are its own
     * affair.
     *
     * @return empty if the line is from elsewhere, or well kept
     */
    public Optional<Path> openFile() {
        String credentials = System.getenv("CREDENTIALS_DIRECTORY");
        return Optional.ofNullable(file)
                .filter(name -> !name.equals(STANDARD_INPUT))
                .map(Path::of)
                .filter(path -> credentials == null || !path.startsWith(credentials))
                .filter(path -> Files.isRegularFile(path) && PresharedKey.readableByOthers(path));
    }

    /**
     * The join line. However often it is asked for, it is read once.
     *
     * @return from the option, the file or the environment; empty if nobody gave one
     * @throws BindlinkException if it is given twice, cannot be read or was mistyped
     */
    public Optional<JoinLine> line() {
        if (known == null) {
            known = given(line, file).orElse(null);
        }
        return Optional.ofNullable(known);
    }

    private static Optional<JoinLine> given(@Nullable String line, @Nullable String file) {
        if (line != null && file != null) {
            throw new BindlinkException(BindlinkException.Code.USAGE, "give --join or --join-file, not both");
        }
        if (line != null) {
            return Optional.of(JoinLine.parse(line));
        }
        if (file != null) {
            return Optional.of(JoinLine.parse(file.equals(STANDARD_INPUT) ? input() : read(file)));
        }
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(text -> !text.isBlank())
                .map(JoinLine::parse);
    }

    private static String input() {
        try {
            String text = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return text == null ? "" : text;
        } catch (IOException e) {
            throw config("standard input cannot be read: " + e.getMessage());
        }
    }

    private static String read(String file) {
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path) || (Files.isRegularFile(path) && Files.size(path) > MAX_FILE_BYTES)) {
                throw config("join file " + file + " is not a join line's");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw config("join file " + file + " does not exist");
        } catch (IOException | IllegalArgumentException e) {
            throw config("join file " + file + " cannot be read: " + reason(e));
        }
    }

    private static String reason(Exception failure) {
        return failure instanceof IOException read ? Failures.reason(read) : "that is no file's name";
    }

    private static BindlinkException config(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message);
    }
}
