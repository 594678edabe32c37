package io.bindlink.cli;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the packaged jar in a process of its own, as a user does. Immutable. */
final class BuiltJar {
    private static final int PATIENCE_SECONDS = 40;
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final List<String> command = new ArrayList<>();

    /** The jar, run after these words, such as those of {@code setpriv}. */
    BuiltJar(Path jar, String... before) {
        command.addAll(List.of(before));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(List.of("-jar", jar.toString()));
    }

    /** Where the build has put it. */
    static Path path() {
        return Path.of(System.getProperty("bindlink.jar", "target/bindlink-cli.jar"));
    }

    /** Runs it to its end. */
    Invocation run(List<String> arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("bindlink", ".out");
        Path err = Files.createTempFile("bindlink", ".err");
        try {
            Process process = builder(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                fail("it does not end: " + arguments + "\n" + Files.readString(err));
            }
            return new Invocation(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Runs it until it is told to end; what it says on stderr comes as its output. */
    Process start(List<String> arguments) throws IOException {
        return builder(arguments).redirectErrorStream(true).start();
    }

    /** Reads what a process says up to a line that has some text; fails when it ends before. */
    static List<String> awaitLine(Process process, String text) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = process.inputReader(StandardCharsets.UTF_8).readLine(); line != null; ) {
            seen.add(line);
            if (line.contains(text)) {
                return seen;
            }
            line = process.inputReader(StandardCharsets.UTF_8).readLine();
        }
        return fail("it ended without '" + text + "': " + seen);
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> complete = new ArrayList<>(command);
        complete.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(complete);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would say so on stderr
        return builder;
    }
}
