package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged jar, run as a user does who says nothing to the JVM. */
@Isolated("an archive is made with what nobody else needs of the processor")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class RelaunchIT {
    private static final String LEAN = "-XX:+UseSerialGC";
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private Path key;
    private int port; // of the node started last

    @AfterEach
    void endWhatATestLeft() {
        started.forEach(Process::destroy);
    }

    @BeforeEach
    void makeKey() throws IOException {
        key = directory.resolve("my key\nand more");
        GenkeyCommand.write(key, PresharedKey.generate().text());
    }

    @Test
    void nodeGetsItsOptionsInTheSameProcessAndObeysItsSignals() throws Exception {
        List<String> typed = command(List.of());
        Process node = start(typed, Map.of());
        List<String> words = words(node);
        assertThat(words).contains(LEAN);
        assertThat(words.get(0)).isEqualTo(typed.get(0));
        assertThat(Path.of("/proc/" + node.pid() + "/comm")).hasContent("java");
        assertThat(words.subList(words.indexOf("-jar"), words.size())).isEqualTo(typed.subList(1, typed.size()));
        assertThat(openFiles(node, BuiltJar.path().toRealPath())).isOne();
        assertThat(openFiles(node, Path.of("/dev/urandom"))).isLessThanOrEqualTo(1);
        signal(node, "QUIT");
        BuiltJar.awaitLine(node, "Full thread dump");
        end(node);
    }

    @ParameterizedTest
    @CsvSource({
        "-Xmx64m, A, b",
        ", JDK_JAVA_OPTIONS, -Xmx64m",
        ", JAVA_TOOL_OPTIONS, -Xmx64m",
        ", BINDLINK_RELAUNCH, off",
    })
    void whoSaysOtherwiseIsHeeded(String option, String variable, String value) throws Exception {
        List<String> typed = command(option == null ? List.of() : List.of(option));
        Process node = start(typed, Map.of(variable, value));
        assertThat(words(node)).isEqualTo(typed);
        end(node);
    }

    @Test
    void firstNodeMakesAnArchiveOfItsClassesThatTheNextOneUses() throws Exception {
        Map<String, String> variables = Map.of("XDG_CACHE_HOME", directory.toString());
        Process first = start(command(List.of()), variables);
        assertThat(words(first)).anyMatch(word -> word.startsWith("-XX:DumpLoadedClassList=" + directory));
        try (Bindlink slave = Bindlink.slave()
                .key(PresharedKey.read(key))
                .link("udp://127.0.0.1:" + port)
                .tun(new Streams())
                .start()) {
            slave.awaitUp(PATIENCE);
            awaitArchive();
        }
        end(first);
        Process second = start(command(List.of()), variables);
        assertThat(words(second)).anyMatch(word -> word.startsWith("-XX:SharedArchiveFile=" + directory));
        assertThat(Files.readString(Path.of("/proc/" + second.pid() + "/maps")))
                .contains(directory.toRealPath() + "/bindlink/");
        end(second);
    }

    private void awaitArchive() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Stream<Path> files = Files.list(directory.resolve("bindlink"))) {
                List<Path> all = files.toList();
                if (all.size() == 1 && !all.get(0).getFileName().toString().contains(".")) {
                    return;
                }
                assertThat(System.nanoTime()).as("%s", all).isLessThan(deadline);
            }
            Thread.sleep(100);
        }
    }

    private List<String> command(List<String> options) {
        return Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        options,
                        List.of("-jar", BuiltJar.path().toString(), "master", "--key-file", key.toString()),
                        List.of("--listen", "127.0.0.1", "--listen-port", "0", "--http-listen", "0"),
                        List.of("--listen-tcp", "0"))
                .flatMap(List::stream)
                .toList();
    }

    private Process start(List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.contains("JAVA") && name.contains("OPTIONS"));
        builder.environment().putAll(variables);
        Process node = builder.start();
        started.add(node);
        List<String> said = BuiltJar.awaitLine(node, "master listens on UDP");
        String address = said.get(said.size() - 1);
        port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return node;
    }

    private static void end(Process node) throws Exception {
        signal(node, "TERM");
        assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    private static void signal(Process node, String name) throws Exception {
        String pid = Long.toString(node.pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    private static List<String> words(Process node) throws IOException {
        return List.of(
                Files.readString(Path.of("/proc/" + node.pid() + "/cmdline")).split("\0"));
    }

    /** How often a process has a file open. */
    private static long openFiles(Process node, Path file) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/" + node.pid() + "/fd"))) {
            return links.filter(link -> target(link).equals(file)).count();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return Path.of("closed meanwhile");
        }
    }
}
