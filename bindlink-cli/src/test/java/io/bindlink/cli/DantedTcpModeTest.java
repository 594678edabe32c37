package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.io.Danted;
import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** TCP mode as in the field: the slave's command line, two real SOCKS servers in place of the phones. */
@Timeout(60)
class DantedTcpModeTest {
    private static final int SOCKET_TIMEOUT_MILLIS = 20_000;

    @Test
    void carriesBytesBothWaysAsTheyAre(@TempDir Path first, @TempDir Path second, @TempDir Path keys) throws Exception {
        Path keyFile = keys.resolve("key");
        assertThat(Invocation.of("genkey", "--out", keyFile.toString()).exitCode())
                .isZero();
        int entrance = Danted.freePort();
        try (Danted phone = new Danted(first);
                Danted other = new Danted(second);
                ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Bindlink master = master(keyFile, server.getLocalPort())) {
            server.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            InetSocketAddress listening =
                    master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String[] arguments = {
                "--key-file=" + keyFile,
                "--listen-tcp=" + entrance,
                "--proxy-target=127.0.0.1:" + listening.getPort(),
                "--proxies=127.0.0.1:" + phone.port() + ",127.0.0.1:" + other.port()
            };
            try (Bindlink slave = CommandLine.populateCommand(new SlaveCommand(), arguments)
                    .builder()
                    .start()) {
                slave.awaitUp(Duration.ofSeconds(20));
                transfer(entrance, server);
                assertThat(slave.stats().links())
                        .hasSize(2)
                        .allMatch(link -> link.state() == LinkState.UP)
                        .allMatch(link -> link.uri().scheme() == LinkUri.Scheme.SOCKS5);
            }
        }
    }

    private static Bindlink master(Path keyFile, int port) throws IOException {
        TunConfig tun = new TunConfig(
                Role.MASTER,
                Optional.empty(),
                List.of(),
                TunConfig.DEFAULT_MTU_BYTES,
                false,
                Map.of(TcpTunDeviceProvider.CONNECT, List.of("127.0.0.1:" + port)));
        return Bindlink.master()
                .key(PresharedKey.read(keyFile))
                .tun(new TcpTunDeviceProvider().open(tun))
                .start();
    }

    private static void transfer(int entrance, ServerSocket server) throws IOException {
        byte[] up = TwoWayTransfer.bytes(1, 1_500_000);
        byte[] down = TwoWayTransfer.bytes(2, 1_000_000);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), entrance);
                Socket served = server.accept()) {
            client.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            served.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            TwoWayTransfer.run(client, served, up, down);
        }
    }
}
