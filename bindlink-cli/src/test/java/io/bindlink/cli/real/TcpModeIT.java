package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * TCP mode as users run it, both ends without any capability: forwarded ports and the proxy, over three links that are
 * unequal and lose packets.
 */
@Isolated("it fills the machine")
@NeedsRealNetwork
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(180)
class TcpModeIT {
    private static final Duration UP = Duration.ofSeconds(30);
    private static final Duration TRANSFER = Duration.ofSeconds(120);
    private static final int CONNECTIONS = 500;

    private Path directory;
    private Testbed net;
    private Program master;
    private Program slave;

    @BeforeAll
    void bringUp(@TempDir Path temporary) throws Exception {
        RealNetwork.assumeProgram("setpriv");
        RealNetwork.assumeProgram("curl");
        directory = temporary;
        net = new Testbed(directory);
        net.hosts(Side.MASTER, "10.80.0.1 web.test\n10.80.0.2 other.test");
        net.start(
                        Side.MASTER,
                        Testbed.java(),
                        "-cp",
                        Testbed.classes().toString(),
                        WebServer.class.getName(),
                        "80",
                        "7")
                .await("ready", UP);
        unequal();
        deadEnds();
        forAnybody();
        master = unprivileged(
                Side.MASTER,
                "master",
                "--listen-port=" + Testbed.PORT,
                "--allow=web.test:80",
                "--allow=127.0.0.1:7",
                "--allow=127.0.0.1:9",
                "--allow=127.0.0.1:5201",
                "--allow=nowhere.test",
                "--allow=10.99.0.0/16",
                "--allow=0.0.0.0/0");
        master.await("master listens", UP);
        slave = unprivileged(
                Side.SLAVE,
                "slave",
                udp(1),
                udp(2),
                udp(3),
                "--forward=8001:web.test:80",
                "--forward=8007:127.0.0.1:7",
                "--forward=8009:127.0.0.1:9",
                "--forward=8010:10.99.2.1:80",
                "--forward=8011:other.test:80",
                "--forward=5201:127.0.0.1:5201",
                "--socks-listen=1080");
        for (int link : Testbed.links()) {
            slave.await("link " + link + " .* -> UP", UP);
        }
    }

    @AfterAll
    void takeDown() throws Exception {
        if (net != null) {
            net.close();
        }
    }

    /** Three links of 80, 40 and 20 Mbit/s, of which two lose packets. */
    private void unequal() throws Exception {
        net.shell(
                Side.FIELD,
                "nft add table inet poor && nft 'add chain inet poor ways { type filter hook forward priority 0; }'");
        int[] mbytes = {10, 5, 3};
        String[] loss = {"", "numgen random mod 1000 < 5 drop", "numgen random mod 1000 < 10 drop"};
        for (int link : Testbed.links()) {
            for (String way : List.of("iifname", "oifname")) {
                String rule = "add rule inet poor ways " + way + " link" + link + " ";
                if (!loss[link - 1].isEmpty()) {
                    net.shell(Side.FIELD, "nft '" + rule + loss[link - 1] + "'");
                }
                net.shell(
                        Side.FIELD,
                        "nft '" + rule + "limit rate over " + mbytes[link - 1]
                                + " mbytes/second burst 256 kbytes drop'");
            }
        }
    }

    /** Behind the master: a network to which no way leads, and one that swallows everything. */
    private void deadEnds() throws Exception {
        net.shell(Side.MASTER, "ip route add unreachable 10.99.1.0/24");
        net.shell(
                Side.FIELD,
                "nft add table inet silence && nft 'add chain inet silence in { type filter hook prerouting priority -300; }'"
                        + " && nft add rule inet silence in ip daddr 10.99.2.0/24 drop");
    }

    /** Lets somebody who may do nothing read key and jar. */
    private void forAnybody() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setOwner(
                net.key(),
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        Path jar = directory.resolve("bindlink.jar");
        Files.copy(Testbed.jar(), jar, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private Program unprivileged(Side side, String role, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--bounding-set=-all",
                "--no-new-privs"));
        command.addAll(List.of(
                Testbed.java(), "-jar", directory.resolve("bindlink.jar").toString(), role));
        command.addAll(List.of("--key-file=" + net.key(), "--http-listen=0"));
        command.addAll(List.of(options));
        return net.start(side, command.toArray(String[]::new));
    }

    private Program curl(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "100"));
        command.addAll(List.of(options));
        return net.start(Side.SLAVE, command.toArray(String[]::new));
    }

    @Test
    void curlThroughAForwardedPortAndThroughTheProxy() throws Exception {
        List<List<String>> ways = List.of(
                List.of("http://localhost:8001/"),
                List.of("--proxy", "socks5h://localhost:1080", "http://web.test/"),
                List.of("--proxytunnel", "--proxy", "http://localhost:1080", "http://web.test/"));
        for (List<String> way : ways) {
            Program curl = curl(way.toArray(String[]::new));
            assertThat(String.join("", curl.awaitEnd(TRANSFER))).as("%s", way).contains("/picture/19");
            assertThat(curl.exitCode()).isZero();
        }
    }

    @Test
    void whatIsRefusedIsToldInTheClientsLanguage() throws Exception {
        refused("Can't complete SOCKS5 connection to other.test. \\(2\\)", "socks5h://localhost:1080", "other.test");
        refused("\\(2\\)", "socks5h://localhost:1080", "127.0.0.1:80");
        refused("\\(5\\)", "socks5h://localhost:1080", "127.0.0.1:9");
        refused("403", "http://localhost:1080", "other.test");
        refused("502", "http://localhost:1080", "127.0.0.1:9");
        Program reset = curl("http://localhost:8009/");
        reset.awaitEnd(TRANSFER);
        // "Recv failure: Connection reset by peer", or "Couldn't connect" when the reset overtakes curl
        assertThat(reset.exitCode()).as("%s", reset).isIn(56, 7);
    }

    private void refused(String how, String proxy, String host) throws Exception {
        Program curl = curl("--proxytunnel", "--proxy", proxy, "http://" + host + "/");
        curl.awaitEnd(TRANSFER);
        assertThat(curl.exitCode()).as("%s", curl).isNotZero();
        assertThat(curl.toString()).containsPattern(how);
    }

    /** All at once, since some of them take their time. */
    @Test
    void answersAreTheDocumentedOnes() throws Exception {
        record Asked(String host, int port, int socksReply, String httpStatus) {}
        List<Asked> all = List.of(
                new Asked("other.test", 80, 2, "403 Forbidden"),
                new Asked("nowhere.test", 80, 4, "502 Bad Gateway"),
                new Asked("10.99.1.1", 80, 4, "502 Bad Gateway"), // no route
                new Asked("127.0.0.1", 9, 5, "502 Bad Gateway"), // refused
                new Asked("10.99.2.1", 80, 6, "504 Gateway Timeout")); // no answer
        List<Program> bySocks = new ArrayList<>();
        List<Program> byHttp = new ArrayList<>();
        for (Asked each : all) {
            bySocks.add(ask(1080, socksConnect(each.host, each.port)));
            byHttp.add(ask(1080, "CONNECT " + each.host + ":" + each.port + " HTTP/1.1\\r\\n\\r\\n"));
        }
        List<Program> forwarded = List.of(ask(8009, ""), ask(8010, ""), ask(8011, ""));
        for (int i = 0; i < all.size(); i++) {
            Asked asked = all.get(i);
            String socks = "05 00 05 0" + asked.socksReply + " 00 01 00 00 00 00 00 00"; // greeting, reply
            assertThat(hex(bySocks.get(i).awaitEnd(TRANSFER))).as("%s", asked).isEqualTo(socks);
            String http = text(byHttp.get(i).awaitEnd(TRANSFER));
            assertThat(http.lines().findFirst()).as("%s", asked).hasValue("HTTP/1.1 " + asked.httpStatus);
            String body = http.substring(http.indexOf("\r\n\r\n") + 4);
            assertThat(body)
                    .as("%s", asked)
                    .contains(asked.host + ":" + asked.port)
                    .endsWith("\n");
            assertThat(http).contains("\r\nContent-Length: " + body.length() + "\r\n");
        }
        for (Program each : forwarded) {
            assertThat(String.join("\n", each.awaitEnd(TRANSFER))).contains("Connection reset by peer");
        }
    }

    /** Greeting and CONNECT, for printf. */
    private static String socksConnect(String host, int port) {
        return String.format(
                "\\x05\\x01\\x00\\x05\\x01\\x00\\x03\\x%02x%s\\x%02x\\x%02x",
                host.length(), host, port >> 8, port & 0xFF);
    }

    /** Says something to a port of the slave and shows all bytes it hears, until the other end closes. */
    private Program ask(int port, String said) throws Exception {
        return net.start(
                Side.SLAVE,
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/" + port + "; printf '" + said + "' >&3; timeout 60 od -An -v -tx1 <&3");
    }

    private static String hex(List<String> dump) {
        return String.join("", dump).strip();
    }

    private static String text(List<String> dump) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex(dump));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void iperfThroughAForwardedPortAndThroughTheProxy() throws Exception {
        net.iperfServer(Side.MASTER);
        Program relay = net.start(
                Side.SLAVE,
                Testbed.java(),
                "-cp",
                Testbed.classes().toString(),
                SocksRelay.class.getName(),
                "5202",
                "1080",
                "127.0.0.1",
                "5201");
        relay.await("ready", UP);
        for (String port : new String[] {"5201", "5202"}) {
            for (String direction : new String[] {"--bidir", "-R"}) {
                String report = net.iperf(Side.SLAVE, "127.0.0.1", "-p", port, "-t", "3", "-P", "2", direction);
                assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e5);
            }
        }
    }

    @Test
    void everyByteArrivesThoughALinkIsCutUnderWay() throws Exception {
        Program sum =
                net.start(Side.SLAVE, "sh", "-c", "curl -sS --max-time 100 http://localhost:8001/bytes/64 | sha256sum");
        Thread.sleep(2_000); // so that it is under way
        net.cut(1);
        Thread.sleep(2_000);
        net.restore(1);
        assertThat(String.join("", sum.awaitEnd(TRANSFER))).startsWith(sumOf(64));
    }

    private static String sumOf(int millions) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        SplittableRandom random = new SplittableRandom(1);
        byte[] million = new byte[1_000_000];
        for (int i = 0; i < millions; i++) {
            random.nextBytes(million);
            digest.update(million);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void manyConnectionsAtOnceAreOpenedUsedAndClosed() throws Exception {
        long masterBefore = descriptors(master);
        long slaveBefore = descriptors(slave);
        Program many = net.start(
                Side.SLAVE,
                Testbed.java(),
                "-cp",
                Testbed.classes().toString(),
                ManyConnections.class.getName(),
                "8007",
                "" + CONNECTIONS);
        assertThat(many.awaitEnd(TRANSFER)).contains(CONNECTIONS + " right, " + CONNECTIONS + " ended");
        awaitDescriptors(master, masterBefore);
        awaitDescriptors(slave, slaveBefore);
    }

    private static long descriptors(Program program) throws Exception {
        try (var files = Files.list(Path.of("/proc", Long.toString(program.pid()), "fd"))) {
            return files.count();
        }
    }

    private static void awaitDescriptors(Program program, long count) throws Exception {
        long deadline = System.nanoTime() + UP.toNanos();
        while (descriptors(program) > count + 2 && System.nanoTime() < deadline) { // a look-up or a log may be open
            Thread.sleep(50);
        }
        assertThat(descriptors(program)).as("sockets left open").isLessThanOrEqualTo(count + 2);
    }

    @Test
    void slowReaderStallsNobodyElse() throws Exception {
        Program slow = curl("--limit-rate", "50k", "-o", "/dev/null", "http://localhost:8001/bytes/40");
        Thread.sleep(1_000); // so that it has filled what is its
        Program fast = curl("-o", "/dev/null", "-w", "%{size_download}\n", "http://localhost:8001/bytes/5");
        assertThat(fast.awaitEnd(TRANSFER)).contains("5000000");
        assertThat(slow.isAlive()).isTrue();
        slow.signal("TERM");
    }

    @Test
    void browserLoadsAPageThroughTheProxy() throws Exception {
        RealNetwork.assumeProgram("chromium");
        Program browser = net.start(
                Side.SLAVE,
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + directory.resolve("browser"),
                "--proxy-server=socks5://127.0.0.1:1080",
                "--virtual-time-budget=30000",
                "--dump-dom",
                "http://web.test/");
        assertThat(String.join("", browser.awaitEnd(TRANSFER))).contains(WebServer.PICTURES + " pictures");
    }
}
