package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All traffic through the bond, and out at the master, by one option at each end; and nothing left of it afterwards. */
@NeedsRealNetwork
@Timeout(150)
class RoutingIT {
    private static final Duration UP = Duration.ofSeconds(30);

    /** An address in the field that only the master may reach in this test: the field knows no way to the bond's addresses. */
    private static final String SERVICE = "203.0.113.1";

    private static final String SERVICE_6 = "2001:db8::1";

    private static final Pattern OUR_TABLE = Pattern.compile("\\b\\d{10}\\b"); // docs/adr/0015

    private Testbed net;
    private Phone phone;

    @BeforeEach
    void prepare(@TempDir Path directory) throws Exception {
        net = new Testbed(directory);
        net.shell(Side.FIELD, "ip addr add " + SERVICE + "/32 dev lo; ip -6 addr add " + SERVICE_6 + "/128 dev lo");
        net.shell(
                Side.MASTER, "echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding");
        phone = Phone.danted(net, 3);
    }

    @AfterEach
    void close() throws Exception {
        if (net != null) {
            net.close();
        }
    }

    @Test
    void everythingGoesThroughTheBondButItsLinksAndIsPutBack() throws Exception {
        String before = routing();
        Program master = natMaster();
        Program slave = routedSlave();
        net.awaitPing(Side.SLAVE, SERVICE, UP);
        net.awaitPing(Side.SLAVE, SERVICE_6, UP);
        assertThat(device("-4", SERVICE)).isEqualTo("bindlink0");
        assertThat(device("-6", SERVICE_6)).isEqualTo("bindlink0");
        assertThat(device("-4", Testbed.MASTER)).isEqualTo("link1");
        assertThat(device("-4", "10.71.3.1")).isEqualTo("link3");
        assertThat(device("-4", "10.71.2.77")).isEqualTo("link2"); // a neighbour
        assertThat(slave.output()).anyMatch(line -> line.contains("changed: ip -4 rule add lookup "));
        assertThat(master.output()).anyMatch(line -> line.contains("changed: sysctl -w net.ipv4.ip_forward=1"));
        slave.stop();
        master.stop();
        assertThat(routing()).isEqualTo(before);
        assertThat(forwarding()).isEqualTo("0\n0\n");
        assertThat(net.shell(Side.MASTER, "nft list tables")).doesNotContain("bindlink");
    }

    @Test
    void whatKilledProcessesLeftIsPutBackByTheNext() throws Exception {
        String before = routing();
        Program master = natMaster();
        Program slave = routedSlave();
        net.awaitPing(Side.SLAVE, SERVICE, UP);
        slave.signal("KILL");
        master.signal("KILL");
        slave.awaitEnd(UP);
        master.awaitEnd(UP);
        assertThat(routing()).contains("14520:");
        assertThat(net.shell(Side.MASTER, "nft list tables")).contains("bindlink_");
        master = natMaster();
        slave = routedSlave();
        net.awaitPing(Side.SLAVE, SERVICE, UP);
        assertThat(rules("-4")).filteredOn(line -> line.startsWith("14520:")).hasSize(1);
        assertThat(rules("-6")).filteredOn(line -> line.startsWith("14510:")).hasSize(1);
        assertThat(net.shell(Side.MASTER, "nft list tables").lines().filter(line -> line.contains("bindlink_")))
                .hasSize(1);
        slave.stop();
        master.stop();
        assertThat(routing()).isEqualTo(before);
        assertThat(forwarding()).isEqualTo("0\n0\n"); // as it was before the one that was killed
    }

    @Test
    void anyStartPutsBackWhatKilledProcessesLeftAndNothingOfTheLiving() throws Exception {
        String before = routing();
        Program master = natMaster();
        Program slave = routedSlave();
        String routed = routing();
        Program other = plainSlave();
        assertThat(routing()).isEqualTo(routed);
        other.stop();
        Program beside = masterBeside("--listen-port=4501", "--tun-address=10.20.20.1/30", "--http-listen=0", "--nat");
        net.awaitShell(Side.MASTER, "nft list ruleset", "10.20.20.0/30", UP);
        for (Program killed : List.of(slave, master)) {
            killed.signal("KILL");
            killed.awaitEnd(UP);
        }
        assertThat(routing()).contains("14520:");
        other = plainSlave();
        other.await("left by a killed process, removed: ip -6 route flush ", UP); // the last of it
        assertThat(routing()).isEqualTo(before);
        Program plainMaster = masterBeside("--listen-port=4502", "--connect-tcp=localhost:22", "--http-listen=0");
        plainMaster.await("left by a killed process, changed back: nft ", UP);
        assertThat(net.shell(Side.MASTER, "nft list ruleset"))
                .contains("10.20.20.0/30")
                .doesNotContain("10.10.10.0/30");
        assertThat(forwarding()).isEqualTo("1\n1\n"); // the living one needs it
        beside.stop();
        assertThat(forwarding()).isEqualTo("0\n0\n");
        plainMaster.stop();
        other.stop();
    }

    private Program masterBeside(String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("master", "--key-file", net.key().toString(), "--control-socket=none"));
        arguments.addAll(List.of(more));
        return net.bindlink(Side.MASTER, arguments.toArray(String[]::new));
    }

    private Program plainSlave() throws Exception {
        Program slave = net.slave(
                "--targets=" + Testbed.MASTER + ":4501", "--listen-tcp=0", "--http-listen=0", "--control-socket=none");
        slave.await("slave started", UP);
        return slave;
    }

    @Test
    void dryRunOnlyPrints() throws Exception {
        String before = routing();
        Program slave = net.slave(
                "--targets=" + Testbed.MASTER + ":4500",
                phone.link(),
                phone.target(),
                "--route=0.0.0.0/0",
                "--dry-run");
        List<String> said = slave.awaitEnd(UP);
        assertThat(slave.exitCode()).isZero();
        assertThat(said)
                .anyMatch(line -> line.matches("ip -4 route add throw 10\\.80\\.0\\.1 table \\d+ proto 145"))
                .anyMatch(line -> line.matches("ip -4 route add throw 10\\.71\\.3\\.1 table \\d+ proto 145"))
                .anyMatch(line -> line.matches("ip -4 route add 0\\.0\\.0\\.0/0 dev bindlink0 table \\d+ proto 145"))
                .anyMatch(line -> line.matches("ip -4 rule add lookup \\d+ priority 14520 protocol 145"))
                .hasSize(5);
        assertThat(routing()).isEqualTo(before);
        Program master = net.master("--nat", "--dry-run");
        assertThat(master.awaitEnd(UP))
                .anyMatch(line -> line.startsWith("nft 'add table inet bindlink_"))
                .anyMatch(line -> line.endsWith(" out ip saddr 10.10.10.0/30 oifname != \"bindlink0\" masquerade'"))
                .contains("sysctl -w net.ipv4.ip_forward=1");
        assertThat(net.shell(Side.MASTER, "nft list tables")).doesNotContain("bindlink");
    }

    @Test
    void dryRunPrintsWhatIsDone() throws Exception {
        String[] ofMaster = {"--tun-address=10.10.10.1/30", "--tun-address=fd10::1/64", "--nat"};
        String[] ofSlave = {
            Testbed.udp(2),
            phone.link(),
            phone.target(),
            "--tun-address=10.10.10.2/30",
            "--tun-address=fd10::2/64",
            "--route=0.0.0.0/0,::/0",
            "--route-links",
            "--nat"
        };
        List<String> masterDry = dryRun(net.master(with("--dry-run", ofMaster)));
        List<String> slaveDry = dryRun(net.slave(with("--dry-run", ofSlave)));
        Program master = net.master(ofMaster);
        master.await("changed: sysctl -w net.ipv6.conf.all.forwarding=1", UP);
        Program slave = net.slave(ofSlave);
        slave.await("changed: ip -6 rule add lookup .* priority 14520", UP);
        String masterReal = changed(Side.MASTER);
        String slaveReal = changed(Side.SLAVE);
        slave.stop();
        master.stop();
        assertThat(saidToChange(master)).hasSameElementsAs(comparable(masterDry));
        assertThat(saidToChange(slave)).hasSameElementsAs(comparable(slaveDry)).hasSizeGreaterThan(10);

        typeByHand(Side.MASTER, "10.10.10.1/30", masterDry);
        typeByHand(Side.SLAVE, "10.10.10.2/30", slaveDry);
        assertThat(changed(Side.MASTER)).isEqualTo(masterReal);
        assertThat(changed(Side.SLAVE)).isEqualTo(slaveReal).contains("14500:", "14520:", "masquerade");
    }

    private static String[] with(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    private static List<String> dryRun(Program node) throws Exception {
        List<String> said = node.awaitEnd(UP);
        assertThat(node.exitCode()).isZero();
        return said;
    }

    private static List<String> saidToChange(Program node) {
        return comparable(node.output().stream()
                .filter(line -> line.contains(" changed: "))
                .map(line -> line.replaceFirst(".* changed: ", ""))
                .toList());
    }

    /** Does what was printed, with a device in place of the node's. */
    private void typeByHand(Side side, String address, List<String> lines) throws Exception {
        net.shell(
                side,
                "ip link add bindlink0 type veth peer name other; ip link set other up; ip addr add " + address
                        + " dev bindlink0;" + " ip link set bindlink0 up");
        net.shell(side, String.join("\n", lines));
    }

    /** All that a node may change. */
    private String changed(Side side) throws Exception {
        String state = net.shell(
                side,
                "ip -4 rule show; ip -6 rule show; ip -4 route show table all proto 145; ip -6 route show table all proto 145;"
                        + " nft list ruleset; cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding");
        return String.join("\n", comparable(state.lines().toList()));
    }

    /** Without what tells one process from another. */
    private static List<String> comparable(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("bindlink_\\d+", "bindlink_PID").replaceAll("was=..", "was"))
                .map(line -> OUR_TABLE.matcher(line).replaceAll(table -> "T" + (Long.parseLong(table.group()) & 0xFF)))
                .toList();
    }

    private Program natMaster() throws Exception {
        Program master = net.master("--tun-address=10.10.10.1/30", "--tun-address=fd10::1/64", "--nat");
        master.await("master listens", UP);
        net.awaitShell(Side.MASTER, "nft list tables", "bindlink_", UP);
        return master;
    }

    private Program routedSlave() throws Exception {
        Program slave = net.slave(
                "--targets=" + Testbed.MASTER + ":4500",
                phone.link(),
                phone.target(),
                "--tun-address=10.10.10.2/30",
                "--tun-address=fd10::2/64",
                "--route=0.0.0.0/0,::/0");
        for (int link : new int[] {1, 2}) {
            slave.await("link " + link + " .* -> UP", UP);
        }
        net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
        net.awaitShell(Side.SLAVE, "ip -4 rule", "14520:", UP);
        net.awaitShell(Side.SLAVE, "ip -6 rule", "14520:", UP);
        return slave;
    }

    private String device(String family, String to) throws Exception {
        return net.shell(Side.SLAVE, "ip " + family + " route get " + to).replaceFirst("(?s).* dev (\\S+) .*", "$1");
    }

    private List<String> rules(String family) throws Exception {
        return net.shell(Side.SLAVE, "ip " + family + " rule show").lines().toList();
    }

    private String routing() throws Exception {
        return net.shell(
                Side.SLAVE,
                "ip -4 rule show; ip -6 rule show; ip -4 route show table all proto 145; ip -6 route show table all proto 145");
    }

    private String forwarding() throws Exception {
        return net.shell(Side.MASTER, "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding")
                + "\n";
    }
}
