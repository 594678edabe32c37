package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.figure;
import static io.bindlink.cli.real.Testbed.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
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
        forAnybody();
        master = unprivileged(
                Side.MASTER,
                "master",
                "--listen-port=" + Testbed.PORT,
                "--allow=web.test:80",
                "--allow=127.0.0.1:7",
                "--allow=127.0.0.1:9",
                "--allow=127.0.0.1:5201",
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

    @Test
    void iperfThroughAForwardedPort() throws Exception {
        net.iperfServer(Side.MASTER);
        for (String direction : new String[] {"--bidir", "-R"}) {
            String report = net.iperf(Side.SLAVE, "127.0.0.1", "-t", "3", "-P", "2", direction);
            assertThat(figure(report, "sum_received", "bytes")).isGreaterThan(1e6);
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
