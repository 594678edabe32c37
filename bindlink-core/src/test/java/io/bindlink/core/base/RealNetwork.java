package io.bindlink.core.base;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a test may need from the machine that not every machine has: root with network namespaces, or a program. A test
 * that lacks it is skipped and the reason printed; with {@code -Dbindlink.real=required}, as in CI, it fails instead, so
 * that nothing is skipped unseen. Thread-safe.
 */
public final class RealNetwork {
    private static final String NAMESPACE =
            "bindlink-" + ProcessHandle.current().pid();
    private static final long COMMAND_SECONDS = 10;

    private RealNetwork() {}

    /** Goes on only as root on a system where network namespaces can be made by {@code ip netns}. */
    public static void assumeAvailable() {
        unavailable().ifPresent(RealNetwork::skip);
    }

    /**
     * Goes on only where a program is installed.
     *
     * @param name such as {@code danted}
     * @return where it is
     */
    public static Path assumeProgram(String name) {
        return program(name).orElseGet(() -> {
            skip("the program '" + name + "' is not installed");
            throw new AssertionError("unreachable");
        });
    }

    /**
     * Why namespaces cannot be made here.
     *
     * @return empty when they can
     */
    static synchronized Optional<String> unavailable() { // tests that run side by side try the same name
        if (program("ip").isEmpty()) {
            return Optional.of("network namespaces need the program 'ip' (package iproute2)");
        }
        if (!succeeds("ip", "netns", "add", NAMESPACE)) {
            return Optional.of("network namespaces need root and a kernel that allows them");
        }
        succeeds("ip", "netns", "delete", NAMESPACE);
        return Optional.empty();
    }

    /** Whether what is missing fails the test. */
    private static boolean required() {
        return "required".equals(System.getProperty("bindlink.real"));
    }

    /** Prints why a test is skipped, or fails it. */
    public static void skip(String reason) {
        if (required()) {
            fail(reason + "; -Dbindlink.real=required does not allow to skip this test");
        }
        System.out.println("SKIPPED: " + reason); // the build's output names the running test class right before
        abort(reason);
    }

    private static Optional<Path> program(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin"; // where Debian hides daemons
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
