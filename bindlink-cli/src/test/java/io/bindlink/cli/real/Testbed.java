package io.bindlink.cli.real;

import io.bindlink.core.PresharedKey;
import io.bindlink.core.base.RealNetwork;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three network namespaces, in which nothing leaves the machine:
 *
 * <pre>
 *   slave                     field                          master
 *   link1 10.71.1.2 ------ 10.71.1.1
 *   link2 10.71.2.2 ------ 10.71.2.1    uplink 10.80.0.2 ---- 10.80.0.1 uplink
 *   link3 10.71.3.2 ------ 10.71.3.1
 *         fd71:N::2        fd71:N::1           fd80::2        fd80::1
 * </pre>
 *
 * The field forwards, and is where phones, NATs and strangers are. What is sent from a link's address leaves by that
 * link. Confined to its test.
 */
final class Testbed implements AutoCloseable {
    static final String MASTER = "10.80.0.1";

    /** The master's and the slave's addresses inside the bond, when nobody says otherwise. */
    static final String INNER_MASTER = "10.10.10.1";

    static final String INNER_SLAVE = "10.10.10.2";
    static final int LINKS = 3;
    static final int PORT = 4500;

    private static final Duration SHORT = Duration.ofSeconds(30); // a JVM's start on a busy machine is among it

    private static final String IPERF_LISTENS = "Server listening";

    /** A namespace; the last one only after {@link #lan}. */
    enum Side {
        SLAVE,
        FIELD,
        MASTER,
        LAN
    }

    private static final AtomicInteger MADE = new AtomicInteger(); // several live at once

    private static final ClassArchives ARCHIVES = new ClassArchives();

    private final String prefix = "bl" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path directory;
    private final Path key;
    private @Nullable Program iperfServer;
    private int iperfRuns;

    Testbed(Path directory) throws Exception {
        RealNetwork.assumeAvailable();
        for (String program : List.of("nft", "ping", "iperf3", "setsid")) {
            RealNetwork.assumeProgram(program);
        }
        this.directory = directory;
        this.key = directory.resolve("key");
        try {
            build();
            ARCHIVES.await(this);
        } catch (Exception | AssertionError e) {
            close(); // or the next test finds its namespaces taken
            throw e;
        }
    }

    private void build() throws IOException, InterruptedException {
        for (Side side : List.of(Side.SLAVE, Side.FIELD, Side.MASTER)) {
            add(side);
        }
        String field = "";
        String slave = "";
        String cables = cable("uplink", Side.FIELD, Side.MASTER);
        for (int link = 1; link <= LINKS; link++) {
            cables += cable("link" + link, Side.SLAVE, Side.FIELD);
            field += linkInField(link);
            slave += linkAtSlave(link);
        }
        shell(null, cables);
        shell(
                Side.FIELD,
                field + "ip addr add 10.80.0.2/24 dev uplink; ip -6 addr add fd80::2/64 dev uplink nodad;"
                        + " ip link set uplink up; echo 1 > /proc/sys/net/ipv4/ip_forward;"
                        + " echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
        shell(Side.SLAVE, slave);
        shell(
                Side.MASTER,
                "ip addr add 10.80.0.1/24 dev uplink; ip -6 addr add fd80::1/64 dev uplink nodad;"
                        + " ip link set uplink up; ip route add default via 10.80.0.2; ip -6 route add default via fd80::2");
        Files.writeString(key, PresharedKey.generate().text());
        ownerOnly(key);
    }

    private void add(Side side) throws IOException, InterruptedException {
        shell(null, "ip netns add " + name(side));
        open.push(() -> shell(null, "ip netns delete " + name(side)));
        shell(
                side,
                "ip link set lo up; echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter;"
                        + " echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter;"
                        + " echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
    }

    /** Puts a computer behind the slave: 192.168.1.2, whose gateway is the slave at 192.168.1.1. */
    void lan() throws IOException, InterruptedException {
        add(Side.LAN);
        shell(null, cable("lan", Side.SLAVE, Side.LAN));
        shell(Side.SLAVE, "ip addr add 192.168.1.1/24 dev lan; ip link set lan up");
        shell(Side.LAN, "ip addr add 192.168.1.2/24 dev lan; ip link set lan up; ip route add default via 192.168.1.1");
    }

    private String cable(String device, Side one, Side other) {
        return "ip link add " + device + " netns " + name(one) + " type veth peer name " + device + " netns "
                + name(other) + "\n";
    }

    private static String linkInField(int link) {
        String device = " dev link" + link;
        return "ip addr add 10.71." + link + ".1/24" + device + "; ip -6 addr add fd71:" + link + "::1/64" + device
                + " nodad; ip link set link" + link + " up\n";
    }

    private static String linkAtSlave(int link) {
        String device = " dev link" + link;
        String net = "10.71." + link;
        String net6 = "fd71:" + link + ":";
        String metric = " metric " + (100 + link);
        String table = " table " + (100 + link);
        return "ip addr add " + net + ".2/24" + device + "; ip -6 addr add " + net6 + ":2/64" + device
                + " nodad; ip link set link" + link + " up;"
                + " ip route add default via " + net + ".1" + device + metric + ";"
                + " ip route add default via " + net + ".1" + device + table + ";"
                + " ip rule add from " + net + ".2" + table + ";"
                + " ip -6 route add default via " + net6 + ":1" + device + metric + ";"
                + " ip -6 route add default via " + net6 + ":1" + device + table + ";"
                + " ip -6 rule add from " + net6 + ":2" + table + "\n";
    }

    static Path jar() {
        return Path.of(System.getProperty("bindlink.jar", "target/bindlink-cli.jar"))
                .toAbsolutePath();
    }

    /** Where this test's own programs are. */
    static Path classes() {
        try {
            return Path.of(Testbed.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path key() {
        return key;
    }

    Path directory() {
        return directory;
    }

    private String name(Side side) {
        return prefix + side.name().charAt(0);
    }

    /** The link by plain UDP over one of the three ways. */
    static String udp(int link) {
        return "--link=udp://" + MASTER + ":" + PORT + "?from=10.71." + link + ".2";
    }

    // ---- programs ----

    /** Starts a program in a namespace. It is ended with the testbed. */
    Program start(Side side, String... command) throws IOException {
        List<String> entered = new ArrayList<>(List.of("ip", "netns", "exec", name(side)));
        entered.addAll(List.of(command));
        Program program = Program.start(entered);
        open.push(program);
        return program;
    }

    /** Starts the jar in a namespace. */
    Program bindlink(Side side, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), "-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return start(side, command.toArray(String[]::new));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    Program master(String... more) throws IOException {
        return bindlink(
                Side.MASTER, with(List.of("master", "--key-file", key.toString(), "--listen-port", "" + PORT), more));
    }

    Program slave(String... more) throws IOException {
        return bindlink(Side.SLAVE, with(List.of("slave", "--key-file", key.toString()), more));
    }

    private static String[] with(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** Runs a line of shell in a namespace, or outside of all; answers what it said. */
    String shell(@Nullable Side side, String line) throws IOException, InterruptedException {
        Program program = side == null
                ? Program.start(List.of("sh", "-ec", line))
                : Program.start(List.of("ip", "netns", "exec", name(side), "sh", "-ec", line));
        List<String> said = program.awaitEnd(SHORT);
        if (program.exitCode() != 0) {
            throw new AssertionError("failed with " + program.exitCode() + ": " + program);
        }
        return String.join("\n", said);
    }

    /** Starts a script in a namespace, in a directory. */
    Program script(Side side, Path in, String script) throws IOException {
        return start(side, "sh", "-c", "cd " + in + "\n" + script);
    }

    /** Lets a namespace know names: an own {@code /etc/hosts} for what is started in it from now on. */
    void hosts(Side side, String lines) throws IOException {
        Path etc = Files.createDirectories(Path.of("/etc/netns", name(side)));
        open.push(() -> {
            Files.delete(etc.resolve("hosts"));
            Files.delete(etc);
        });
        Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n" + lines + "\n");
    }

    /** What a node publishes at its default address. */
    String metrics(Side side) throws IOException, InterruptedException {
        String get =
                "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /metrics HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3; cat <&3";
        return String.join("\n", start(side, "bash", "-c", get).awaitEnd(SHORT));
    }

    /** One of these figures; 0 when it is not there. */
    long counter(Side side, String name) throws IOException, InterruptedException {
        return metrics(side)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(0);
    }

    // ---- what happens in the field ----

    /** From now on nothing passes on a link, either way, and nobody is told. */
    void cut(int link) throws IOException, InterruptedException {
        shell(
                Side.FIELD,
                "nft add table inet cut" + link + " && nft 'add chain inet cut" + link
                        + " in { type filter hook prerouting priority -300; }' && nft 'add chain inet cut" + link
                        + " out { type filter hook postrouting priority 300; }' && nft add rule inet cut" + link
                        + " in iifname link" + link + " drop && nft add rule inet cut" + link + " out oifname link"
                        + link
                        + " drop");
    }

    void restore(int link) throws IOException, InterruptedException {
        shell(Side.FIELD, "nft delete table inet cut" + link);
    }

    // ---- measuring ----

    /** Answers to pings, sent from a namespace to an address every 20 ms. */
    int answeredPings(Side side, String address, int count) throws IOException, InterruptedException {
        Program ping = start(side, "ping", "-n", "-q", "-i", "0.02", "-W", "2", "-c", "" + count, address);
        List<String> said = ping.awaitEnd(Duration.ofSeconds(30));
        return said.stream()
                .filter(line -> line.contains("packets transmitted"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*transmitted, (\\d+) received.*", "$1")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ping.toString()));
    }

    /** Waits until an address answers a ping. */
    void awaitPing(Side side, String address, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (answeredPings(side, address, 1) == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(address + " did not answer a ping within " + limit);
            }
        }
    }

    /** Runs a line of shell again and again until it says something. */
    void awaitShell(Side side, String line, String text, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (String said = shell(side, line); !said.contains(text); said = shell(side, line)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("'" + line + "' did not say '" + text + "' within " + limit + " but: " + said);
            }
            Thread.sleep(50);
        }
    }

    /** Starts an iperf3 server inside the bond, at the master. */
    void iperfServer(Side side) throws IOException, InterruptedException {
        iperfServer = start(side, "iperf3", "-s", "--forceflush");
        iperfServer.await(IPERF_LISTENS, SHORT);
    }

    /** Runs an iperf3 client to its end, and the server to where it serves the next; gives the client's JSON report. */
    String iperf(Side side, String server, String... options) throws IOException, InterruptedException {
        Program client = startIperf(side, server, options);
        String report = String.join("\n", client.awaitEnd(Duration.ofSeconds(60)));
        if (client.exitCode() != 0 || report.contains("\"error\"")) {
            throw new AssertionError(client.toString());
        }
        iperfRuns++;
        Objects.requireNonNull(iperfServer).await(IPERF_LISTENS, iperfRuns + 1, SHORT);
        return report;
    }

    Program startIperf(Side side, String server, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("iperf3", "-J", "-c", server));
        command.addAll(List.of(options));
        return start(side, command.toArray(String[]::new));
    }

    /** The last figure of a name in iperf3's report, which is the sum's. */
    static double figure(String report, String sum, String name) {
        int at = report.lastIndexOf("\"" + sum + "\"");
        int value = at < 0 ? -1 : report.indexOf("\"" + name + "\":", at);
        if (value < 0) {
            throw new AssertionError("no " + sum + "." + name + " in " + report);
        }
        return Double.parseDouble(report.substring(value + name.length() + 3).split("[,}\\s]+", 3)[1]);
    }

    /** Ends all programs and removes the namespaces. */
    @Override
    public void close() throws Exception {
        Exception first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    static int[] links() {
        return IntStream.rangeClosed(1, LINKS).toArray();
    }

    static void ownerOnly(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
