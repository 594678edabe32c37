package io.bindlink.cli.relaunch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our classes as the JVM holds them in memory, kept in a file: a node that has it starts in two thirds of the time. The
 * first node of a jar and a JVM writes it when it ends ({@code -XX:ArchiveClassesAtExit}, JEP 350), under a name of its
 * own; a later one gives it its final name. So no two write one file, and nobody reads half of one.
 *
 * <p>A JVM believes what it finds there. So the folder must be this user's and closed to others, and a file counts only if
 * it is known to be on the disk as it was written.
 */
final class ClassArchive {
    private static final String USE = "-XX:SharedArchiveFile=";
    private static final String WRITE = "-XX:ArchiveClassesAtExit=";

    /** What the JVM would say of classes that it cannot store helps nobody. */
    private static final String QUIET = "-Xlog:disable";

    private static final String FOLDER = "bindlink";
    private static final int WRITABLE_BY_OTHERS = 0022;

    private final Path directory;
    private final String jar;
    private final String name;
    private final String boot;

    /**
     * An archive, which need not exist.
     *
     * @param directory where it is or will be
     * @param jar the program's jar as the JVM is told of it, which has to be the same word each time
     * @param boot another one each time the machine starts
     */
    ClassArchive(Path directory, String jar, String boot) throws IOException {
        Path file = Path.of(jar).toRealPath();
        long modified = Files.getLastModifiedTime(file).toMillis();
        this.directory = directory;
        this.jar = hash(jar, file, System.getProperty("java.home")) + "-";
        this.name = this.jar + hash(Files.size(file), modified, System.getProperty("java.vm.version")) + ".jsa";
        this.boot = boot;
    }

    /** Options for the JVM that this process becomes: none if there is no safe place for an archive. */
    static List<String> options(Map<String, String> environment) {
        try {
            Path directory = directory(environment);
            if (directory == null) {
                return List.of();
            }
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            String process = Path.of("/proc/self").toRealPath().getFileName().toString();
            return new ClassArchive(directory, System.getProperty("java.class.path"), boot.strip()).options(process);
        } catch (IOException | RuntimeException e) { // such as a disk that is full or read-only
            return List.of();
        }
    }

    /**
     * Where such files belong: in systemd's folder for the service, else where the XDG Base Directory Specification has it.
     *
     * @return null if there is none, or none that is safe
     */
    static @Nullable Path directory(Map<String, String> environment) throws IOException {
        String service = environment.getOrDefault("CACHE_DIRECTORY", "");
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!service.isEmpty()) {
            return safe(Path.of(service), "");
        } else if (!caches.isEmpty()) {
            return safe(Path.of(caches), FOLDER);
        }
        return safe(Path.of(environment.getOrDefault("HOME", "")), ".cache/" + FOLDER);
    }

    /** A folder below another, made if need be. */
    private static @Nullable Path safe(Path top, String below) throws IOException {
        Path directory = top.resolve(below);
        if (!top.isAbsolute()
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(directory.toString())
                || !isOurs(top)) {
            return null;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return isOurs(directory) ? directory : null;
    }

    /** Whether only this process's user can change what is in a folder. */
    private static boolean isOurs(Path folder) throws IOException {
        int mode = (Integer) Files.getAttribute(folder, "unix:mode");
        return (mode & WRITABLE_BY_OTHERS) == 0
                && Files.getAttribute(folder, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /**
     * Uses the archive if there is one; else has this process write it.
     *
     * @param process its number
     */
    List<String> options(String process) throws IOException {
        Path archive = directory.resolve(name);
        if (!Files.exists(archive)) {
            for (Path file : files()) {
                settle(file, archive);
            }
        }
        String option = Files.exists(archive) ? USE + archive : WRITE + archive + "." + process + "." + boot;
        return List.of(option, QUIET);
    }

    /** All files of this jar, also when it was another version. */
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(file -> file.getFileName().toString().startsWith(jar)).forEach(files::add);
        }
        return files;
    }

    /** Gives a file its final name if an ended process has written it whole; removes it if it is of no use. */
    private void settle(Path file, Path archive) throws IOException {
        String[] parts = file.getFileName().toString().split("\\.", 4); // hash, jsa, process, boot
        boolean current = parts.length == 4 && parts[3].equals(boot) && name.startsWith(parts[0] + ".");
        if (current && Files.exists(Path.of("/proc", parts[2]))) {
            return;
        }
        if (current && isWhole(file)) {
            Files.move(file, archive, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(file);
        }
    }

    /** Whether a file is complete, and safe from a loss of power: the JVM writes the first bytes last. */
    private static boolean isWhole(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            channel.force(true);
            ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES);
            return channel.read(magic) == Integer.BYTES && magic.getInt(0) != 0;
        }
    }

    private static String hash(Object... of) {
        return Integer.toHexString(Objects.hash(of));
    }
}
