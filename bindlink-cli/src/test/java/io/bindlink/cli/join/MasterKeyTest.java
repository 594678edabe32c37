package io.bindlink.cli.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    @Test
    void placeDependsOnWhoAsks() {
        assertThat(MasterKey.of(Map.of("STATE_DIRECTORY", "/var/lib/bindlink"), "root", "/root")
                        .file())
                .isEqualTo(Path.of("/var/lib/bindlink/master.key"));
        assertThat(MasterKey.of(Map.of(), "root", "/root").file()).isEqualTo(Path.of("/etc/bindlink/master.key"));
        assertThat(MasterKey.of(Map.of(), "me", "/home/me").file())
                .isEqualTo(Path.of("/home/me/.config/bindlink/master.key"));
        assertThat(MasterKey.of(Map.of("XDG_CONFIG_HOME", "/c"), "me", "/home/me")
                        .file())
                .isEqualTo(Path.of("/c/bindlink/master.key"));
    }

    @Test
    void keyIsMadeOnceAndKept(@TempDir Path directory) throws IOException {
        MasterKey place = new MasterKey(directory.resolve("new/master.key"));
        PresharedKey key = place.readOrMake(Files::writeString);
        assertThat(place.readOrMake((file, text) -> {
                    throw new AssertionError("there is one");
                }))
                .isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("new"))))
                .isEqualTo("rwx------");
    }

    @Test
    void placeThatCannotBeWrittenIsToldOf() {
        MasterKey place = new MasterKey(Path.of("/proc/nowhere/master.key"));
        assertThatThrownBy(() -> place.readOrMake(Files::writeString))
                .isInstanceOf(BindlinkException.class)
                .hasMessage(
                        "no key was given, and none can be made at /proc/nowhere/master.key; name one: --key-file FILE");
    }

    @Test
    void mostPublicAddressIsTaken() throws UnknownHostException {
        assertThat(best("127.0.0.1", "::1", "fe80::1")).isEqualTo("");
        assertThat(best("127.0.0.1", "10.0.0.1", "fd00::1")).isEqualTo("10.0.0.1");
        assertThat(best("fd00::1", "2001:db8::1", "192.168.1.1")).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(best("2001:db8::1", "100.64.0.1", "172.32.0.1")).isEqualTo("172.32.0.1");
    }

    private static String best(String... addresses) throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>();
        for (String each : addresses) {
            all.add(InetAddress.getByName(each));
        }
        return OwnAddress.mostPublic(all).map(InetAddress::getHostAddress).orElse("");
    }
}
