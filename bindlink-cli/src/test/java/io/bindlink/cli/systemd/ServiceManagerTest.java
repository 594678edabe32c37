package io.bindlink.cli.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.NativeLibrary;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What arrives at a socket like systemd's. */
@Timeout(60)
class ServiceManagerTest {
    private static final Status STATUS = new Status(
            new Stats(Role.SLAVE, false, 0, List.of(), Map.of()), "bindlink0", Duration.ZERO, List.of(), List.of());

    @TempDir
    private Path directory;

    /** A datagram socket bound to a path. */
    private static final class Listener implements AutoCloseable {
        private final int descriptor;

        Listener(Path path) {
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            byte[] address = new byte[2 + name.length + 1];
            address[0] = 1; // AF_UNIX on a little-endian machine
            System.arraycopy(name, 0, address, 2, name.length);
            descriptor = call("socket", 1, 2, 0);
            assertThat(call("bind", descriptor, address, address.length)).isZero();
        }

        String receive() {
            byte[] text = new byte[4096];
            int length = call("recv", descriptor, text, (long) text.length, 0);
            return new String(Arrays.copyOf(text, length), StandardCharsets.UTF_8);
        }

        private static int call(String name, Object... arguments) {
            return NativeLibrary.getProcess().getFunction(name).invokeInt(arguments);
        }

        @Override
        public void close() {
            call("close", descriptor);
        }
    }

    @Test
    void hearsWhenTheNodeIsReadyThatItLivesAndWhenItStops() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        Path path = directory.resolve("n");
        try (Listener listener = new Listener(path)) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "200000");
            try (ServiceManager manager = ServiceManager.of(environment, 7)) {
                manager.ready(() -> STATUS);
                assertThat(listener.receive()).isEqualTo("READY=1\nSTATUS=down, 0 of 0 links up");
                assertThat(listener.receive()).isEqualTo("WATCHDOG=1\nSTATUS=down, 0 of 0 links up");
            }
            String last = listener.receive();
            while (!last.equals("STOPPING=1")) {
                last = listener.receive(); // a beat may have been under way
            }
        }
    }

    @Test
    void withoutAServiceManagerNothingIsSaid() {
        for (String address : List.of("", "nowhere", directory.resolve("none").toString(), "/" + "x".repeat(200))) {
            try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", address), 7)) {
                manager.ready(() -> STATUS);
            }
        }
    }

    @Test
    void journalIsKnownByItsSocket() {
        assertThat(Journal.takes(null, "socket:[7]")).isFalse();
        assertThat(Journal.takes("9:7", "socket:[7]")).isTrue();
        assertThat(Journal.takes("9:7", "pipe:[7]")).isFalse();
        assertThat(Journal.takes("9:7", "socket:[8]")).isFalse();
    }

    @Test
    void unitsSayWhatTheyMust() throws IOException {
        for (String name : List.of("master", "slave")) {
            String unit = Files.readString(Path.of("packaging/systemd/bindlink-" + name + ".service"));
            assertThat(unit.lines())
                    .contains(
                            "Type=notify",
                            "NotifyAccess=main",
                            "WatchdogSec=30",
                            "SuccessExitStatus=143",
                            "DynamicUser=yes",
                            "NoNewPrivileges=yes",
                            "ProtectSystem=strict",
                            "CapabilityBoundingSet=CAP_NET_ADMIN",
                            "DeviceAllow=/dev/net/tun rw",
                            "RuntimeDirectory=bindlink",
                            "WantedBy=multi-user.target");
            assertThat(unit).contains("bindlink-cli.jar " + name + " ").doesNotContain("MemoryDenyWriteExecute=yes");
        }
    }
}
