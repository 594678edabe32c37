package example.bond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.bindlink.core.PresharedKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link XorParity} between two network namespaces, over a link that loses 2 % of the datagrams each way, with real tun
 * devices and iperf3. Needs root.
 */
@Timeout(120)
class TwoPercentLossTest {
    private static final String PREFIX = "xor" + ProcessHandle.current().pid();
    private static final String MASTER = PREFIX + "m";
    private static final String SLAVE = PREFIX + "s";
    private static final Pattern LOST_PERCENT = Pattern.compile("\"lost_percent\":\\s*([0-9.e+-]+)");

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path directory;

    @BeforeEach
    void makeNamespaces() throws Exception {
        for (String program : List.of("ip", "nft", "iperf3")) {
            if (!succeeds("command -v " + program)) {
                skip("the program '" + program + "' is not installed");
            }
        }
        if (!succeeds("ip netns add " + MASTER)) {
            skip("network namespaces need root and a kernel that allows them");
        }
        shell("ip netns add " + SLAVE);
        shell("ip link add wire netns " + MASTER + " type veth peer name wire netns " + SLAVE);
        // Or the system hands over several datagrams as one, and the rule below loses them together.
        shell("ip -n " + MASTER + " link set wire gso_max_segs 1 && ip -n " + SLAVE + " link set wire gso_max_segs 1");
        set(MASTER, "10.72.0.1/24");
        set(SLAVE, "10.72.0.2/24");
    }

    private static void set(String namespace, String address) throws Exception {
        String within = "ip netns exec " + namespace + " ";
        shell(within + "ip link set lo up; " + within + "ip addr add " + address + " dev wire; " + within
                + "ip link set wire up; " + within + "nft 'add table inet loss'; " + within
                + "nft 'add chain inet loss in { type filter hook prerouting priority -300; }'; " + within
                + "nft 'add rule inet loss in iifname wire udp dport != 0 numgen random mod 1000 < 20 drop'");
    }

    @AfterEach
    void removeAll() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        succeeds("ip netns delete " + MASTER);
        succeeds("ip netns delete " + SLAVE);
    }

    @Test
    void parityRepairsIt() throws Exception {
        Path key = directory.resolve("key");
        Files.writeString(key, PresharedKey.generate().text());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Process master = node(MASTER, key.toString());
        Process slave = node(SLAVE, key.toString(), "10.72.0.1");
        BufferedReader said = slave.inputReader();
        awaitLine(said, "up");

        Process server = start(MASTER, List.of("iperf3", "-s", "-1", "--forceflush"));
        awaitLine(server.inputReader(), "Server listening");
        // Small and slow: a server that a busy machine keeps waiting for half a second must not lose any by itself.
        Process client = start(
                SLAVE, List.of("iperf3", "-c", "10.10.10.1", "-u", "-b", "700K", "-l", "300", "-t", "6", "-J"));
        String report = new String(client.getInputStream().readAllBytes());
        Matcher lost = LOST_PERCENT.matcher(report.substring(Math.max(0, report.lastIndexOf("\"sum\""))));
        assertTrue(lost.find(), report);

        slave.getOutputStream().close();
        master.getOutputStream().close();
        long rebuilt = figure(master.inputReader(), "rebuilt ");
        long lostDatagrams = figure(said, "lost ");
        System.out.println("iperf3 lost " + lost.group(1) + " %, the link " + lostDatagrams + " datagrams, rebuilt "
                + rebuilt + " packets");
        assertEquals(0, slave.waitFor());
        assertTrue(lostDatagrams > 10, report); // 2 % of 2,187 are 44
        assertTrue(rebuilt > 10);
        assertTrue(Double.parseDouble(lost.group(1)) < 1, report); // two losses in a group are 0.15 %
    }

    /** This program's own {@link TunNode}, started the way this test was. */
    private Process node(String namespace, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (TunNode.class.getModule().isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path"), "-m", "example.bond/example.bond.TunNode"));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "example.bond.TunNode"));
        }
        command.addAll(List.of(arguments));
        return start(namespace, command);
    }

    private Process start(String namespace, List<String> command) throws IOException {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of("ip", "netns", "exec", namespace), command.stream())
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    private static String awaitLine(BufferedReader said, String start) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        return fail("ended without saying '" + start + "'");
    }

    private static long figure(BufferedReader said, String name) throws IOException {
        return Long.parseLong(awaitLine(said, name).substring(name.length()));
    }

    private static void shell(String line) throws Exception {
        assertTrue(succeeds(line), line);
    }

    private static boolean succeeds(String line) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", "PATH=$PATH:/usr/sbin:/sbin; " + line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static void skip(String reason) {
        if ("required".equals(System.getProperty("bindlink.real"))) {
            fail(reason);
        }
        System.out.println("SKIPPED: " + reason);
        abort(reason);
    }
}
