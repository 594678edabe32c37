package io.bindlink.tun.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpTunDeviceTest {
    /** A thread for each task: the common pool may have one alone, and tasks here wait for each other. */
    private static final Executor THREADS = task -> new Thread(task, "test").start();

    private static final int SOCKET_TIMEOUT_MILLIS = 10_000;

    private static final long THREAD_END_MILLIS = 5_000;

    private final TcpTunDeviceProvider provider = new TcpTunDeviceProvider();
    private ServerSocket server;
    private TcpTunDevice listening;
    private JoinedDevices joined;

    @BeforeEach
    void join() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        listening = open(Role.SLAVE, "listen-tcp", "0");
        TcpTunDevice connecting = open(Role.MASTER, "connect-tcp", "127.0.0.1:" + server.getLocalPort());
        joined = new JoinedDevices(listening, connecting).start();
    }

    @AfterEach
    void close() throws Exception {
        joined.close();
        server.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("bindlink-tcp")) {
                thread.join(THREAD_END_MILLIS); // it may have left the device and not have ended yet
                assertThat(thread.isAlive()).as("%s", thread).isFalse();
            }
        }
    }

    @Test
    void carriesBytesBothWaysAsTheyAre() throws Exception {
        byte[] up = bytes(1, 3_000_000);
        byte[] down = bytes(2, 2_000_000);
        try (Socket client = client();
                Socket served = accepted()) {
            CompletableFuture<Void> upWriter = CompletableFuture.runAsync(() -> write(client, up), THREADS);
            CompletableFuture<Void> downWriter = CompletableFuture.runAsync(() -> write(served, down), THREADS);
            CompletableFuture<byte[]> upReader = CompletableFuture.supplyAsync(() -> readAll(served), THREADS);
            assertThat(readAll(client)).isEqualTo(down);
            assertThat(upReader.join()).isEqualTo(up);
            upWriter.join();
            downWriter.join();
        }
    }

    @Test
    void anotherConnectionFollowsTheFirst() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Socket client = client();
                    Socket served = accepted()) {
                write(client, bytes(i, 1_000));
                assertThat(readAll(served)).isEqualTo(bytes(i, 1_000));
                write(served, new byte[0]);
                assertThat(readAll(client)).isEmpty();
            }
        }
    }

    @Test
    void oneDirectionGoesOnAfterTheOtherHasEnded() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            client.shutdownOutput();
            assertThat(readAll(served)).isEmpty();
            served.getOutputStream().write(42);
            assertThat(client.getInputStream().read()).isEqualTo(42);
            served.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void resetPassesFromTheClientToTheServer() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            client.getOutputStream().write(1);
            assertThat(served.getInputStream().read()).isEqualTo(1);
            reset(client);
            assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void resetPassesFromTheServerToTheClient() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            reset(served);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusedDialResetsTheClient() throws Exception {
        server.close();
        assertNewConnectionIsReset();
    }

    @Test
    void manyConnectionsAreCarriedAtOnce() throws Exception {
        List<Socket> clients = new ArrayList<>();
        List<Socket> served = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(client());
                served.add(accepted());
            }
            for (int i = 0; i < 100; i++) {
                clients.get(i).getOutputStream().write(i);
            }
            List<Integer> seen = new ArrayList<>();
            for (Socket each : served) {
                int value = each.getInputStream().read();
                each.getOutputStream().write(value + 100);
                seen.add(value);
            }
            assertThat(seen).doesNotHaveDuplicates().hasSize(100);
            for (int i = 0; i < 100; i++) {
                assertThat(clients.get(i).getInputStream().read()).isEqualTo(i + 100);
            }
        } finally {
            for (Socket each : clients) {
                each.close();
            }
            for (Socket each : served) {
                each.close();
            }
        }
    }

    @Test
    void slowReaderStallsNobodyElse() throws Exception {
        try (Socket slow = client();
                Socket slowServed = accepted();
                Socket fast = client();
                Socket fastServed = accepted()) {
            CompletableFuture<Void> much = CompletableFuture.runAsync(() -> write(slow, bytes(1, 24_000_000)), THREADS);
            CompletableFuture<Void> some = CompletableFuture.runAsync(() -> write(fast, bytes(2, 3_000_000)), THREADS);
            assertThat(readAll(fastServed)).isEqualTo(bytes(2, 3_000_000));
            some.join();
            assertThat(much).isNotDone();
            assertThat(readAll(slowServed)).isEqualTo(bytes(1, 24_000_000));
            much.join();
        }
    }

    @Test
    void endOfTheSessionResetsTheConnectionAtBothEnds() throws Exception {
        endOfTheSessionResetsAConnectionThatWasJustMade();
        assertNewConnectionIsReset();
        joined.startSession();
        try (Socket client = client();
                Socket served = accepted()) {
            client.getOutputStream().write(3);
            assertThat(served.getInputStream().read()).isEqualTo(3);
        }
    }

    /** The connection is made by the system a moment before the device knows of it, and at times the session ends between. */
    @RepeatedTest(50)
    void endOfTheSessionResetsAConnectionThatWasJustMade() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            joined.endSession();
            assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void endOfTheSessionResetsAHalfClosedConnection() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            served.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            joined.endSession();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            client.getOutputStream().write(new byte[1_000]);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closingTheDeviceResetsTheConnection() throws Exception {
        try (Socket client = client();
                Socket served = accepted()) {
            listening.close();
            listening.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(served.isConnected()).isTrue();
        }
    }

    @Test
    void busyPortIsToldInOneLine() throws IOException {
        InetSocketAddress taken = Objects.requireNonNull(listening.localAddress());
        assertThatThrownBy(() -> open(Role.MASTER, "listen-tcp", Integer.toString(taken.getPort())))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getPort() + ": ");
        assertThat(listening.name()).isEqualTo("tcp on 127.0.0.1:" + taken.getPort());
    }

    private TcpTunDevice open(Role role, String option, String value) throws IOException {
        TunConfig config = new TunConfig(
                role, Optional.empty(), List.of(), TunConfig.DEFAULT_MTU_BYTES, false, Map.of(option, List.of(value)));
        return (TcpTunDevice) provider.open(config);
    }

    private Socket client() throws IOException {
        Socket socket = new Socket();
        socket.connect(Objects.requireNonNull(listening.localAddress()), SOCKET_TIMEOUT_MILLIS);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    /** The reset may reach the client before it knows that it was connected. */
    private void assertNewConnectionIsReset() {
        assertThatThrownBy(() -> {
                    try (Socket client = client()) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    private Socket accepted() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
