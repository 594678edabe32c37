package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.PresharedKey;
import io.bindlink.core.base.RealNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two modems in a network namespace of the test's own; only one of them is on the default route. */
@Timeout(90)
class RouteLinksIT {
    private static final String NAMESPACE = "bl-cli-" + ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    private Path key;
    private boolean made;

    @BeforeEach
    void makeNamespace() throws Exception {
        RealNetwork.assumeAvailable();
        key = directory.resolve("key");
        GenkeyCommand.write(key, PresharedKey.generate().text());
        ip("netns add " + NAMESPACE);
        made = true;
        for (String command : List.of(
                "link set lo up",
                "link add modem1 type veth peer name peer1",
                "link add modem2 type veth peer name peer2",
                "addr add 10.61.1.2/24 dev modem1",
                "addr add 10.61.2.2/24 dev modem2",
                "addr add 2001:db8:61::2/64 dev modem2 nodad",
                "link set peer1 up",
                "link set peer2 up",
                "link set modem1 up",
                "link set modem2 up",
                "route add default via 10.61.1.1 dev modem1",
                "route add default via 10.61.2.1 dev modem2 metric 500",
                "-6 route add default via 2001:db8:61::1 dev modem2")) {
            ip("-n " + NAMESPACE + " " + command);
        }
    }

    @AfterEach
    void removeNamespace() throws Exception {
        if (made) { // else the test was skipped
            ip("netns del " + NAMESPACE);
        }
    }

    @Test
    void eachLinkLeavesThroughItsModemWhileTheSlaveRuns() throws Exception {
        String rules = ip("-n " + NAMESPACE + " rule show");
        assertThat(device("10.61.2.2", "192.0.2.1")).isEqualTo("modem1");
        Process slave = slave();
        assertThat(device("10.61.1.2", "192.0.2.1")).isEqualTo("modem1");
        assertThat(device("10.61.2.2", "192.0.2.1")).isEqualTo("modem2");
        assertThat(device("10.61.2.2", "10.61.2.9")).isEqualTo("modem2");
        assertThat(device("2001:db8:61::2", "2001:db8::1")).isEqualTo("modem2");
        assertThat(ip("-n " + NAMESPACE + " route get 192.0.2.1 from 10.61.2.2"))
                .contains("via 10.61.2.1");
        slave.destroy();
        assertThat(slave.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(slave.exitValue()).isZero();
        assertThat(ip("-n " + NAMESPACE + " rule show")).isEqualTo(rules);
        assertThat(ip("-n " + NAMESPACE + " route show table all")).doesNotContain("proto 145");
        assertThat(ip("-n " + NAMESPACE + " -6 route show table all")).doesNotContain("proto 145");
    }

    @Test
    void whatAKilledSlaveLeftIsTakenAwayByTheNext() throws Exception {
        Process killed = slave();
        killed.destroyForcibly().waitFor();
        String left = ip("-n " + NAMESPACE + " rule show");
        assertThat(left).contains("from 10.61.2.2");
        Process slave = slave();
        String rules = ip("-n " + NAMESPACE + " rule show");
        assertThat(rules.lines().filter(line -> line.contains("10.61.2.2"))).hasSize(1);
        assertThat(rules).isNotEqualTo(left);
        slave.destroy();
        assertThat(slave.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ip("-n " + NAMESPACE + " rule show")).doesNotContain("10.61.2.2");
    }

    @Test
    void withoutThePermissionNothingIsStarted() throws Exception {
        RealNetwork.assumeProgram("setpriv");
        BuiltJar powerless = new BuiltJar(
                BuiltJar.path(),
                "ip",
                "netns",
                "exec",
                NAMESPACE,
                "setpriv",
                "--bounding-set=-net_admin",
                "--inh-caps=-net_admin");
        Invocation invocation = powerless.run(arguments());
        assertThat(invocation.err()).contains("bindlink: --route-links needs root or the capability CAP_NET_ADMIN: ");
        assertThat(invocation.err()).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(invocation.exitCode()).isEqualTo(4);
    }

    private Process slave() throws IOException {
        Process slave = new BuiltJar(BuiltJar.path(), "ip", "netns", "exec", NAMESPACE).start(arguments());
        BuiltJar.awaitLine(slave, "slave started");
        return slave;
    }

    private List<String> arguments() {
        return List.of(
                "slave",
                "--key-file=" + key,
                "--http-listen=0",
                "--listen-tcp=0",
                "--route-links",
                "--link=udp://192.0.2.1:4500?from=10.61.1.2",
                "--link=udp://192.0.2.1:4501?from=10.61.2.2",
                "--link=udp://192.0.2.1:4502?from=10.61.2.2",
                "--link=udp://192.0.2.1:4503?from=10.61.9.9",
                "--link=udp://[2001:db8::1]:4500?from=2001:db8:61::2");
    }

    /** The interface by which the kernel would send. */
    private static String device(String from, String to) throws Exception {
        return ip("-n " + NAMESPACE + " route get " + to + " from " + from).replaceFirst("(?s).* dev (\\S+) .*", "$1");
    }

    private static String ip(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
        return said;
    }
}
