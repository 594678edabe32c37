package io.bindlink.tun.jna;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A real device and the kernel's own network stack behind it. */
@InPrivateNetwork
class JnaTunDeviceTest {
    private static final String HERE = "10.199.7.1";
    private static final String PEER = "10.199.7.2";
    private static final String HERE6 = "fd00:199:7::1";
    private static final String PEER6 = "fd00:199:7::2";
    private static final int PATIENCE_MILLIS = 20_000;
    private static final byte[] PAYLOAD = "over the tun".getBytes(US_ASCII);
    private static final byte[] MSS_1460 = {2, 4, 0x05, (byte) 0xb4};

    private static RunningTun tun(int mtuBytes) throws IOException {
        return new RunningTun(RunningTun.config(Role.MASTER, mtuBytes, HERE + "/30", HERE6 + "/64")).start();
    }

    private static DatagramSocket socket(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Packets of a protocol, over IPv4 or IPv6 by what is given. */
    private static Predicate<byte[]> protocol(int version, int number) {
        return packet -> packet[0] >>> 4 == version && packet[version == 4 ? 9 : 6] == number;
    }

    // ---- what is made ----

    @Test
    void interfaceIsAsItWasAskedFor() throws IOException {
        TunConfig config = new TunConfig(
                Role.SLAVE,
                Optional.of("bltest7"),
                List.of(HERE + "/30", HERE6 + "/64", "10.199.8.1 peer 10.199.9.9/32"),
                1300,
                false,
                Map.of());
        try (TunDevice device = new JnaTunDeviceProvider().open(config)) {
            assertThat(device.name()).isEqualTo("bltest7");
            assertThat(device.kind()).isEqualTo(TunDevice.Kind.IP_PACKETS);
            assertThat(device.mtuBytes()).isEqualTo(1300);
            assertThat(Machine.run("ip", "address", "show", "dev", "bltest7"))
                    .contains("POINTOPOINT", "UP,LOWER_UP", "mtu 1300", "qlen 1000")
                    .contains("inet 10.199.7.1/30 scope global")
                    .contains("inet 10.199.8.1 peer 10.199.9.9/32 scope global")
                    .contains("inet6 fd00:199:7::1/64 scope global nodad")
                    .doesNotContain("inet6 fd00:199:7::1/64 scope global tentative");
            assertThat(Machine.run("ip", "route")).contains("10.199.7.0/30 dev bltest7", "10.199.9.9 dev bltest7");
            assertThat(Machine.run("ip", "-6", "route")).contains("fd00:199:7::/64 dev bltest7");
        }
    }

    @Test
    void masterAndSlaveHaveNamesAndAddressesByThemselves() throws IOException {
        JnaTunDeviceProvider provider = new JnaTunDeviceProvider();
        try (TunDevice master = provider.open(TunConfig.of(Role.MASTER));
                TunDevice slave = provider.open(TunConfig.of(Role.SLAVE))) {
            assertThat(master.name()).isEqualTo("bindlink0");
            assertThat(slave.name()).isEqualTo("bindlink1");
            assertThat(Machine.run("ip", "address", "show", "dev", "bindlink0"))
                    .contains("inet 10.10.10.1/30", "mtu 1380");
            assertThat(Machine.run("ip", "address", "show", "dev", "bindlink1"))
                    .contains("inet 10.10.10.2/30", "mtu 1380");
        }
    }

    // ---- out ----

    @Test
    void datagramsForThePeerAreRead() throws Exception {
        try (RunningTun tun = tun(1380);
                DatagramSocket socket = socket(HERE, 0)) {
            for (int i = 0; i < 100; i++) {
                socket.send(new DatagramPacket(PAYLOAD, PAYLOAD.length, InetAddress.getByName(PEER), 7000 + i));
                assertThat(tun.await(protocol(4, IpPacket.UDP)))
                        .endsWith(PAYLOAD)
                        .hasSize(28 + PAYLOAD.length)
                        .containsSequence((7000 + i) >>> 8, 7000 + i & 0xff);
            }
        }
    }

    @Test
    void ipv6DatagramsForThePeerAreRead() throws Exception {
        try (RunningTun tun = tun(1380);
                DatagramSocket socket = socket(HERE6, 0)) {
            socket.send(new DatagramPacket(PAYLOAD, PAYLOAD.length, InetAddress.getByName(PEER6), 7000));
            assertThat(tun.await(protocol(6, IpPacket.UDP))).endsWith(PAYLOAD).hasSize(48 + PAYLOAD.length);
        }
    }

    @Test
    void largestPacketPassesBothWays() throws Exception {
        byte[] payload = new byte[65_507];
        Arrays.fill(payload, (byte) 'x');
        try (RunningTun tun = tun(65_535);
                DatagramSocket socket = socket(HERE, 7001)) {
            socket.setReceiveBufferSize(1_000_000);
            socket.send(new DatagramPacket(payload, payload.length, InetAddress.getByName(PEER), 7000));
            assertThat(tun.await(protocol(4, IpPacket.UDP))).hasSize(65_535).endsWith(payload);
            assertThat(tun.send(IpPacket.udp(PEER, 7000, HERE, 7001, payload))).isTrue();
            DatagramPacket got = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(got);
            assertThat(got.getLength()).isEqualTo(payload.length);
        }
    }

    @Test
    void withoutASessionPacketsAreDroppedAndNoBufferIsLost() throws Exception {
        try (RunningTun tun = tun(1380);
                DatagramSocket socket = socket(HERE, 0)) {
            tun.setSessionUp(false);
            for (int i = 0; i < 50; i++) {
                socket.send(new DatagramPacket(PAYLOAD, PAYLOAD.length, InetAddress.getByName(PEER), 7000));
                tun.awaitRefused();
            }
            tun.setSessionUp(true);
            byte[] next = "next".getBytes(US_ASCII);
            socket.send(new DatagramPacket(next, next.length, InetAddress.getByName(PEER), 7000));
            tun.await(packet -> packet.length == 28 + next.length); // one from before may still come
            tun.close();
            assertThat(tun.end()).succeedsWithin(Duration.ofSeconds(20));
            assertThat(tun.freeBuffers()).isEqualTo(4);
        }
    }

    @Test
    void readingGoesOnWhenThereAreBuffersAgain() throws Exception {
        RunningTun tun = new RunningTun(RunningTun.config(Role.MASTER, 1380, HERE + "/30"));
        tun.takeBuffers();
        try (tun;
                DatagramSocket socket = socket(HERE, 0)) {
            tun.start();
            tun.awaitStarved();
            socket.send(new DatagramPacket(PAYLOAD, PAYLOAD.length, InetAddress.getByName(PEER), 7000));
            tun.thread().interrupt(); // means nothing to it
            tun.awaitStarved();
            tun.giveBuffers();
            assertThat(tun.await(protocol(4, IpPacket.UDP))).endsWith(PAYLOAD);
        }
    }

    // ---- in ----

    @Test
    void packetsSentReachASocket() throws Exception {
        try (RunningTun tun = tun(1380);
                DatagramSocket socket = socket(HERE, 7001);
                DatagramSocket socket6 = socket(HERE6, 7001)) {
            assertThat(tun.send(IpPacket.udp(PEER, 7000, HERE, 7001, PAYLOAD))).isTrue();
            assertReceives(socket, PEER);
            assertThat(tun.send(IpPacket.udp(PEER6, 7000, HERE6, 7001, PAYLOAD)))
                    .isTrue();
            assertReceives(socket6, PEER6);
        }
    }

    private static void assertReceives(DatagramSocket socket, String from) throws IOException {
        DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
        socket.receive(got);
        assertThat(Arrays.copyOf(got.getData(), got.getLength())).isEqualTo(PAYLOAD);
        assertThat(got.getSocketAddress()).isEqualTo(new InetSocketAddress(from, 7000));
    }

    @Test
    void kernelAnswersAnEchoRequest() throws Exception {
        try (RunningTun tun = tun(1380)) {
            assertThat(tun.send(IpPacket.echoRequest(PEER, HERE))).isTrue();
            byte[] reply = tun.await(protocol(4, IpPacket.ICMP));
            assertThat(reply).hasSize(36);
            assertThat(reply[20]).isZero();
        }
    }

    @Test
    void whatIsNoPacketIsRefusedAndAReliableOneNotOfferedAgain() throws Exception {
        try (RunningTun tun = tun(1380)) {
            byte[] nonsense = new byte[100];
            assertThat(tun.send(nonsense)).isFalse();
            assertThat(tun.send(new byte[0])).isFalse();
            assertThat(tun.send(nonsense, Delivery.RELIABLE)).isTrue();
            Machine.run("ip", "link", "set", "dev", tun.device.name(), "down");
            assertThat(tun.send(IpPacket.echoRequest(PEER, HERE))).isFalse();
        }
    }

    // ---- handshakes ----

    @Test
    void synsThatAnnounceMoreThanTheTunHoldsAreLowered() throws Exception {
        try (RunningTun tun = tun(1280);
                ServerSocket server = new ServerSocket(7002, 5, InetAddress.getByName(HERE))) {
            assertThat(server.isBound()).isTrue();
            Machine.run("ip", "link", "set", "dev", tun.device.name(), "mtu", "1500"); // so that the kernel says 1460
            byte[] syn = IpPacket.syn(PEER, 7000, HERE, 7002, MSS_1460);
            assertThat(tun.send(syn)).isTrue();
            byte[] answer = tun.await(protocol(4, IpPacket.TCP)); // the checksum must have been right
            assertThat(answer[33]).as("SYN and ACK").isEqualTo((byte) 0x12);
            assertThat(Arrays.copyOfRange(answer, 40, 44)).containsExactly(2, 4, 1240 >>> 8, 1240 & 0xff);
            assertThat(IpPacket.transportChecksum(answer)).isZero();
        }
    }
}
