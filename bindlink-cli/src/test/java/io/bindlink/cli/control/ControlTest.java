package io.bindlink.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkState;
import io.bindlink.api.Role;
import io.bindlink.cli.Invocation;
import io.bindlink.cli.LeftThreads;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pair in this process, asked and changed by the commands over the slave's socket. */
@Timeout(60)
class ControlTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final PresharedKey KEY = PresharedKey.generate();

    @TempDir
    private Path directory;

    private Path path;
    private Bindlink master;
    private Bindlink slave;
    private ControlSocket socket;
    private String uri;

    @BeforeEach
    void start() throws Exception {
        path = directory.resolve("c.sock");
        master = Bindlink.master().key(KEY).tun(new Streams()).start();
        uri = "udp://127.0.0.1:" + master.linkMap().startListener(ANY).getPort();
        slave = Bindlink.slave().key(KEY).tun(new Streams()).link(uri).start();
        socket = ControlSocket.bind(path, Role.SLAVE);
        socket.serve(new Control(slave, link -> {}));
        slave.awaitUp(Duration.ofSeconds(10));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        slave.close();
        master.close();
        assertThat(path).doesNotExist();
        assertThat(LeftThreads.of("bindlink-control")).isEmpty();
    }

    @Test
    void onlyItsOwnerCanOpenTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path); // the place where it was made is gone
        }
    }

    @Test
    void statusTellsOfTheNode() {
        awaitState(uri, LinkState.UP);
        Invocation table = Invocation.of("status", "--socket", path.toString());
        assertThat(table.out()).contains("slave is UP", "   1  " + uri, "session up");
        assertThat(table.err()).isEmpty();
        JsonObject json = JsonParser.parseString(Invocation.of("status", "--json", "--socket", path.toString())
                        .out())
                .getAsJsonObject();
        assertThat(json.get("health").getAsString()).isEqualTo("up");
        assertThat(json.getAsJsonArray("events").toString()).contains("session_started");
    }

    @Test
    void doctorTellsWhatEachLinkCarries() {
        awaitState(uri, LinkState.UP);
        assertThat(Invocation.of("doctor", "--socket", path.toString()).out())
                .containsPattern(
                        "ok +link mtu +link 1 \\(" + Pattern.quote(uri) + "\\) carries \\d{4,5} bytes of payload");
        assertThat(Invocation.of("doctor", "--socket", path + ".not").out()).contains("no node answers at " + path);
        Invocation inJson = Invocation.of("doctor", "--json", "--socket", path.toString());
        JsonObject json = JsonParser.parseString(inJson.out()).getAsJsonObject();
        assertThat(json.keySet()).containsExactly("schema", "verdict", "findings");
        assertThat(json.get("schema").getAsInt()).isEqualTo(1);
        List<String> verdicts = List.of("ok", "warning", "failure");
        int worst = 0;
        for (JsonElement each : json.getAsJsonArray("findings")) {
            JsonObject finding = each.getAsJsonObject();
            assertThat(finding.keySet()).containsExactly("check", "verdict", "text", "hint");
            assertThat(finding.get("text").getAsString()).isNotEmpty();
            worst = Math.max(worst, verdicts.indexOf(finding.get("verdict").getAsString()));
        }
        assertThat(json.getAsJsonArray("findings").toString()).contains("\"link mtu\"");
        assertThat(json.get("verdict").getAsString()).isEqualTo(verdicts.get(worst));
        assertThat(inJson.exitCode()).isEqualTo(new int[] {0, 10, 11}[worst]);
    }

    @Test
    void exitCodeTellsHowItIs() {
        awaitState(uri, LinkState.UP);
        assertThat(status()).isZero();
        assertThat(link("add", "udp://127.0.0.1:9").exitCode()).isZero();
        assertThat(status()).isEqualTo(10);
        master.close();
        while (status() != 11) {
            Thread.onSpinWait(); // the test's timeout ends it
        }
    }

    @Test
    void linksAreAddedPausedResumedAndRemoved() {
        awaitState(uri, LinkState.UP);
        assertThat(link("add", uri + "?from=127.0.0.1").out()).startsWith("link 2 (" + uri + "?from=127.0.0.1) added");
        awaitState(uri + "?from=127.0.0.1", LinkState.UP);
        assertThat(link("add", uri).err()).contains("is there already");
        assertThat(link("pause", "2").out()).contains("link 2 ").contains("paused");
        awaitState(uri + "?from=127.0.0.1", LinkState.PAUSED);
        assertThat(link("resume", uri + "?from=127.0.0.1").exitCode()).isZero();
        awaitState(uri + "?from=127.0.0.1", LinkState.UP);
        assertThat(link("list").out()).contains("   2  UP ").contains("   1  UP ");
        assertThat(link("list", "--json").out()).startsWith("[");
        assertThat(link("remove", "1").exitCode()).isZero();
        assertThat(slave.linkMap().links()).hasSize(1);
        assertThat(link("remove", "7").err()).contains("there is no link '7'");
    }

    @Test
    void lastLinkIsRemovedOnlyOnPurpose() {
        awaitState(uri, LinkState.UP);
        link("add", "udp://127.0.0.1:9"); // never works, so the other one is still the last that does
        for (String what : new String[] {"remove", "pause"}) {
            Invocation refused = link(what, "1");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .isEqualToIgnoringNewLines("bindlink: link 1 (" + uri
                            + ") is the last one that works: without it nothing passes; if you mean it, add --yes");
        }
        assertThat(link("remove", "2").exitCode()).isZero();
        assertThat(link("remove", "1", "--yes").exitCode()).isZero();
        assertThat(slave.linkMap().links()).isEmpty();
    }

    @Test
    void passwordIsReadByWhoAddsTheLinkAndShownToNobody() throws IOException {
        Path file = Files.writeString(directory.resolve("pw"), "open sesame\n");
        Invocation added = link("add", "udp://me@127.0.0.1:9?password-file=" + file);
        assertThat(added.err()).contains("only proxies take a user name");
        added = link("add", "socks5://me@127.0.0.1:9?password-file=" + file);
        assertThat(added.err()).contains("proxy target"); // this slave has none; the URI was understood
        assertThat(added.err() + added.out()).doesNotContain("sesame").doesNotContain("me@");
        Files.delete(file);
    }

    @Test
    void masterLearnsItsLinks() throws IOException {
        Path other = directory.resolve("m.sock");
        try (ControlSocket ofMaster = ControlSocket.bind(other, Role.MASTER)) {
            ofMaster.serve(new Control(master, link -> {}));
            Invocation added = Invocation.of("link", "add", uri, "--socket", other.toString());
            assertThat(added.exitCode()).isEqualTo(2);
            assertThat(added.err()).contains("a master learns its links from its slave");
        }
    }

    @Test
    void nonsenseIsAnsweredAndHurtsNobody() throws IOException {
        assertThat(raw("what?\n")).contains("not a JSON object on one line");
        assertThat(raw("[1]\n")).contains("not a JSON object");
        assertThat(raw("{}\n")).contains("lacks 'command'");
        assertThat(raw("{\"command\":\"dance\"}\n")).contains("unknown command 'dance'");
        assertThat(raw("{\"command\":{}}\n")).contains("lacks 'command'");
        assertThat(raw("x".repeat(20_000))).isEmpty();
        assertThat(link("list").exitCode()).isZero();
    }

    @Test
    void pathIsTakenFromTheDeadButNotFromTheLiving() throws IOException {
        assertThatThrownBy(() -> ControlSocket.bind(path, Role.SLAVE)).hasMessage("another node answers there");
        Path left = directory.resolve("left.sock");
        ControlSocket killed = ControlSocket.bind(left, Role.SLAVE);
        Path aside = Files.move(left, directory.resolve("aside"));
        killed.close(); // as if it had been killed: nobody listens, and the path is there
        Files.move(aside, left);
        assertThatThrownBy(() -> ControlClient.open(left))
                .isInstanceOf(BindlinkException.class)
                .hasMessageContaining("no node answers at " + left);
        try (ControlSocket next = ControlSocket.bind(left, Role.SLAVE)) {
            next.serve(new Control(slave, link -> {}));
            ControlClient.open(left).close();
        }
    }

    @Test
    void placesAreThoseOfTheUser() {
        assertThat(new ControlPlace(Map.of("XDG_RUNTIME_DIR", "/run/user/7"), "me").directory())
                .isEqualTo(Path.of("/run/user/7/bindlink"));
        assertThat(new ControlPlace(Map.of("XDG_RUNTIME_DIR", "/run/user/0"), "root").directory())
                .isEqualTo(Path.of("/run/bindlink"));
        assertThat(new ControlPlace(Map.of("RUNTIME_DIRECTORY", "/run/bindlink/a:/run/b"), "x").directory())
                .isEqualTo(Path.of("/run/bindlink/a"));
        assertThat(new ControlPlace(Map.of(), "me").directory()).isEqualTo(Path.of("/tmp/bindlink-me"));
    }

    private String raw(String request) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(StandardCharsets.UTF_8.encode(request));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            client.read(answer);
            return StandardCharsets.UTF_8.decode(answer.flip()).toString();
        } catch (IOException e) {
            return ""; // hung up on
        }
    }

    private int status() {
        return Invocation.of("status", "--exit-code", "--socket", path.toString())
                .exitCode();
    }

    private Invocation link(String... words) {
        String[] arguments = new String[words.length + 3];
        arguments[0] = "link";
        System.arraycopy(words, 0, arguments, 1, words.length);
        arguments[words.length + 1] = "--socket";
        arguments[words.length + 2] = path.toString();
        return Invocation.of(arguments);
    }

    private void awaitState(String link, LinkState state) {
        while (slave.linkMap().links().stream()
                .noneMatch(each -> each.uri().toString().equals(link) && each.state() == state)) {
            Thread.onSpinWait(); // the test's timeout ends it
        }
    }
}
