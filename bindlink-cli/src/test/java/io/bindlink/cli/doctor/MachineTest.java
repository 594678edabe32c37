package io.bindlink.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.doctor.Finding.Verdict;
import io.bindlink.cli.doctor.Networks.Network;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check on a machine made for it. */
class MachineTest {
    @TempDir
    private Path root;

    @Test
    void permissionIsReadFromTheEffectiveSet() throws IOException {
        put("proc/self/status", "Name:\tjava\nCapInh:\t0\nCapEff:\t0000000000001000\n");
        assertThat(machine().permission().verdict()).isEqualTo(Verdict.OK);
        put("proc/self/status", "CapEff:\tffffffffffffefff\n");
        assertThat(machine().permission().verdict()).isEqualTo(Verdict.WARNING);
        assertThat(machine().permission().hint()).contains("--listen-tcp");
    }

    @Test
    void missingTunDeviceIsAFailure() throws IOException {
        assertThat(machine().tun().verdict()).isEqualTo(Verdict.FAILURE);
        put("dev/net/tun", "");
        assertThat(machine().tun().verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void keyIsLookedAtButNotShown() throws IOException {
        String text = PresharedKey.generate().text();
        Path key = put("key", text);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Finding open = machine().key(key);
        assertThat(open.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(open.toString()).contains("chmod 600").doesNotContain(text);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(machine().key(key).verdict()).isEqualTo(Verdict.OK);
        assertThat(machine().key(put("nokey", "my dog")).toString())
                .startsWith("FAIL")
                .doesNotContain("my dog");
    }

    @Test
    void forwardingIsToldOfAndNoFault() throws IOException {
        put("proc/sys/net/ipv4/ip_forward", "0\n");
        assertThat(machine().forwarding().toString()).startsWith("ok ").contains("is off", "--nat");
        put("proc/sys/net/ipv4/ip_forward", "1\n");
        assertThat(machine().forwarding().toString()).startsWith("ok ").contains("is on");
    }

    @Test
    void missingProgramIsToldOfWithItsPackageAndWhatNeedsIt() {
        assertThat(machine().program("sh", "dash", "--route").verdict()).isEqualTo(Verdict.OK);
        assertThat(machine().program("no-such-program", "nftables", "--nat").toString())
                .startsWith("WARN")
                .contains("--nat needs it", "install nftables");
    }

    @Test
    void strictReversePathIsFoundWhereTheLargerValueSaysSo() throws IOException {
        put("proc/sys/net/ipv4/conf/all/rp_filter", "0");
        put("proc/sys/net/ipv4/conf/default/rp_filter", "1");
        put("proc/sys/net/ipv4/conf/wwan0/rp_filter", "0");
        assertThat(machine().reversePath()).allMatch(each -> each.verdict() == Verdict.OK);
        put("proc/sys/net/ipv4/conf/wwan0/rp_filter", "1");
        assertThat(machine().reversePath().toString())
                .contains("WARN")
                .contains("wwan0")
                .doesNotContain("default,");
        put("proc/sys/net/ipv4/conf/wwan0/rp_filter", "2");
        put("proc/sys/net/ipv4/conf/all/rp_filter", "1");
        assertThat(machine().reversePath()).allMatch(each -> each.verdict() == Verdict.OK);
    }

    @Test
    void twoPhonesWithTheSameNumbersClash() {
        List<Finding> found =
                Networks.clashes(List.of(network("wlan0", "192.168.43.7", 24), network("usb0", "192.168.43.9", 24)));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).toString()).startsWith("FAIL  routes").contains("wlan0", "usb0", "USB");
        assertThat(Networks.clashes(List.of(network("wlan0", "192.168.43.7", 24), network("usb0", "192.168.42.9", 24))))
                .allMatch(each -> each.verdict() == Verdict.OK);
        assertThat(Networks.clashes(List.of(network("eth0", "10.0.0.7", 8))).toString())
                .contains("WARN", "--tun-address");
    }

    private Machine machine() {
        return new Machine(root);
    }

    private Path put(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Network network(String device, String address, int length) {
        try {
            return new Network(device, InetAddress.getByName(address), length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
