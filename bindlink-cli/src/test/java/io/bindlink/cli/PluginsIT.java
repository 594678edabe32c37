package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.api.spi.TunDeviceProvider;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user's own scheduler and tun device in the packaged jar. */
@Timeout(90)
class PluginsIT {
    private static final String SCHEDULER = """
            import io.bindlink.api.*;
            import java.util.*;
            public class Mine implements io.bindlink.api.spi.SchedulerProvider {
                public String name() { return "mine"; }
                public Scheduler create(Map<String, String> options) {
                    return (packet, links, picks) -> {
                        System.out.println("mine chooses among " + links.size() + ", greeting " + options.get("greeting"));
                        links.forEach(picks::add);
                    };
                }
            }
            """;
    private static final String TUN = """
            import io.bindlink.api.*;
            import java.nio.ByteBuffer;
            import java.util.Optional;
                        import java.util.concurrent.CountDownLatch;
            public class Tun implements io.bindlink.api.spi.TunDeviceProvider {
                public String name() { return "mine"; }
                public Optional<String> unsupported() { return Optional.empty(); }
                public TunDevice open(TunConfig config) {
                    CountDownLatch closed = new CountDownLatch(1);
                    return new TunDevice() {
                        public String name() { return "mine0"; }
                        public Kind kind() { return Kind.IP_PACKETS; }
                        public int mtuBytes() { return config.mtuBytes(); }
                        public void run(PacketSink sink) {
                            System.out.println("mine runs, " + config.addresses() + " " + config.mtuBytes());
                            try {
                                while (closed.getCount() > 0) {
                                    Packet packet = sink.acquire();
                                    if (packet != null) {
                                        packet.data().clear().put((byte) 0x45).put(new byte[99]).flip();
                                        if (!sink.submit(packet, 0, Delivery.BEST_EFFORT, Offload.NONE)) {
                                            packet.release();
                                        }
                                    }
                                    closed.await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                                }
                            } catch (InterruptedException e) {
                                // the end
                            }
                        }
                        public boolean send(ByteBuffer packet, PacketInfo info) { return true; }
                        public void close() { closed.countDown(); }
                    };
                }
            }
            """;
    private static final String THROWING = """
            public class Throwing implements io.bindlink.api.spi.SchedulerProvider {
                public Throwing() { throw new IllegalStateException("no licence"); }
                public String name() { return "throwing"; }
                public io.bindlink.api.Scheduler create(java.util.Map<String, String> options) { return null; }
            }
            """;
    private static final String GIVING_UP = """
            public class GivingUp implements io.bindlink.api.spi.SchedulerProvider {
                public String name() { return "giving-up"; }
                public io.bindlink.api.Scheduler create(java.util.Map<String, String> options) {
                    return (packet, links, picks) -> { throw new IllegalStateException("out of ideas"); };
                }
            }
            """;
    private static final String ELSEWHERE = """
            public class Elsewhere implements io.bindlink.api.spi.TunDeviceProvider {
                public String name() { return "elsewhere"; }
                public java.util.Optional<String> unsupported() { return java.util.Optional.of("it needs the moon"); }
                public io.bindlink.api.TunDevice open(io.bindlink.api.TunConfig config) { return null; }
            }
            """;

    @TempDir
    private Path directory;

    private Path plugin;
    private Path key;
    private int masterPort;

    @BeforeEach
    void build() throws IOException {
        plugin = new PluginJar(directory)
                .add("Mine", SCHEDULER)
                .add("Tun", TUN)
                .add("Throwing", THROWING)
                .add("GivingUp", GIVING_UP)
                .add("Elsewhere", ELSEWHERE)
                .provides(SchedulerProvider.class, "mine.Missing", "mine.Throwing", "mine.Mine", "mine.GivingUp")
                .provides(TunDeviceProvider.class, "mine.Elsewhere", "mine.Tun")
                .build("my-plugin.jar");
        key = directory.resolve("key");
        GenkeyCommand.write(key, PresharedKey.generate().text());
    }

    @Test
    void listTellsWhatThereIsAndWhichJarItIsFrom() throws Exception {
        Invocation invocation = jar().run(List.of("list", "--plugins", plugin.toString()));
        assertThat(invocation.exitCode()).isZero();
        assertThat(invocation.out().lines())
                .anyMatch(line -> line.matches("  mine +my-plugin\\.jar"))
                .anyMatch(line -> line.matches("  elsewhere +my-plugin\\.jar +cannot work here: it needs the moon"))
                .anyMatch(line -> line.matches("  tcp +bindlink-cli\\.jar"))
                .anyMatch(line -> line.matches("  weighted +bindlink-cli\\.jar"))
                .anyMatch(line -> line.matches("  bonding +bindlink-cli\\.jar"));
        assertThat(invocation.out()).doesNotContain("throwing");
        assertThat(invocation.err().lines())
                .containsExactlyInAnyOrder(
                        "bindlink: plugin my-plugin.jar: Provider mine.Missing not found",
                        "bindlink: plugin my-plugin.jar: Provider mine.Throwing could not be instantiated: no licence",
                        "bindlink: plugin my-plugin.jar: tun device elsewhere cannot work here: it needs the moon");
    }

    @Test
    void allJarsOfADirectoryAreOnePlugin() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        Files.copy(plugin, plugins.resolve("a.jar"));
        Invocation invocation = jar().run(List.of("list", "--plugins", plugins.toString()));
        assertThat(invocation.out().lines()).anyMatch(line -> line.matches("  mine +a\\.jar"));
        assertThat(invocation.err()).contains("bindlink: plugin plugins: Provider mine.Missing not found");
    }

    @Test
    void slaveUsesSchedulerAndTunDeviceAndNamesWhatIsBroken() throws Exception {
        try (Bindlink master = master()) {
            Process slave =
                    jar().start(slave("--tun-address=fd00::1/64", "--mtu=1300", "--scheduler=mine,greeting=hello"));
            List<String> said = BuiltJar.awaitLine(slave, "mine chooses among 1, greeting hello");
            slave.toHandle().destroy(); // unlike Process.destroy it leaves the streams open
            assertThat(slave.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(slave.exitValue()).isZero();
            assertThat(said)
                    .contains("mine runs, [fd00::1/64] 1300")
                    .anyMatch(line -> line.endsWith("WARN plugin my-plugin.jar: Provider mine.Missing not found"))
                    .anyMatch(line -> line.contains("WARN plugin my-plugin.jar: Provider mine.Throwing "))
                    .noneMatch(line -> line.contains("Exception") || line.startsWith("\t"));
        }
    }

    @Test
    void schedulerThatThrowsEndsTheSlaveWithALine() throws Exception {
        try (Bindlink master = master()) {
            Invocation invocation = jar().run(slave("--scheduler=giving-up"));
            assertThat(invocation.exitCode()).isEqualTo(1);
            assertThat(invocation.err().lines())
                    .anyMatch(line -> line.matches(".* ERROR closed by a failure: .*out of ideas"))
                    .noneMatch(line -> line.startsWith("\t"));
            assertThat(invocation.err().lines().filter(line -> line.startsWith("bindlink: ")))
                    .singleElement()
                    .asString()
                    .startsWith("bindlink: stopped by a failure: ")
                    .endsWith("out of ideas");
        }
    }

    @Test
    void tunDeviceThatCannotWorkHereIsRefusedWhenAskedFor() throws Exception {
        Invocation invocation = jar().run(List.of(
                "master", "--key-file=" + key, "--http-listen=0", "--plugins=" + plugin, "--tun=elsewhere"));
        assertThat(invocation.exitCode()).isEqualTo(4);
        assertThat(invocation.err()).contains("bindlink: tun device 'elsewhere' cannot work here: it needs the moon\n");
    }

    private Bindlink master() throws IOException {
        Bindlink master = Bindlink.master()
                .key(PresharedKey.read(key))
                .tun(new MuteDevice())
                .start();
        masterPort = master.linkMap()
                .startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .getPort();
        return master;
    }

    /** The beginning of a slave's command line. */
    private List<String> slave(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "slave",
                "--key-file=" + key,
                "--http-listen=0",
                "--plugins=" + plugin,
                "--tun=mine",
                "--targets=127.0.0.1:" + masterPort));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static BuiltJar jar() {
        return new BuiltJar(BuiltJar.path());
    }
}
