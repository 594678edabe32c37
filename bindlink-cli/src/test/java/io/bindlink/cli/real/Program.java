package io.bindlink.cli.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A running program and all it has said, standard output and standard error as one. Thread-safe. */
final class Program implements AutoCloseable {
    /** A line and when it was read. */
    record Line(String text, long epochMillis) {}

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final Thread reader;
    private final List<Line> lines = new ArrayList<>(); // guarded by itself

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program as the leader of a process group of its own. */
    static Program start(List<String> command) throws IOException {
        List<String> grouped = new ArrayList<>(List.of("setsid"));
        grouped.addAll(command);
        return new Program(
                String.join(" ", command),
                new ProcessBuilder(grouped).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                synchronized (lines) {
                    lines.add(new Line(text, System.currentTimeMillis()));
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Line> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    List<String> output() {
        return lines().stream().map(Line::text).toList();
    }

    /** Waits for a line that contains a pattern. */
    Line await(String pattern, Duration limit) throws InterruptedException {
        return await(pattern, 1, limit);
    }

    /** Waits for so many lines that contain a pattern, and gives the last of them. */
    Line await(String pattern, int count, Duration limit) throws InterruptedException {
        Predicate<String> wanted = Pattern.compile(pattern).asPredicate();
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lines) {
            while (true) {
                Optional<Line> found = lines.stream()
                        .filter(line -> wanted.test(line.text()))
                        .skip(count - 1)
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new AssertionError(
                            "'" + pattern + "' was not said " + count + " times within " + limit + ": " + this);
                }
                lines.wait(Math.min(leftMillis, 100));
            }
        }
    }

    /** Waits for the end of a program that ends by itself, and gives its output. */
    List<String> awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("did not end within " + limit + ": " + this);
        }
        reader.join(PATIENCE.toMillis());
        return output();
    }

    /** The process that was started; what starts another in its place keeps the number. */
    long pid() {
        return process.pid();
    }

    int exitCode() {
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal to the program and all it started. */
    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, "--", "-" + process.pid())
                .start()
                .waitFor();
    }

    /** Ends the program as a user would. */
    void stop() throws IOException, InterruptedException {
        signal("TERM");
        awaitEnd(PATIENCE);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process.isAlive()) {
            signal("TERM");
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                signal("KILL");
                process.waitFor();
            }
        }
        signal("KILL"); // what it may have left behind
    }

    @Override
    public String toString() {
        return name + (process.isAlive() ? "" : " (ended with " + process.exitValue() + ")") + "\n  "
                + String.join("\n  ", output());
    }
}
