package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bindlink.cli.Invocation;
import io.bindlink.cli.MuteDevice;
import io.bindlink.core.Bindlink;
import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.io.FakeConnectProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Phones of known ability, probed. */
@Timeout(120)
class ProbeTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final double RATE_MBIT = 4;

    @TempDir
    private Path directory;

    private final PresharedKey key = PresharedKey.generate();
    private Bindlink master;
    private Air air;
    private String join;

    @BeforeEach
    void start() throws IOException {
        master = Bindlink.master().key(key).tun(new MuteDevice()).start();
        String at = "127.0.0.1:" + master.linkMap().startListener(ANY).getPort();
        air = new Air(List.of(new PhoneModel("phone", RATE_MBIT, 40, 0, 0)), 1);
        join = Files.writeString(directory.resolve("join"), JoinLine.of(at, key).text())
                .toString();
    }

    @AfterEach
    void close() throws Exception {
        air.close();
        master.close();
    }

    @Test
    void tellsWhatAGoodPhoneCanDo() {
        Invocation probe = probe("socks5://" + phone(), "--idle", "3");
        assertThat(probe.out().lines())
                .contains("ok    idle         an idle mapping is kept for 3 s and more")
                .anyMatch(line -> line.startsWith("ok    reach "))
                .anyMatch(line -> line.startsWith("ok    associate "))
                .anyMatch(line -> line.startsWith("ok    master "))
                .anyMatch(line -> line.startsWith("ok    round trip "))
                .anyMatch(line -> line.contains(" mtu "))
                .endsWith("use it: --link socks5://" + phone());
        String capacity = probe.out()
                .lines()
                .filter(line -> line.startsWith("ok    capacity"))
                .findFirst()
                .orElseThrow();
        double megabytes = Double.parseDouble(capacity.replaceFirst(".*found with ([0-9.]+) MB.*", "$1"));
        assertThat(mbit(probe)).isBetween(0.75 * RATE_MBIT, 1.25 * RATE_MBIT);
        assertThat(megabytes).isBetween(0.1, 2.0);
        assertThat(probe.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 0.0", "20, 0.0", "4, 0.02", "20, 0.02"})
    void capacityIsFoundWithTwoMegabytes(double rateMbit, double loss) throws Exception {
        air.close();
        air = new Air(List.of(new PhoneModel("phone", rateMbit, 40, 0, loss)), 1);
        Invocation probe = probe("socks5://" + phone(), "--idle", "0");
        air.close(); // so that its thread counts no more
        assertThat(mbit(probe)).isBetween(0.75 * rateMbit, 1.25 * rateMbit);
        assertThat(air.phones().get(0).sentBytes()).isBetween(100_000L, 2_000_000L);
    }

    private static double mbit(Invocation probe) {
        return Double.parseDouble(probe.out().replaceFirst("(?s).*about ([0-9.]+) Mbit/s.*", "$1"));
    }

    @Test
    void appThatRelaysNoUdpIsTriedByTcp() throws Exception {
        try (FakeConnectProxy proxy = new FakeConnectProxy()) {
            Invocation probe = probe("socks5://127.0.0.1:" + proxy.port());
            assertThat(probe.out().lines())
                    .anyMatch(line -> line.startsWith("FAIL  associate "))
                    .anyMatch(line -> line.startsWith("ok    tcp "))
                    .anyMatch(line -> line.startsWith("ok    associate ") && line.endsWith(" CONNECT"))
                    .anyMatch(line -> line.startsWith("ok    master "))
                    .endsWith("use it: --link socks5+tcp://127.0.0.1:" + proxy.port());
            assertThat(probe.exitCode()).isEqualTo(10);
        }
    }

    @Test
    void runningSlaveIsNotDisturbed() throws Exception {
        try (Bindlink slave = Bindlink.slave()
                .key(key)
                .tun(new MuteDevice())
                .link("udp://" + JoinLine.parse(Files.readString(Path.of(join))).master())
                .start()) {
            slave.awaitUp(Duration.ofSeconds(10));
            Invocation probe = probe("socks5://" + phone());
            assertThat(probe.out())
                    .contains("WARN  master")
                    .contains("key in use")
                    .contains("use it: --link");
            assertThat(probe.exitCode()).isEqualTo(10);
            assertThat(slave.stats().sessions()).isEqualTo(1);
            assertThat(slave.stats().sessionUp()).isTrue();
        }
    }

    @Test
    void stepThatFailsIsNamed() throws Exception {
        int nobody;
        try (ServerSocket gone = new ServerSocket(0)) {
            nobody = gone.getLocalPort();
        }
        Invocation probe = probe("socks5://127.0.0.1:" + nobody, "--json");
        JsonObject json = JsonParser.parseString(probe.out()).getAsJsonObject();
        assertThat(json.get("usable").getAsBoolean()).isFalse();
        assertThat(json.keySet()).containsExactly("schema", "uri", "usable", "verdict", "steps");
        assertThat(json.get("schema").getAsInt()).isEqualTo(1);
        assertThat(json.get("uri").getAsString()).isEqualTo("socks5://127.0.0.1:" + nobody);
        assertThat(json.get("verdict").getAsString()).isEqualTo("failure");
        assertThat(json.getAsJsonArray("steps")).hasSize(1);
        JsonObject step = json.getAsJsonArray("steps").get(0).getAsJsonObject();
        assertThat(step.keySet()).containsExactly("check", "verdict", "text", "hint");
        assertThat(step.toString()).contains("\"reach\"", "cannot be reached");
        assertThat(probe.exitCode()).isEqualTo(11);
        Invocation inWords = probe("socks5://127.0.0.1:" + nobody);
        assertThat(inWords.out().lines())
                .hasSize(3) // the step, its hint, the verdict
                .first()
                .isEqualTo("FAIL  reach        127.0.0.1:" + nobody + " cannot be reached: Connection refused");
        assertThat(inWords.out()).endsWith("it cannot be used as it is" + System.lineSeparator());
        assertThat(inWords.err()).isEmpty();
        assertThat(inWords.exitCode()).isEqualTo(11);
        assertThat(Invocation.of("probe", "udp://127.0.0.1:1", "--join-file", "/nowhere")
                        .err())
                .isEqualToIgnoringNewLines("bindlink: join file /nowhere does not exist");
    }

    private String phone() {
        return "127.0.0.1:" + air.phones().get(0).port();
    }

    private Invocation probe(String uri, String... more) {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"probe", uri, "--join-file", join}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Invocation.of(arguments);
    }
}
