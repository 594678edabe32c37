package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.core.IdleTimeout.Outcome;
import io.bindlink.core.IdleTimeout.Silence;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(60)
@ResourceLock(RealNodes.LOCK)
class IdleTimeoutTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMillis(5_500);
    private static final long FORGOTTEN_NANOS = 4_000_000_000L; // well over what a busy machine makes of SHORT

    private final PresharedKey key = PresharedKey.generate();
    private Bindlink master;
    private InetSocketAddress listening;

    @BeforeEach
    void start() throws IOException {
        master = Bindlink.master().key(key).tun(new Streams()).start();
        listening = master.linkMap().startListener(new InetSocketAddress(LOOPBACK, 0));
    }

    @AfterEach
    void close() {
        master.close();
    }

    @Test
    void newMappingIsSeenByTheMaster() throws Exception {
        assertThat(measure(true)).containsExactly(new Silence(SHORT, Outcome.KEPT), new Silence(LONG, Outcome.CHANGED));
    }

    @Test
    void wayThatIsShutIsToldFromOneThatIsOpen() throws Exception {
        assertThat(measure(false)).containsExactly(new Silence(SHORT, Outcome.KEPT), new Silence(LONG, Outcome.LOST));
    }

    private List<Silence> measure(boolean again) throws Exception {
        try (Bindlink slave = slave();
                Nat nat = new Nat(listening, again)) {
            slave.awaitUp(Duration.ofSeconds(20));
            return IdleTimeout.measure(nat.uri(), Optional.empty(), key, List.of(SHORT, LONG));
        }
    }

    private Bindlink slave() {
        return Bindlink.slave()
                .key(key)
                .tun(new Streams())
                .link("udp://127.0.0.1:" + listening.getPort())
                .start();
    }

    @Test
    void masterThatDoesNotAnswerTellsNothing() throws Exception {
        LinkUri uri = LinkUri.parse("udp://127.0.0.1:" + listening.getPort());
        assertThat(IdleTimeout.measure(uri, Optional.empty(), PresharedKey.generate(), List.of(SHORT)))
                .isEmpty();
    }

    @Test
    void interruptEndsTheMeasuring() throws Exception {
        LinkUri uri = LinkUri.parse("udp://127.0.0.1:" + listening.getPort());
        long files = RealNodes.openFiles();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> IdleTimeout.measure(uri, Optional.empty(), key, List.of(LONG)))
                .isInstanceOf(InterruptedException.class);
        try (ServerSocket silent = new ServerSocket(0, 1, LOOPBACK)) {
            LinkUri proxied = LinkUri.socks5("127.0.0.1", silent.getLocalPort());
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> IdleTimeout.measure(proxied, Optional.of("127.0.0.1:9"), key, List.of(LONG)))
                    .isInstanceOf(InterruptedException.class);
        }
        Thread measuring = Thread.currentThread();
        Thread other = new Thread(measuring::interrupt);
        try (Bindlink slave = slave()) {
            slave.awaitUp(Duration.ofSeconds(20));
            other.start();
            assertThatThrownBy(() -> IdleTimeout.measure(uri, Optional.empty(), key, List.of(Duration.ofMinutes(5))))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(RealNodes.openFiles()).isLessThanOrEqualTo(files + 5);
    }

    @Test
    void linkWithoutMappingIsRefused() {
        assertThatThrownBy(() ->
                        IdleTimeout.measure(LinkUri.parse("tcp://127.0.0.1:1"), Optional.empty(), key, List.of(SHORT)))
                .isInstanceOf(BindlinkException.class)
                .hasMessage("a link of scheme tcp has no UDP mapping");
    }

    /** A NAT that forgets a mapping after four seconds, and makes a new one or none. */
    private static final class Nat implements AutoCloseable {
        private final InetSocketAddress master;
        private final boolean again;
        private final DatagramSocket front = new DatagramSocket(0, LOOPBACK);
        private final Map<SocketAddress, Mapping> mappings = new ConcurrentHashMap<>();

        /** A client's socket towards the master. */
        private record Mapping(DatagramSocket socket, long[] usedNanos) {}

        Nat(InetSocketAddress master, boolean again) throws IOException {
            this.master = master;
            this.again = again;
            background(this::serve);
        }

        LinkUri uri() {
            return LinkUri.parse("udp://127.0.0.1:" + front.getLocalPort());
        }

        private void serve() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                packet.setLength(2048);
                front.receive(packet);
                Mapping mapping = mapping(packet.getSocketAddress());
                if (mapping != null) {
                    packet.setSocketAddress(master);
                    mapping.socket().send(packet);
                }
            }
        }

        private Mapping mapping(SocketAddress client) throws IOException {
            Mapping known = mappings.get(client);
            long now = System.nanoTime();
            boolean old = known != null && now - known.usedNanos()[0] > FORGOTTEN_NANOS;
            if (old && !again) {
                return null;
            }
            if (known == null || old) {
                Mapping made = new Mapping(new DatagramSocket(0, LOOPBACK), new long[1]);
                mappings.put(client, made);
                background(() -> answer(made.socket(), client));
                known = made;
            }
            known.usedNanos()[0] = now;
            return known;
        }

        private void answer(DatagramSocket socket, SocketAddress client) throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                packet.setLength(2048);
                socket.receive(packet);
                packet.setSocketAddress(client);
                front.send(packet);
            }
        }

        private static void background(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() {
            front.close();
            mappings.values().forEach(mapping -> mapping.socket().close());
        }

        /** What may fail. */
        @FunctionalInterface
        private interface Work {
            void run() throws IOException;
        }
    }
}
