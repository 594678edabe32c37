package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.jna.Native;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs of the machine the tests run on. Thread-safe. */
final class Machine {
    /** What a program that ended left. */
    record Result(int exitCode, String output) {}

    private Machine() {}

    /** Runs a program that must succeed, in the network of the calling thread. Its output. */
    static String run(String... command) {
        Result result = attempt(List.of(command));
        assertThat(result.exitCode())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }

    /** Runs a program to its end. */
    static Result attempt(List<String> command) {
        try {
            Process process = start(command);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Whether the calling thread's network has an interface. */
    static boolean hasInterface(String name) {
        return attempt(List.of("ip", "link", "show", "dev", name)).exitCode() == 0;
    }

    /** The command that runs another program of the tests in a process of its own. */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(Stream.of(main, JnaTunDevice.class, TunDevice.class, Native.class)
                .map(Machine::origin)
                .distinct()
                .collect(Collectors.joining(":")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** The directory or jar a class came from, whether by class path or as part of a module. */
    private static String origin(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        URL found = type.getResource("/" + file);
        String text = found.getPath();
        String root = text.substring(0, text.length() - file.length() - 1);
        return root.endsWith("!") ? root.substring("file:".length(), root.length() - 1) : root;
    }

    /** Goes on only where a program is installed. */
    static void requireProgram(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        if (Stream.of(path.split(":")).noneMatch(each -> Files.isExecutable(Path.of(each, name)))) {
            skip("the program '" + name + "' is not installed");
        }
    }

    /** Prints why a test is skipped, or fails it where that is not allowed. */
    static void skip(String reason) {
        if ("required".equals(System.getProperty("bindlink.real"))) {
            fail(reason + "; -Dbindlink.real=required does not allow to skip this test");
        }
        System.out.println("SKIPPED: " + reason);
        abort(reason);
    }
}
