package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.LeftThreads;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PhoneTest {
    private static final int HEADER_BYTES = 10;
    private static final int IP_BYTES = 28;
    private static final int PAYLOAD_BYTES = 1_222;

    private Air air;
    private Phone phone;
    private DatagramSocket master;
    private Socket control;
    private DatagramSocket client;

    @BeforeEach
    void associate() throws IOException {
        air = new Air(List.of(new PhoneModel("phone", 8, 40, 0, 0)), 1);
        phone = air.phones().get(0);
        master = socket();
        client = socket();
        control = new Socket(InetAddress.getLoopbackAddress(), phone.port());
        control.getOutputStream().write(new byte[] {5, 2, 0, 2});
        assertThat(read(2)).containsExactly(5, 0);
        control.getOutputStream().write(new byte[] {5, 3, 0, 1, 0, 0, 0, 0, 0, 0});
        byte[] reply = read(10);
        assertThat(reply).startsWith(5, 0, 0, 1, 127, 0, 0, 1);
        client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Short.toUnsignedInt(ByteBuffer.wrap(reply).getShort(8))));
    }

    @AfterEach
    void close() throws IOException {
        air.close();
        control.close();
        master.close();
        client.close();
        assertThat(air.failure()).isEmpty();
        assertThat(LeftThreads.of("bindlink-demo-air")).isEmpty();
    }

    @Test
    void datagramsPassBothWaysAfterTheirTimeInTheAir() throws IOException {
        long startNanos = System.nanoTime();
        send(100);
        DatagramPacket there = receive(master);
        assertThat(there.getLength()).isEqualTo(100);
        assertThat(System.nanoTime() - startNanos).isGreaterThan(20_000_000);
        master.send(new DatagramPacket(new byte[50], 50, there.getSocketAddress()));
        DatagramPacket back = receive(client);
        assertThat(back.getLength()).isEqualTo(HEADER_BYTES + 50);
        assertThat(ByteBuffer.wrap(back.getData()).getShort(8)).isEqualTo((short) master.getLocalPort());
        assertThat(System.nanoTime() - startNanos).isGreaterThan(40_000_000);
    }

    @Test
    void trainTakesItsTimeAtTheRateWithHeadersCounted() throws IOException {
        int packets = 60; // 75 ms at 1 MB/s, within the queue of 100 ms
        long startNanos = System.nanoTime();
        for (int i = 0; i < packets; i++) {
            send(PAYLOAD_BYTES);
        }
        for (int i = 0; i < packets; i++) {
            receive(master);
        }
        double leastSeconds = packets * (PAYLOAD_BYTES + IP_BYTES) / 1e6 + 0.02;
        // never sooner; later by what this machine takes
        assertThat((System.nanoTime() - startNanos) / 1e9).isBetween(leastSeconds, leastSeconds + 1);
    }

    @Test
    void cutSwallowsEverythingWithoutAWord() throws IOException {
        long nowNanos = System.nanoTime();
        phone.cut(nowNanos, nowNanos + 200_000_000);
        assertThat(phone.isCut(nowNanos + 1)).isTrue();
        send(100);
        master.setSoTimeout(100);
        assertThat(catchTimeout(master)).isTrue();
        while (phone.isCut(System.nanoTime())) {
            Thread.onSpinWait();
        }
        send(101);
        master.setSoTimeout(5_000);
        assertThat(receive(master).getLength()).isEqualTo(101);
    }

    @Test
    void fragmentsAndStrangersAreDropped() throws IOException {
        byte[] fragment = datagram(100);
        fragment[2] = 1;
        client.send(new DatagramPacket(fragment, fragment.length));
        send(100); // pins this client
        receive(master);
        try (DatagramSocket stranger = socket()) {
            byte[] other = datagram(99);
            stranger.send(new DatagramPacket(other, other.length, client.getRemoteSocketAddress()));
            send(98);
            assertThat(receive(master).getLength()).isEqualTo(98);
        }
    }

    @Test
    void associationEndsWithItsControlConnection() throws IOException {
        send(100);
        DatagramPacket there = receive(master);
        control.close();
        client.setSoTimeout(300);
        master.send(new DatagramPacket(new byte[50], 50, there.getSocketAddress()));
        assertThat(catchTimeout(client)).isTrue();
    }

    @Test
    void otherCommandsAndMethodsAreRefused() throws IOException {
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), phone.port())) {
            tcp.getOutputStream().write(new byte[] {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80});
            assertThat(tcp.getInputStream().readAllBytes()).startsWith(5, 0, 5, 7);
        }
        try (Socket password = new Socket(InetAddress.getLoopbackAddress(), phone.port())) {
            password.getOutputStream().write(new byte[] {5, 1, 2});
            assertThat(password.getInputStream().readAllBytes()).containsExactly(5, 0xFF);
        }
    }

    private void send(int payloadBytes) throws IOException {
        byte[] datagram = datagram(payloadBytes);
        client.send(new DatagramPacket(datagram, datagram.length));
    }

    private byte[] datagram(int payloadBytes) {
        ByteBuffer datagram = ByteBuffer.allocate(HEADER_BYTES + payloadBytes);
        datagram.put(new byte[] {0, 0, 0, 1, 127, 0, 0, 1}).putShort((short) master.getLocalPort());
        return datagram.array();
    }

    private byte[] read(int count) throws IOException {
        InputStream in = control.getInputStream();
        return in.readNBytes(count);
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return packet;
    }

    private static boolean catchTimeout(DatagramSocket socket) throws IOException {
        try {
            receive(socket);
            return false;
        } catch (SocketTimeoutException | PortUnreachableException e) {
            return true;
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(5_000);
        return socket;
    }
}
