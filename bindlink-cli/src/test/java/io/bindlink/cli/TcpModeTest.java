package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.tun.tcp.TcpTunDevice;
import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP mode over a whole bond: two nodes, two links by UDP on loopback, real sockets at both ends. */
@Timeout(60)
class TcpModeTest {
    private static final int SOCKET_TIMEOUT_MILLIS = 10_000;

    private ServerSocket server;
    private Bindlink master;
    private Bindlink slave;
    private InetSocketAddress entrance;

    @BeforeEach
    void start() throws Exception {
        PresharedKey key = PresharedKey.generate();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        master = Bindlink.master()
                .key(key)
                .tun(device(Role.MASTER, TcpTunDeviceProvider.CONNECT, "127.0.0.1:" + server.getLocalPort()))
                .start();
        InetSocketAddress listening =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TcpTunDevice listener = device(Role.SLAVE, TcpTunDeviceProvider.LISTEN, "0");
        entrance = Objects.requireNonNull(listener.localAddress());
        slave = Bindlink.slave()
                .key(key)
                .tun(listener)
                .link("udp://127.0.0.1:" + listening.getPort())
                .link("udp://127.0.0.1:" + listening.getPort())
                .start();
        slave.awaitUp(Duration.ofSeconds(10));
    }

    @AfterEach
    void close() throws IOException {
        slave.close();
        master.close();
        server.close();
        assertThat(LeftThreads.of("bindlink")).isEmpty();
    }

    @Test
    void carriesBytesBothWaysAsTheyAreOneConnectionAfterTheOther() throws IOException {
        for (int i = 1; i <= 3; i++) {
            byte[] up = TwoWayTransfer.bytes(i, 2_000_000);
            byte[] down = TwoWayTransfer.bytes(-i, 1_000_000);
            try (Socket client = client();
                    Socket served = accepted()) {
                TwoWayTransfer.run(client, served, up, down);
            }
        }
    }

    @Test
    void endOfThePeerResetsTheConnection() throws IOException {
        try (Socket client = client();
                Socket served = accepted()) {
            client.getOutputStream().write(1);
            assertThat(served.getInputStream().read()).isEqualTo(1);
            master.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusedDialResetsTheClient() throws IOException {
        server.close();
        assertThatThrownBy(() -> {
                    try (Socket client = client()) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    private static TcpTunDevice device(Role role, String option, String value) throws IOException {
        TunConfig config = new TunConfig(
                role, Optional.empty(), List.of(), TunConfig.DEFAULT_MTU_BYTES, false, Map.of(option, List.of(value)));
        return (TcpTunDevice) new TcpTunDeviceProvider().open(config);
    }

    private Socket client() throws IOException {
        Socket socket = new Socket();
        socket.connect(entrance, SOCKET_TIMEOUT_MILLIS);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    private Socket accepted() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }
}
