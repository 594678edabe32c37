package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/quick-starts.md, word for word, in a world made to fit their addresses. */
@NeedsRealNetwork
@Timeout(150)
class QuickStartsIT {
    private static final Duration UP = Duration.ofSeconds(40);
    private static final String SERVICE = "203.0.113.1";
    private static final String PUBLIC = "9.9.9.9"; // in a namespace of the test's; documentation's addresses are not

    private Path directory;
    private Testbed net;

    @BeforeEach
    void prepare(@TempDir Path temporary) throws Exception {
        directory = temporary;
        Files.createSymbolicLink(directory.resolve("bindlink-cli.jar"), Testbed.jar());
        net = new Testbed(directory);
        net.hosts(Side.SLAVE, "10.80.0.1 server.example\n" + SERVICE + " example.com");
        net.hosts(Side.FIELD, "10.80.0.1 server.example");
        net.shell(Side.FIELD, "ip addr add " + SERVICE + "/32 dev lo");
    }

    @AfterEach
    void close() throws Exception {
        if (net != null) {
            net.close();
        }
    }

    @Test
    void threePhonesAndAServer() throws Exception {
        RealNetwork.assumeProgram("curl");
        phone(1, "192.168.43", 24, 1080);
        phone(2, "172.20.10", 28, 9876);
        phone(3, "192.168.42", 24, 1080, 129);
        String[] parts = parts("Three phones and a server");
        assertThat(parts).as("server, van and another window").hasSize(3);
        server(parts);
        Program web = web();
        Program slave = net.script(Side.SLAVE, directory, parts[1]);
        awaitLinks(slave, 3);
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.awaitPing(Side.SLAVE, SERVICE, UP);
        assertThat(net.shell(Side.SLAVE, "ip route get " + SERVICE)).contains("dev bindlink0");
        Program curl = net.script(Side.SLAVE, directory, parts[2]);
        assertThat(String.join("\n", curl.awaitEnd(UP))).contains("<html>", "</html>");
        assertThat(curl.exitCode()).isZero();
        web.await("page for " + Testbed.MASTER, UP); // so it came out at the master
    }

    @Test
    void twoModemsOnARouter() throws Exception {
        RealNetwork.assumeProgram("curl");
        net.lan();
        for (int modem : new int[] {8, 9}) {
            net.shell(Side.FIELD, "ip addr add 192.168." + modem + ".1/24 dev link" + (modem - 7));
            net.shell(Side.SLAVE, "ip addr add 192.168." + modem + ".100/24 dev link" + (modem - 7));
        }
        String[] parts = parts("Two modems on a router");
        server(parts);
        Program slave = net.script(Side.SLAVE, directory, parts[1]);
        awaitLinks(slave, 2);
        net.awaitPing(Side.SLAVE, SERVICE, UP);
        net.awaitShell(Side.SLAVE, "nft list ruleset", "oifname \"bindlink0\" masquerade", UP);
        assertThat(net.shell(Side.SLAVE, "ip route get 10.80.0.1 from 192.168.9.100"))
                .contains("dev link2");
        Program web = web();
        net.awaitPing(Side.LAN, SERVICE, UP);
        assertThat(net.shell(Side.LAN, "curl -sS -m 20 http://" + SERVICE + "/"))
                .contains("<html>", "</html>");
        web.await("page for " + Testbed.MASTER, UP); // the field knows no way to the network behind the router
    }

    @Test
    void noRootJustABrowser() throws Exception {
        phone(1, "192.168.43", 24, 1080);
        phone(2, "172.20.10", 28, 9876);
        String[] parts = parts("No root, just a browser");
        net.shell(Side.FIELD, "ip addr add " + PUBLIC + "/32 dev lo");
        server(parts);
        String classes = Testbed.classes().toString();
        net.start(Side.FIELD, Testbed.java(), "-cp", classes, Greeter.class.getName(), PUBLIC, "80")
                .await("greeting", UP);
        Program slave = net.script(Side.SLAVE, directory, parts[1]);
        awaitLinks(slave, 2);
        String ask = "printf 'CONNECT " + PUBLIC + ":80 HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3";
        assertThat(net.shell(Side.SLAVE, "timeout 20 bash -c \"exec 3<>/dev/tcp/127.0.0.1/1080; " + ask + "\""))
                .contains(" 200 ")
                .endsWith(Greeter.GREETING);
    }

    private Program web() throws Exception {
        String classes = Testbed.classes().toString();
        Program web = net.start(Side.FIELD, Testbed.java(), "-cp", classes, WebServer.class.getName(), "80", "8007");
        web.await("ready", UP);
        return web;
    }

    @Test
    void insideMyJavaProgram() throws Exception {
        phone(1, "192.168.43", 24, 1080);
        Files.copy(Path.of("..", "docs", "examples", "JoinedSlave.java"), directory.resolve("JoinedSlave.java"));
        String[] parts = parts("Inside my Java program");
        server(parts);
        Program slave = net.script(Side.SLAVE, directory, parts[1]);
        assertThat(slave.awaitEnd(UP)).anyMatch(line -> line.matches("UP|DEGRADED"));
        assertThat(slave.exitCode()).isZero();
    }

    /** What is done at the server, and what elsewhere. */
    private static String[] parts(String title) throws Exception {
        String page = Files.readString(Path.of("..", "docs", "quick-starts.md"));
        Matcher block =
                Pattern.compile("(?s)## " + title + "\n.*?```sh\n(.*?)```").matcher(page);
        assertThat(block.find()).as(title).isTrue();
        String[] parts = block.group(1).split("(?m)^(?=# (?:in the van|on the router))");
        assertThat(parts)
                .as("the server's part and the other ones: %s", block.group(1))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(parts[0]).startsWith("# on the server");
        return parts;
    }

    private void server(String[] parts) throws Exception {
        Program master = net.script(
                Side.MASTER, directory, "export STATE_DIRECTORY=" + directory.resolve("state") + "\n" + parts[0]);
        master.await("master listens", UP);
        Path join = directory.resolve("join");
        assertThat(Files.readString(join)).startsWith("bindlink-cli slave --join bindlink://server.example:4500/");
        assertThat(Files.getPosixFilePermissions(join)).hasSize(2); // the owner's two
    }

    private void phone(int link, String network, int length, int port) throws Exception {
        phone(link, network, length, port, 1);
    }

    private void phone(int link, String network, int length, int port, int host) throws Exception {
        String address = network + "." + host;
        net.shell(Side.FIELD, "ip addr add " + address + "/" + length + " dev link" + link);
        net.shell(Side.SLAVE, "ip addr add " + network + ".2/" + length + " dev link" + link);
        Phone.danted(net, address, port);
    }

    private static void awaitLinks(Program slave, int links) throws Exception {
        for (int link = 1; link <= links; link++) {
            slave.await("link " + link + " .* -> UP", UP);
        }
        assertThat(List.of(slave)).allMatch(Program::isAlive);
    }
}
