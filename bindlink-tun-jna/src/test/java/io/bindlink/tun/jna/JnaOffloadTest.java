package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A real device with segmentation offload, and the kernel's own network stack behind it. */
@InPrivateNetwork
class JnaOffloadTest {
    private static final String HERE = "10.199.7.1";
    private static final String PEER = "10.199.7.2";
    private static final String HERE6 = "fd00:199:7::1";
    private static final String PEER6 = "fd00:199:7::2";
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MTU_BYTES = 1380;

    private static RunningTun tun() throws IOException {
        List<String> addresses = List.of(HERE + "/30", HERE6 + "/64");
        return new RunningTun(new TunConfig(Role.MASTER, Optional.empty(), addresses, MTU_BYTES, true, Map.of()))
                .start();
    }

    // ---- in ----

    @Test
    void aSuperPacketIsCutIntoItsDatagrams() throws Exception {
        for (String[] ends : new String[][] {{PEER, HERE}, {PEER6, HERE6}}) {
            try (RunningTun tun = tun();
                    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(ends[1], 7001))) {
                assertThat(tun.device.acceptsOffload()).isTrue();
                socket.setSoTimeout(PATIENCE_MILLIS);
                byte[] payload = new byte[4_500];
                new SplittableRandom(1).nextBytes(payload);
                byte[] packet = partial(IpPacket.udp(ends[0], 7000, ends[1], 7001, payload), 6);
                Offload offload = new Offload(Offload.Kind.UDP, 1_000, true);
                assertThat(tun.send(packet, Delivery.BEST_EFFORT, offload)).isTrue();
                for (int from = 0; from < payload.length; from += 1_000) {
                    DatagramPacket got = new DatagramPacket(new byte[2_000], 2_000);
                    socket.receive(got);
                    assertThat(Arrays.copyOf(got.getData(), got.getLength()))
                            .isEqualTo(Arrays.copyOfRange(payload, from, Math.min(from + 1_000, payload.length)));
                }
            }
        }
    }

    @Test
    void aPartialChecksumIsFinished() throws Exception {
        try (RunningTun tun = tun();
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 7001))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            byte[] packet = partial(IpPacket.udp(PEER, 7000, HERE, 7001, new byte[] {1, 2, 3}), 6);
            assertThat(tun.send(packet, Delivery.BEST_EFFORT, Offload.UNSUMMED)).isTrue();
            DatagramPacket got = new DatagramPacket(new byte[2_000], 2_000);
            socket.receive(got);
            assertThat(got.getLength()).isEqualTo(3);
        }
    }

    /** Mutated headers are refused by us or by the kernel, or are harmless; the device lives. */
    @Test
    void whatIsNoSuperPacketDoesNoHarm() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        try (RunningTun tun = tun();
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 7001))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (int i = 0; i < 5_000; i++) {
                byte[] packet = partial(IpPacket.udp(PEER, 7000, HERE, 7002, new byte[random.nextInt(5_000)]), 6);
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    packet[random.nextInt(28)] = (byte) random.nextInt();
                }
                byte[] cut = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
                Offload.Kind kind = Offload.Kind.values()[1 + random.nextInt(3)];
                Offload offload = new Offload(kind, 1 + random.nextInt(3_000), random.nextInt(5) > 0);
                boolean unused = tun.send(random.nextBoolean() ? cut : packet, Delivery.BEST_EFFORT, offload);
            }
            byte[] good = IpPacket.udp(PEER, 7000, HERE, 7001, new byte[] {1, 2, 3});
            assertThat(tun.send(good)).isTrue();
            socket.receive(new DatagramPacket(new byte[2_000], 2_000));
        }
    }

    // ---- out ----

    @Test
    void aConnectionIsReadInSuperPacketsOnceThatIsAllowed() throws Exception {
        for (String[] ends : new String[][] {{HERE, PEER}, {HERE6, PEER6}}) {
            try (RunningTun tun = tun();
                    Socket socket = new Socket()) {
                tun.device.offloading(true);
                RunningTun.Read first = connectAndWrite(tun, socket, ends[0], ends[1]);
                boolean ipv4 = first.bytes()[0] >>> 4 == 4;
                assertThat(first.offload().kind()).isEqualTo(ipv4 ? Offload.Kind.TCP4 : Offload.Kind.TCP6);
                assertThat(first.offload().segmentBytes()).isEqualTo(MTU_BYTES - (ipv4 ? 40 : 60));
                assertThat(first.offload().partialChecksum()).isTrue();
                assertThat(first.bytes().length).isGreaterThan(2 * MTU_BYTES);
            }
        }
    }

    @Test
    void withoutLeavePacketsAreWhole() throws Exception {
        try (RunningTun tun = tun();
                Socket socket = new Socket()) {
            RunningTun.Read first = connectAndWrite(tun, socket, HERE, PEER);
            assertThat(first.offload()).isEqualTo(Offload.NONE);
            assertThat(first.bytes().length).isEqualTo(MTU_BYTES);
            assertThat(IpPacket.transportChecksum(first.bytes())).isZero();
        }
    }

    @Test
    void plainPacketsHaveWholeChecksumsAlsoWithOffload() throws Exception {
        try (RunningTun tun = tun();
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            tun.device.offloading(true);
            for (int size = 0; size < 300; size++) {
                byte[] payload = new byte[size];
                new SplittableRandom(size).nextBytes(payload);
                socket.send(new DatagramPacket(payload, size, InetAddress.getByName(PEER), 7000));
                RunningTun.Read read = tun.awaitRead(packet -> packet[0] >>> 4 == 4 && packet[9] == IpPacket.UDP);
                assertThat(read.offload()).isEqualTo(Offload.NONE);
                assertThat(IpPacket.transportChecksum(read.bytes())).isZero();
            }
        }
    }

    /** Answers a SYN by hand and reads what is written then: the first packet with more than headers. */
    private static RunningTun.Read connectAndWrite(RunningTun tun, Socket socket, String here, String peer)
            throws Exception {
        socket.bind(new InetSocketAddress(here, 0));
        Thread writer = new Thread(
                () -> {
                    try {
                        socket.connect(new InetSocketAddress(peer, 80), PATIENCE_MILLIS);
                        socket.getOutputStream().write(new byte[10_000]);
                    } catch (SocketException e) {
                        // the test is over
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                "writer");
        writer.setDaemon(true);
        writer.start();
        int ip = here.indexOf(':') < 0 ? 20 : 40;
        byte[] syn = tun.await(packet -> isTcp(packet, ip) && (packet[ip + 13] & 0x02) != 0);
        byte[] mss = {2, 4, (byte) ((MTU_BYTES - ip - 20) >>> 8), (byte) (MTU_BYTES - ip - 20)};
        byte[] answer = IpPacket.syn(peer, 80, here, socket.getLocalPort(), mss);
        ByteBuffer view = ByteBuffer.wrap(answer);
        view.put(ip + 13, (byte) 0x12).putInt(ip + 8, ByteBuffer.wrap(syn).getInt(ip + 4) + 1);
        view.putShort(ip + 16, (short) 0).putShort(ip + 16, (short) IpPacket.transportChecksum(answer));
        assertThat(tun.send(answer)).isTrue();
        return tun.awaitRead(packet -> isTcp(packet, ip) && packet.length > ip + 100);
    }

    private static boolean isTcp(byte[] packet, int ip) {
        return packet[0] >>> 4 == (ip == 20 ? 4 : 6) && packet[ip == 20 ? 9 : 6] == IpPacket.TCP;
    }

    /** Replaces a packet's checksum by what a partial one is. */
    private static byte[] partial(byte[] packet, int place) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        int ip = packet[0] >>> 4 == 4 ? 20 : 40;
        byte[] data = Arrays.copyOfRange(packet, ip, packet.length);
        view.putShort(ip + place, (short) 0);
        int whole = VirtioHeader.sum(view, ip, packet.length); // of everything but the pseudo-header
        int checksum = ByteBuffer.wrap(data).getShort(place) & 0xffff;
        int pseudo = (~checksum & 0xffff) + (~whole & 0xffff);
        view.putShort(ip + place, (short) ((pseudo & 0xffff) + (pseudo >>> 16)));
        return packet;
    }
}
