package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.RealNodes;
import io.bindlink.core.base.RealNetwork;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Our SOCKS5 client, and a bond through it, against a real and strict server. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
class DantedTest {
    private static final int WAIT_MILLIS = 20_000;
    private static final int STREAM_BYTES = 1 << 20;

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private Danted danted;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        RealNetwork.assumeProgram("danted");
        danted = new Danted(directory);
    }

    @AfterEach
    void stop() throws IOException {
        if (danted != null) {
            danted.close();
        }
    }

    @Test
    void datagramsGoBothWays() throws Exception {
        try (DatagramSocket echo = echo();
                Dialer dialer = new Dialer(
                        new HostPort("127.0.0.1", echo.getLocalPort()), UdpSockets.portable(), new IoCounters());
                NodeSocket socket = dialer.dial(proxy()).socket();
                Selector selector = Selector.open()) {
            socket.channel().register(selector, SelectionKey.OP_READ);
            for (int length : new int[] {1, 30, 1200, 1400}) {
                byte[] sent = bytes(length);
                send(socket, sent);
                assertThat(receive(socket, selector)).as(length + " bytes").isEqualTo(sent);
            }
        }
    }

    @Test
    void aBondGoesThrough() throws Exception {
        PresharedKey key = PresharedKey.generate();
        Streams at = new Streams();
        Streams from = new Streams();
        try (Bindlink master = Bindlink.master().key(key).tun(at).start();
                Bindlink slave = slave(key, master, from, event -> {})) {
            slave.awaitUp(Duration.ofMillis(WAIT_MILLIS));
            byte[] sent = bytes(STREAM_BYTES);
            Thread writer = new Thread(() -> write(from, sent), "writer");
            writer.start();
            assertThat(readAll(at)).isEqualTo(sent);
            writer.join();
        }
    }

    @Test
    void theLinkComesBackWithItsProxy() throws Exception {
        PresharedKey key = PresharedKey.generate();
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (Bindlink master = Bindlink.master().key(key).tun(new Streams()).start();
                Bindlink slave = slave(key, master, new Streams(), events::add)) {
            slave.awaitUp(Duration.ofMillis(WAIT_MILLIS));
            danted.close();
            await(events, event -> event instanceof Event.LinkChanged change && change.to() == LinkState.DOWN);
            danted.start();
            await(events, event -> event instanceof Event.LinkChanged change && change.to() == LinkState.UP);
        }
    }

    private LinkUri proxy() {
        return LinkUri.socks5("127.0.0.1", danted.port());
    }

    private Bindlink slave(
            PresharedKey key, Bindlink master, Streams streams, java.util.function.Consumer<Event> listener)
            throws IOException {
        InetSocketAddress listening = master.linkMap().startListener(new InetSocketAddress(loopback, 0));
        return Bindlink.slave()
                .key(key)
                .proxyTarget(listening)
                .link(proxy())
                .tun(streams)
                .listener(listener)
                .start();
    }

    /** Sends back what it gets, until it is closed. */
    private DatagramSocket echo() throws SocketException {
        DatagramSocket socket = new DatagramSocket(0, loopback);
        Thread thread = new Thread(
                () -> {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    try {
                        while (true) {
                            packet.setLength(2048);
                            socket.receive(packet);
                            socket.send(packet);
                        }
                    } catch (IOException e) {
                        // closed
                    }
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static void send(NodeSocket socket, byte[] bytes) {
        Transmit transmit = new TransmitPool().take();
        System.arraycopy(bytes, 0, transmit.bytes(), Transmit.HEADROOM_BYTES, bytes.length);
        transmit.address(1, null, bytes.length);
        socket.enqueue(transmit);
        socket.flush();
    }

    private static byte[] receive(NodeSocket socket, Selector selector) throws IOException {
        ByteBuffer into = Reception.buffer();
        while (selector.select(WAIT_MILLIS) > 0) {
            selector.selectedKeys().clear();
            if (Reception.receive(socket, into) != null) {
                byte[] received = new byte[into.remaining()];
                into.get(received);
                return received;
            }
        }
        throw new AssertionError("nothing came back");
    }

    private static void write(Streams streams, byte[] bytes) {
        try (ByteStream stream = streams.open("test")) {
            stream.write(bytes, 0, bytes.length);
            stream.finish();
            stream.awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(Streams streams) throws IOException {
        byte[] bytes = new byte[STREAM_BYTES + 1];
        int length = 0;
        try (ByteStream stream = streams.accept()) {
            for (int n = 0; n >= 0; n = stream.read(bytes, length, bytes.length - length)) {
                length += n;
            }
            stream.finish();
        }
        return java.util.Arrays.copyOf(bytes, length);
    }

    private static void await(BlockingQueue<Event> events, Predicate<Event> wanted) throws InterruptedException {
        Event event = events.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        while (event != null && !wanted.test(event)) {
            event = events.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        }
        assertThat(event).as("the event waited for").isNotNull();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }
}
