package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program {@code ip} for one address family. Immutable.
 *
 * @param family {@code -4} or {@code -6}
 * @param option what needs it, for complaints
 */
record IpCommand(String family, String option) {
    private static final int PATIENCE_SECONDS = 5; // it takes milliseconds; more means that it hangs

    /** Runs a command that shows something. */
    List<String> show(String... words) {
        List<String> arguments = new ArrayList<>(List.of("-oneline"));
        arguments.addAll(List.of(words));
        Outcome outcome = run(arguments, "");
        if (outcome.exitCode() != 0) {
            throw failed(outcome);
        }
        return outcome.out().lines().toList();
    }

    /** Runs commands that change something, up to the first that fails. */
    void change(List<String> commands) {
        Outcome outcome = run(List.of("-batch", "-"), String.join("\n", commands) + "\n");
        if (outcome.exitCode() != 0) {
            throw failed(outcome);
        }
    }

    /** Runs commands that take something away, all of them, whether it is still there or not. */
    void remove(List<String> commands) {
        run(List.of("-force", "-batch", "-"), String.join("\n", commands) + "\n");
    }

    /**
     * Runs commands that take something away, up to the first that finds it gone: of two processes that take the same away
     * at once only one goes on behind the first command.
     *
     * @return whether all were done
     */
    boolean removeInOrder(List<String> commands) {
        return run(List.of("-batch", "-"), String.join("\n", commands) + "\n").exitCode() == 0;
    }

    private record Outcome(int exitCode, String out, String err) {}

    private Outcome run(List<String> arguments, String input) {
        List<String> command = new ArrayList<>(List.of("ip", family));
        command.addAll(arguments);
        File err = null;
        try {
            err = File.createTempFile("bindlink", ".err"); // two pipes at once would need a thread
            Process process = new ProcessBuilder(command).redirectError(err).start();
            process.outputWriter(StandardCharsets.UTF_8).append(input).close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("it does not end");
            }
            return new Outcome(process.exitValue(), out, Files.readString(err.toPath()));
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, option + " needs the program ip of iproute2: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BindlinkException(BindlinkException.Code.RUNTIME, "interrupted", e);
        } finally {
            if (err != null) {
                err.delete();
            }
        }
    }

    private BindlinkException failed(Outcome outcome) {
        String why = outcome.err().lines().findFirst().orElse("it says no more");
        return why.contains("not permitted")
                ? new BindlinkException(
                        BindlinkException.Code.TUN_UNAVAILABLE,
                        option + " needs root or the capability CAP_NET_ADMIN: " + why)
                : new BindlinkException(BindlinkException.Code.RUNTIME, option + ": ip fails: " + why);
    }
}
