package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.Gson;
import io.bindlink.api.LinkUri;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.tun.tcp.TcpTunDevice;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.simple.SimpleServiceProvider;
import picocli.CommandLine;

/** Processes of their own, ended by SIGTERM and SIGINT. */
@Timeout(60)
class SignalTest {
    private static final int SIGINT_BIT = 1 << 1;
    private static final String MAIN = Main.class.getName();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void stoppedNodeEndsCleanlyWithZero(String signal) throws Exception {
        assumeHeeded(signal);
        Path key = Files.writeString(
                directory.resolve("key"), PresharedKey.generate().text());
        Process process = start(
                MAIN,
                "master",
                "--key-file",
                key.toString(),
                "--listen",
                "127.0.0.1",
                "--listen-port",
                "0",
                "--http-listen",
                "0",
                "--listen-tcp",
                "0");
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            assertThat(err.readLine()).contains("can be read by others");
            assertThat(err.readLine()).contains("master listens on UDP 127.0.0.1:");
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(err.lines()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void stoppedDemoEndsWithZeroAndLeavesNoFile() throws Exception {
        Process process = start("-Djava.io.tmpdir=" + directory, MAIN, "demo");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("Bindlink demo");
            while (!String.valueOf(out.readLine()).contains("the file leaves")) {
                assertThat(process.isAlive()).isTrue();
            }
            process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(directory).isEmptyDirectory();
        }
    }

    /** A shell may start its background jobs, and so this test and its children, with SIGINT ignored for good. */
    static void assumeHeeded(String signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (signal.equals("INT") && Files.exists(status)) {
            String ignored = Files.readString(status).split("SigIgn:\\s*")[1].split("\\s")[0];
            if ((Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) != 0) {
                System.out.println("SKIPPED: SIGINT is ignored by whoever started this test");
                abort("SIGINT is ignored");
            }
        }
    }

    private static Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath());
        builder.command().addAll(List.of(arguments));
        return builder.start();
    }

    /** What the program needs, wherever this test's own class path has it. */
    private static String classPath() {
        return Stream.of(
                        Main.class,
                        TcpTunDevice.class,
                        Bindlink.class,
                        LinkUri.class,
                        CommandLine.class,
                        Logger.class,
                        SimpleServiceProvider.class,
                        Gson.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(location.getPath()).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }
}
