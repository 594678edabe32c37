package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkState;
import io.bindlink.api.Role;
import io.bindlink.cli.control.Control;
import io.bindlink.cli.control.ControlSocket;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.base.RealNetwork;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The jar asks a node in this process, on a terminal that the program {@code script} makes, or without one. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // one that reads a pipe hears no interrupt
class TerminalIT {
    private static final String CTRL_C = "\003";
    private static final String UP_A_LINE = "\033\\[\\d+A"; // ECMA-48: CUU

    @TempDir
    private Path directory;

    private Bindlink master;
    private Bindlink slave;
    private ControlSocket socket;

    @BeforeEach
    void start() throws Exception {
        PresharedKey key = PresharedKey.generate();
        master = Bindlink.master().key(key).tun(new Streams()).start();
        InetSocketAddress listening =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        slave = Bindlink.slave()
                .key(key)
                .tun(new Streams())
                .link("udp://127.0.0.1:" + listening.getPort())
                .start();
        socket = ControlSocket.bind(directory.resolve("c.sock"), Role.SLAVE);
        socket.serve(new Control(slave, link -> {}));
        slave.awaitUp(Duration.ofSeconds(20));
        while (slave.linkMap().links().get(0).state() != LinkState.UP) {
            Thread.onSpinWait(); // the test's timeout ends it
        }
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        slave.close();
        master.close();
    }

    @Test
    void lastLinkIsRemovedOnlyAfterAYes() throws Exception {
        Invocation no = answered("n\n", "link remove 1");
        assertThat(no.out())
                .contains("is the last one that works: without it nothing passes. Go on? [y/N]")
                .contains("bindlink: nothing was changed")
                .doesNotContain("Exception");
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(answered("\n", "link remove 1").exitCode()).isEqualTo(1); // no is what is meant by nothing
        assertThat(slave.linkMap().links()).hasSize(1);
        Invocation yes = answered("y\n", "link remove 1");
        assertThat(yes.out()).contains("link 1 (udp://127.0.0.1:").contains(") removed");
        assertThat(yes.exitCode()).isZero();
        assertThat(slave.linkMap().links()).isEmpty();
    }

    @Test
    void lastLinkStaysWhereNobodyCanBeAsked() throws Exception {
        Invocation refused = new BuiltJar(BuiltJar.path()).run(arguments("link remove 1"));
        assertThat(refused.err()).contains("is the last one that works").contains("if you mean it, add --yes");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(slave.linkMap().links()).hasSize(1);
    }

    @Test
    void watchRedrawsTheTableUntilCtrlC() throws Exception {
        SignalTest.assumeHeeded("INT");
        Process watch = onTerminal("status --watch");
        String said = awaitTwice(watch.getInputStream(), UP_A_LINE);
        assertThat(said.split("slave is UP", -1)).hasSizeGreaterThan(2);
        watch.getOutputStream().write(CTRL_C.getBytes(StandardCharsets.US_ASCII));
        watch.getOutputStream().flush();
        watch.getInputStream().readAllBytes();
        assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isZero();
    }

    @Test
    void watchPrintsPlainLinesWhereNoTerminalIs() throws Exception {
        SignalTest.assumeHeeded("INT");
        Process watch = new BuiltJar(BuiltJar.path()).start(arguments("status --watch"));
        String said = awaitTwice(watch.getInputStream(), "slave up .*\\R");
        assertThat(said).doesNotContain("\033");
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(watch.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isZero();
    }

    /** Reads until something was said twice. */
    private static String awaitTwice(InputStream in, String pattern) throws IOException {
        StringBuilder said = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (said.toString().split(pattern, -1).length <= 2) {
            int length = in.read(buffer);
            assertThat(length).as("ended after: %s", said).isPositive();
            said.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
        return said.toString();
    }

    private Invocation answered(String answer, String commandLine) throws Exception {
        Process process = onTerminal(commandLine);
        process.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush(); // and kept open: its end would be the terminal's
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Invocation(process.exitValue(), said, "");
    }

    private Process onTerminal(String commandLine) throws IOException {
        RealNetwork.assumeProgram("script");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = "exec " + java + " -jar " + BuiltJar.path(); // a shell between would die of Ctrl-C by itself
        String command = jar + " " + String.join(" ", arguments(commandLine));
        ProcessBuilder builder = new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null");
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.redirectErrorStream(true).start();
    }

    private List<String> arguments(String commandLine) {
        return List.of((commandLine + " --socket " + directory.resolve("c.sock")).split(" "));
    }
}
