package io.bindlink.cli.relaunch;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a node a JVM of its size. Left alone, a JVM takes its heap from the machine's memory and fills it with garbage
 * before it collects any; a jar cannot say otherwise. So a process that was begun as {@code java -jar JAR ...}, and no
 * other, becomes {@code java OPTIONS -jar JAR ...} before it does anything else (docs/adr/0007).
 *
 * <p>It cannot happen twice, since then there are options; and whatever hinders it, the program just runs on.
 */
public final class Relaunch {
    /** The variable that forbids it when it is {@code off}. */
    static final String SWITCH = "BINDLINK_RELAUNCH";

    /** The property by which the second JVM knows that it is one. */
    static final String WARM_UP = "bindlink.warm-up";

    /**
     * Little is live, and what is not dies at once, so a small young generation is as good as a large one. The heap's limit
     * is three times what all queues and buffers together may hold. What the compilers needed for a moment goes back to
     * the system. Large methods are not compiled into each of their callers: they are the steps of a packet's way, and
     * compiling that way as a whole took more of a processor in the first minute than the packets did. Nobody reads the
     * JVM's counters, and it would wake up 20 times a second for them. No JVM ends for an option it does not know.
     */
    static final List<String> OPTIONS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UseSerialGC",
            "-Xmn6m",
            "-Xms20m",
            "-Xmx128m",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:FreqInlineSize=80",
            "-XX:-UsePerfData",
            "-XX:TrimNativeHeapInterval=2000");

    /** Where else options for the JVM come from. */
    private static final List<String> OPTION_VARIABLES =
            List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    /** JNA would start a program, ldconfig, to find these. */
    private static final String LIBRARY_PATH = "jna.platform.library.path";

    private static final String LIBRARY_DIRECTORIES = "/usr/lib64:/lib64:/usr/lib:/lib";

    private Relaunch() {}

    /**
     * Replaces the JVM where that is wanted; then this never returns.
     *
     * @param arguments the program's
     */
    public static void ifWanted(String[] arguments) {
        if (!System.getProperty("os.name").equals("Linux") || !isWanted(arguments, System.getenv())) {
            return;
        }
        try {
            JvmCommandLine line =
                    JvmCommandLine.parse(ownCmdline(), arguments.length).orElse(null);
            if (line != null) {
                ProcessImage.replace(program(), line.with(options(arguments[0])));
            }
        } catch (IOException | RuntimeException | Error e) { // such as a temporary folder that JNA cannot use
            // The JVM there is does as well, if with more memory.
        }
    }

    static boolean isWanted(String[] arguments, Map<String, String> environment) {
        if ("off".equals(environment.get(SWITCH))) {
            return false;
        }
        for (String variable : OPTION_VARIABLES) {
            if (environment.containsKey(variable)) {
                return false;
            }
        }
        return arguments.length > 0 && mayRunLong(arguments[0]);
    }

    /** Whether a command line that begins so may make a node; a wrong guess costs a tenth of a second. */
    private static boolean mayRunLong(String first) {
        return switch (first) {
            case "master", "slave" -> true;
            case "--help", "--version" -> false;
            default -> first.startsWith("--") || first.startsWith("@");
        };
    }

    /** By its own name, since tools call a process by the one it was begun with. */
    private static String program() throws IOException {
        File program = new File("/proc/self/exe");
        String path = program.getCanonicalPath();
        return StandardCharsets.US_ASCII.newEncoder().canEncode(path) ? path : program.getPath();
    }

    private static byte[] ownCmdline() throws IOException {
        try (FileInputStream cmdline = new FileInputStream("/proc/self/cmdline")) {
            return cmdline.readAllBytes();
        }
    }

    private static List<String> options(String command) {
        List<String> options = new ArrayList<>(OPTIONS);
        if (System.getProperty(LIBRARY_PATH) == null) {
            System.setProperty(LIBRARY_PATH, LIBRARY_DIRECTORIES);
        }
        options.addAll(ClassArchive.options(System.getenv(), command));
        options.add("-D" + WARM_UP + "=true");
        options.add("-D" + LIBRARY_PATH + "=" + System.getProperty(LIBRARY_PATH));
        return options;
    }
}
