package io.bindlink.cli.relaunch;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with what a start would else make anew: our classes as the JVM holds them in memory (class-data sharing, JEP
 * 310), and JNA's own library. A node that has it is up in little more than half of the time. One that finds none has the
 * JVM write down which classes it loads, and later, when it has carried packets, has another JVM make the file from that,
 * beside itself and with what nobody else needs of the processor. The folder gets its name when all is complete and on
 * the disk, so nobody reads half of it.
 *
 * <p>A JVM believes what it finds there. So the folder must be this user's and closed to others. No lambdas before the
 * process has become the JVM it shall be: the first one costs as much as all the rest.
 */
final class ClassArchive {
    /** The property that tells the JVM where to make one. */
    static final String UNFINISHED = "bindlink.unfinished";

    private static final String USE = "-XX:SharedArchiveFile=";
    private static final String WRITE_DOWN = "-XX:DumpLoadedClassList=";

    /** Where JNA looks for its library before it unpacks one. */
    private static final String LIBRARY_PATH = "jna.boot.library.path";

    /** What the JVM would say of classes that it cannot store helps nobody. */
    private static final String QUIET = "-Xlog:disable";

    private static final String FOLDER = "bindlink";
    private static final String ARCHIVE = "classes.jsa";
    private static final String LIST = "classes";
    private static final int WRITABLE_BY_OTHERS = 0022;

    private final Path directory;
    private final String jar;
    private final String version;
    private final String name;

    /**
     * An archive, which need not exist.
     *
     * @param directory where it is or will be
     * @param jar the program's jar as the JVM is told of it, which has to be the same word each time
     * @param command what the program shall do, since other classes do other things
     */
    ClassArchive(Path directory, String jar, String command) throws IOException {
        Path file = Path.of(jar).toRealPath();
        long modified = Files.getLastModifiedTime(file).toMillis();
        this.directory = directory;
        this.jar = hash(jar, file, System.getProperty("java.home")) + "-";
        this.version = this.jar + hash(Files.size(file), modified, System.getProperty("java.vm.version")) + "-";
        this.name = version + hash(command);
    }

    /**
     * Options for the JVM that this process becomes: none if there is no safe place for an archive.
     *
     * @param command the program's first argument
     */
    static List<String> options(Map<String, String> environment, String command) {
        try {
            Path directory = directory(environment);
            if (directory == null) {
                return List.of();
            }
            String process = Path.of("/proc/self").toRealPath().getFileName().toString();
            return new ClassArchive(directory, System.getProperty("java.class.path"), command).options(process);
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
        Files.createDirectories(directory, ownersOnly());
        return isOurs(directory) ? directory : null;
    }

    /** Whether only this process's user can change what is in a folder. */
    private static boolean isOurs(Path folder) throws IOException {
        int mode = (Integer) Files.getAttribute(folder, "unix:mode");
        return (mode & WRITABLE_BY_OTHERS) == 0
                && Files.getAttribute(folder, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /**
     * Uses the archive if there is one; else has the JVM write down what belongs into it.
     *
     * @param process its number
     */
    List<String> options(String process) throws IOException {
        Path folder = directory.resolve(name);
        if (Files.exists(folder)) {
            System.setProperty(LIBRARY_PATH, folder.toString()); // this JVM needs it, too
            return List.of(USE + folder.resolve(ARCHIVE), QUIET, "-D" + LIBRARY_PATH + "=" + folder);
        }
        sweep();
        Path unfinished = Files.createDirectory(directory.resolve(name + "." + process), ownersOnly());
        return List.of(WRITE_DOWN + unfinished.resolve(LIST), QUIET, "-D" + UNFINISHED + "=" + unfinished);
    }

    private static FileAttribute<?> ownersOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    /** Removes what other versions of this jar, and processes that are no more, have left. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, jar + "*")) {
            for (Path folder : folders) {
                String[] parts = folder.getFileName().toString().split("\\.", 2); // hashes, process
                boolean current = parts[0].startsWith(version);
                if (!current || (parts.length == 2 && !Files.exists(Path.of("/proc", parts[1])))) {
                    remove(folder);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Makes the archive, if this process found none; returns when that is done. */
    static void makeIfMissing() throws IOException, InterruptedException {
        String unfinished = System.getProperty(UNFINISHED);
        if (unfinished != null) {
            make(Path.of(unfinished), System.getProperty("java.class.path"));
        }
    }

    /**
     * Makes an archive.
     *
     * @param unfinished the folder in which the JVM wrote down its classes, as {@link #options} named it
     * @param jar as this JVM was told of it
     * @return whether it is there now
     */
    static boolean make(Path unfinished, String jar) throws IOException, InterruptedException {
        try {
            Path library = unfinished.resolve(System.mapLibraryName("jnidispatch"));
            try (InputStream packed =
                    Native.class.getResourceAsStream(Platform.RESOURCE_PREFIX + "/" + library.getFileName())) {
                Files.copy(Objects.requireNonNull(packed), library);
            }
            if (!dump(unfinished, jar)) {
                return false;
            }
            Files.delete(unfinished.resolve(LIST));
            for (Path file : List.of(library, unfinished.resolve(ARCHIVE))) {
                try (FileChannel channel = FileChannel.open(file)) {
                    channel.force(true); // or a loss of power might leave the name alone
                }
            }
            String name = unfinished.toString();
            Files.move(unfinished, Path.of(name.substring(0, name.lastIndexOf('.'))), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } finally {
            if (Files.exists(unfinished)) {
                remove(unfinished);
            }
        }
    }

    /** G1, since no other collector's JVM can store objects, too; every collector's can load them. */
    private static boolean dump(Path folder, String jar) throws IOException, InterruptedException {
        Path archive = folder.resolve(ARCHIVE);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of("nice", "-n", "19", java, "-Xshare:dump", "-XX:+UseG1GC", "-Xmx128m", QUIET);
        List<String> what = List.of("-XX:SharedClassListFile=" + folder.resolve(LIST), USE + archive, "-cp", jar);
        Process dump = new ProcessBuilder(
                        Stream.concat(command.stream(), what.stream()).toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread end = new Thread(dump::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        int exit = dump.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        return exit == 0 && Files.exists(archive);
    }

    private static String hash(Object... of) {
        return Integer.toHexString(Objects.hash(of));
    }
}
