package io.bindlink.cli.join;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where a master that was told of no key keeps its own: {@code master.key} in {@code $STATE_DIRECTORY} under systemd, in
 * {@code /etc/bindlink} for root, else in {@code $XDG_CONFIG_HOME/bindlink} or {@code ~/.config/bindlink}. Immutable.
 *
 * @param file the key file
 */
public record MasterKey(Path file) {
    private static final String NAME = "master.key";

    /** Writes a secret to a new file that only its owner can read. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes it.
         *
         * @param file a new one
         * @param text the secret
         * @throws IOException if it cannot be written
         */
        void write(Path file, String text) throws IOException;
    }

    /**
     * The place for this process.
     *
     * @return by its environment and user
     */
    public static MasterKey own() {
        return of(System.getenv(), System.getProperty("user.name", ""), System.getProperty("user.home", "."));
    }

    static MasterKey of(Map<String, String> environment, String userName, String home) {
        String service = environment.getOrDefault("STATE_DIRECTORY", "");
        if (!service.isEmpty()) {
            return new MasterKey(Path.of(service.split(":", 2)[0], NAME));
        }
        if (userName.equals("root")) {
            return new MasterKey(Path.of("/etc/bindlink", NAME));
        }
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
        return new MasterKey(base.resolve("bindlink").resolve(NAME));
    }

    /**
     * The key, made now if there is none.
     *
     * @param writer makes the file
     * @return the key in the file
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it can be neither read nor made
     */
    public PresharedKey readOrMake(Writer writer) {
        if (!Files.exists(file)) {
            try {
                makeDirectory();
                writer.write(file, PresharedKey.generate().text());
            } catch (IOException e) {
                throw new BindlinkException(
                        BindlinkException.Code.CONFIG,
                        "no key was given, and none can be made at " + file + "; name one: --key-file FILE",
                        e);
            }
        }
        return PresharedKey.read(file);
    }

    private void makeDirectory() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
