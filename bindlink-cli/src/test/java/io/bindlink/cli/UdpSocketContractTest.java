package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.spi.UdpSocket;
import io.bindlink.api.spi.UdpSocketProvider;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.Providers;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every provider of UDP sockets must do, on loopback. Those that cannot work here are told of and left out. */
@ParameterizedClass
@MethodSource("providers")
@Timeout(60)
class UdpSocketContractTest {
    /** A thread for each task: the common pool may have one alone, and tasks here wait for each other. */
    private static final Executor THREADS = task -> new Thread(task, "test").start();

    private static final long PATIENCE_MILLIS = 20_000;

    @Parameter
    UdpSocketProvider provider;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(UdpSocket.RECEIVE_BYTES);

    /** A channel and what is attached to it. */
    private record End(DatagramChannel channel, UdpSocket socket) {
        InetSocketAddress local() throws IOException {
            return (InetSocketAddress) channel.getLocalAddress();
        }
    }

    static List<Named<UdpSocketProvider>> providers() {
        List<Named<UdpSocketProvider>> working = new ArrayList<>();
        Providers.udpSockets(List.of())
                .byName()
                .forEach((name, provider) -> provider.unsupported()
                        .ifPresentOrElse(
                                why -> System.out.println("SKIPPED: UDP by " + name + ": " + why),
                                () -> working.add(Named.of(name, provider))));
        return working;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, false", "127.0.0.1, true", "::1, false", "::1, true"})
    void datagramsComeOutAsTheyWentIn(String host, boolean connected) throws Exception {
        End to = open(host);
        End from = open(host);
        if (connected) {
            from.channel().connect(to.local());
            to.channel().connect(from.local());
        }
        for (int datagramBytes : new int[] {1, 100, 1472}) {
            int most = Math.min(from.socket().maxTrainDatagrams(), UdpSocket.MAX_TRAIN_BYTES / datagramBytes);
            for (int count : new int[] {1, Math.min(2, most), most}) {
                for (int last : new int[] {datagramBytes, Math.max(1, datagramBytes / 2)}) {
                    List<byte[]> sent = datagrams(count, datagramBytes, last);
                    send(from, sent, datagramBytes, connected ? null : to.local());
                    assertThat(receive(to, count, from.local())).containsExactlyElementsOf(sent);
                }
            }
        }
    }

    @Test
    void aSocketOfBothFamiliesTakesAddressesOfTheOlderOne() throws Exception {
        DatagramChannel both = DatagramChannel.open(StandardProtocolFamily.INET6);
        End from = attach(both);
        both.bind(new InetSocketAddress("::", 0));
        End to = open("127.0.0.1");
        List<byte[]> sent = datagrams(1, 10, 10);
        send(from, sent, 10, to.local());
        InetSocketAddress source =
                new InetSocketAddress("127.0.0.1", from.local().getPort());
        assertThat(receive(to, 1, source)).containsExactlyElementsOf(sent);
        send(to, sent, 10, source);
        assertThat(receive(from, 1, to.local())).containsExactlyElementsOf(sent);
    }

    @Test
    void aSocketOfTheOlderFamilyRefusesTheOther() throws Exception {
        End from = open("127.0.0.1");
        InetSocketAddress other = new InetSocketAddress(InetAddress.getByName("::1"), 9);
        assertThatThrownBy(() -> send(from, datagrams(1, 1, 1), 1, other))
                .isInstanceOfAny(IllegalArgumentException.class, IOException.class);
    }

    @Test
    void nothingToReadIsToldAtOnce() throws Exception {
        assertThat(open("127.0.0.1").socket().receive(buffer.clear())).isEqualTo(-1);
    }

    @Test
    void anEmptyDatagramIsOneToo() throws Exception {
        End to = open("127.0.0.1");
        try (DatagramChannel stranger = DatagramChannel.open()) {
            stranger.send(ByteBuffer.allocate(0), to.local());
        }
        awaitReadable(to);
        assertThat(to.socket().receive(buffer.clear())).isZero();
        assertThat(buffer.remaining()).isZero();
        assertThat(to.socket().receive(buffer.clear())).isEqualTo(-1);
    }

    @Test
    void severalSourcesAreToldApart() throws Exception {
        End to = open("127.0.0.1");
        for (int i = 0; i < 5; i++) {
            End from = open("127.0.0.1");
            List<byte[]> sent = datagrams(1, 10 + i, 10 + i);
            send(from, sent, 10 + i, to.local());
            assertThat(receive(to, 1, from.local())).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void nobodyThereIsToldAndEndsNothing() throws Exception {
        End from = open("127.0.0.1");
        DatagramChannel gone = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        InetSocketAddress remote = (InetSocketAddress) gone.getLocalAddress();
        gone.close();
        from.channel().connect(remote);
        for (boolean bySending : new boolean[] {true, false}) {
            send(from, datagrams(1, 1, 1), 1, null);
            awaitReadable(from);
            assertThatThrownBy(() -> {
                        if (bySending) {
                            send(from, datagrams(1, 1, 1), 1, null);
                        } else {
                            from.socket().receive(buffer.clear());
                        }
                    })
                    .isInstanceOf(PortUnreachableException.class);
        }
        DatagramChannel back = DatagramChannel.open();
        End to = attach(back);
        back.bind(remote);
        List<byte[]> sent = datagrams(1, 100, 100);
        send(from, sent, 100, null);
        assertThat(receive(to, 1, from.local())).containsExactlyElementsOf(sent);
    }

    @Test
    void aDatagramThatIsTooLargeIsRefusedAndEndsNothing() throws Exception {
        End to = open("127.0.0.1");
        End from = open("127.0.0.1");
        buffer.clear();
        assertThatThrownBy(() -> from.socket().send(buffer, buffer.remaining(), to.local()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ClosedChannelException.class);
        List<byte[]> sent = datagrams(1, 100, 100);
        send(from, sent, 100, to.local());
        assertThat(receive(to, 1, from.local())).containsExactlyElementsOf(sent);
    }

    @Test
    void aClosedOneSaysSo() throws Exception {
        End closed = open("127.0.0.1");
        closed.socket().close();
        closed.socket().close();
        closed.channel().close();
        assertThatThrownBy(() -> send(closed, datagrams(1, 1, 1), 1, closedAddress()))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> closed.socket().receive(buffer.clear())).isInstanceOf(ClosedChannelException.class);
    }

    private static InetSocketAddress closedAddress() {
        return new InetSocketAddress("127.0.0.1", 9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aBondWorksOverIt(String host) throws Exception {
        PresharedKey key = PresharedKey.generate();
        Streams at = new Streams();
        Streams from = new Streams();
        byte[] sent = new byte[4 << 20];
        new Random(1).nextBytes(sent);
        try (Bindlink master =
                Bindlink.master().key(key).tun(at).udp(provider.name()).start()) {
            InetSocketAddress listening =
                    master.linkMap().startListener(new InetSocketAddress(InetAddress.getByName(host), 0));
            String link = "udp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + listening.getPort();
            try (Bindlink slave = Bindlink.slave()
                    .key(key)
                    .tun(from)
                    .udp(provider.name())
                    .link(link)
                    .link(link + "?dev=lo")
                    .start()) {
                slave.awaitUp(Duration.ofMillis(PATIENCE_MILLIS));
                CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> readAll(at, sent.length), THREADS);
                try (ByteStream stream = from.open("test")) {
                    stream.write(sent, 0, sent.length);
                    stream.finish();
                    stream.awaitEnd();
                }
                assertThat(read.get()).isEqualTo(sent);
                assertThat(slave.stats().counters().get("send_failed")).isZero();
            }
        }
    }

    @Test
    void whoIsNotThereCannotBeChosen() {
        assertThatThrownBy(() -> Bindlink.master()
                        .key(PresharedKey.generate())
                        .tun(new Streams())
                        .udp("pigeon")
                        .start())
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("unknown kind of UDP socket 'pigeon'; known are ");
    }

    private static byte[] readAll(Streams streams, int length) {
        byte[] bytes = new byte[length + 1];
        int filled = 0;
        try (ByteStream stream = streams.accept()) {
            for (int n = 0; n >= 0; n = stream.read(bytes, filled, bytes.length - filled)) {
                filled += n;
            }
            stream.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(bytes, filled);
    }

    private End open(String host) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        End end = attach(channel);
        channel.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
        return end;
    }

    private End attach(DatagramChannel channel) throws IOException {
        open.add(channel);
        channel.configureBlocking(false);
        UdpSocket socket = provider.attach(channel);
        open.add(0, socket::close);
        return new End(channel, socket);
    }

    private static List<byte[]> datagrams(int count, int datagramBytes, int lastBytes) {
        Random random = new Random(count);
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] datagram = new byte[i < count - 1 ? datagramBytes : lastBytes];
            random.nextBytes(datagram);
            datagrams.add(datagram);
        }
        return datagrams;
    }

    private void send(End from, List<byte[]> datagrams, int datagramBytes, InetSocketAddress remote)
            throws IOException {
        buffer.clear();
        datagrams.forEach(buffer::put);
        assertThat(from.socket().send(buffer.flip(), datagramBytes, remote)).isTrue();
    }

    private List<byte[]> receive(End to, int count, InetSocketAddress source) throws IOException {
        List<byte[]> received = new ArrayList<>();
        while (received.size() < count) {
            awaitReadable(to);
            int datagramBytes = to.socket().receive(buffer.clear());
            assertThat(to.socket().source()).isEqualTo(source);
            byte[] train = new byte[buffer.remaining()];
            buffer.get(train);
            for (int start = 0; start < train.length; start += datagramBytes) {
                received.add(Arrays.copyOfRange(train, start, Math.min(start + datagramBytes, train.length)));
            }
        }
        return received;
    }

    private static void awaitReadable(End end) throws IOException {
        try (Selector selector = Selector.open()) {
            end.channel().register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(PATIENCE_MILLIS)).isEqualTo(1);
        }
    }
}
