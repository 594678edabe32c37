package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.RealNodes;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Bonds over TCP on loopback: straight, through proxies, instead of UDP, and beside strangers. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
final class TcpBondTest {
    private static final int WAIT_MILLIS = 20_000;
    private static final int STREAM_BYTES = 4 << 20; // more than all buffers on the way hold

    private final PresharedKey key = PresharedKey.generate();
    private final Streams atMaster = new Streams();
    private final Streams atSlave = new Streams();
    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Bindlink master;
    private InetSocketAddress listening;

    @BeforeEach
    void start() throws IOException {
        master = Bindlink.master().key(key).tun(atMaster).start();
        open.add(master);
        listening = master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void aBondGoesStraight() throws Exception {
        Bindlink slave = slave(builder -> builder.link("tcp://127.0.0.1:" + listening.getPort()));
        awaitUp(1);
        transfer();
        assertThat(slave.stats().links().get(0).lostPackets()).isZero();
        assertThat(master.stats().links().get(0).uri().toString()).startsWith("tcp://127.0.0.1:");
        assertThat(slave.stats().counter("send_buffer_full")).isZero();
    }

    @Test
    void aBondGoesThroughAConnectingProxyOfEitherKind(@TempDir Path directory) throws Exception {
        FakeConnectProxy proxy = proxy();
        proxy.wantedField = "Proxy-Authorization: Basic dmFuOm5pZ2h0";
        Path password = Files.writeString(directory.resolve("password"), "night\n");
        Bindlink slave = slave(builder -> builder.proxyTarget("localhost:" + listening.getPort())
                .link("socks5+tcp://127.0.0.1:" + proxy.port())
                .link("http://van@127.0.0.1:" + proxy.port() + "?password-file=" + password));
        awaitUp(1, 2);
        transfer();
        assertThat(slave.linkMap().links()).hasSize(2);
    }

    @Test
    void littleWaitsInTheSocketOfASlowConnection() throws Exception {
        FakeConnectProxy proxy = proxy();
        proxy.bytesPerSecond = 2_000_000; // a phone's 16 Mbit/s
        Bindlink slave = slave(builder ->
                builder.proxyTarget("127.0.0.1:" + listening.getPort()).link("socks5+tcp://127.0.0.1:" + proxy.port()));
        awaitUp(1);
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        proxy.passedOn = () -> waits.add(slave.stats().links().get(0).rttNanos());
        transfer();
        proxy.passedOn = () -> {};
        List<Long> sorted = waits.subList(waits.size() / 4, waits.size()); // it has to find the rate first
        sorted.sort(null);
        assertThat(TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() / 2)))
                .as("median round trip in ms: the wait in the sockets, since loopback takes none")
                .isBetween(1L, 200L); // 22; 660 without a congestion window
    }

    @Test
    void aLinkWhoseConnectionEndsComesBackUnderItsNumber() throws Exception {
        FakeConnectProxy proxy = proxy();
        slave(builder ->
                builder.proxyTarget("127.0.0.1:" + listening.getPort()).link("socks5+tcp://127.0.0.1:" + proxy.port()));
        awaitUp(1);
        proxy.drop();
        await(event -> event instanceof Event.LinkChanged change && change.to() == LinkState.DOWN);
        awaitUp(1);
        transfer();
        assertThat(master.stats().links()).hasSize(1);
        assertThat(master.stats().counter("dropped_replay")).isZero();
    }

    @Test
    void aProxyWithoutUdpIsUsedByTcp() throws Exception {
        FakeConnectProxy proxy = proxy();
        Bindlink slave = slave(builder ->
                builder.proxyTarget("127.0.0.1:" + listening.getPort()).link("socks5://127.0.0.1:" + proxy.port()));
        Event.FellBack fellBack = (Event.FellBack) await(Event.FellBack.class::isInstance);
        assertThat(fellBack.reason()).contains("does not support UDP (SOCKS reply 7, command not supported)");
        assertThat(fellBack.standInUri()).hasToString("socks5+tcp://127.0.0.1:" + proxy.port());
        awaitUp(2);
        transfer();
        LinkStats byUdp = slave.stats().links().get(0);
        assertThat(byUdp.state()).isEqualTo(LinkState.DOWN);
        assertThat(byUdp.reason()).endsWith("; over TCP as link 2 meanwhile");
        slave.linkMap().links().get(0).close();
        assertThat(slave.linkMap().links()).isEmpty();
    }

    @Test
    void aProxyWhoseRelayCarriesNothingIsUsedByTcpUntilItDoes() throws Exception {
        FakeSocksServer proxy = new FakeSocksServer();
        open.add(proxy);
        proxy.swallows = true;
        Bindlink slave = slave(builder ->
                builder.proxyTarget("127.0.0.1:" + listening.getPort()).link("socks5://127.0.0.1:" + proxy.port()));
        Event.FellBack fellBack = (Event.FellBack) await(Event.FellBack.class::isInstance);
        assertThat(fellBack.reason()).isEqualTo("no answer by UDP");
        proxy.swallows = false;
        awaitUp(1);
        await(event -> event instanceof Event.LinkChanged change
                && change.to() == LinkState.CLOSED
                && change.reason().equals("UDP works again"));
        assertThat(slave.linkMap().links()).hasSize(1);
    }

    @Test
    void strangersAreCutOffAndCostTheBondNothing() throws Exception {
        Bindlink slave = slave(builder -> builder.link("tcp://127.0.0.1:" + listening.getPort()));
        awaitUp(1);
        List<Socket> strangers = new ArrayList<>();
        for (int i = 0; i < 2 * TcpConnections.MAX_STRANGERS; i++) {
            Socket stranger = new Socket();
            stranger.bind(new InetSocketAddress(strangerAddress(i % 8), 0));
            open.add(stranger);
            stranger.connect(listening, WAIT_MILLIS);
            strangers.add(stranger);
        }
        byte[] noise = new byte[5_000];
        new SplittableRandom(1).nextBytes(noise);
        noise[0] = (byte) 0xFF; // a length that no datagram has
        int last = strangers.size() - 1; // the others were displaced, all but a few
        strangers.get(last).getOutputStream().write(noise);
        strangers.get(last - 1).getOutputStream().write(new byte[] {0, 40, 1}); // and never the rest
        for (Socket each : strangers) {
            each.setSoTimeout(WAIT_MILLIS);
            assertEnds(each.getInputStream());
        }
        transfer();
        assertThat(master.stats().counter("dropped_framing")).isEqualTo(1);
        long displaced = master.stats().counter("connections_displaced");
        long timedOut = master.stats().counter("connections_timed_out");
        assertThat(displaced).isPositive();
        assertThat(timedOut).isPositive();
        assertThat(displaced + timedOut).as("all but the noisy one").isEqualTo(strangers.size() - 1);
        assertThat(master.stats().links()).hasSize(1);
        assertThat(slave.stats().links().get(0).socketsMade()).isEqualTo(1);
    }

    /** Several sources, where the whole of 127/8 is this machine's. */
    private static InetAddress strangerAddress(int number) throws IOException {
        boolean linux = System.getProperty("os.name").equals("Linux");
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (linux ? 1 + number : 1)});
    }

    /** Whether with a goodbye or without. */
    private static void assertEnds(InputStream in) throws IOException {
        try {
            assertThat(in.read()).isEqualTo(-1);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private FakeConnectProxy proxy() throws IOException {
        FakeConnectProxy proxy = new FakeConnectProxy();
        open.add(proxy);
        return proxy;
    }

    private Bindlink slave(UnaryOperator<BindlinkBuilder> links) {
        Bindlink slave = links.apply(Bindlink.slave().key(key).tun(atSlave).listener(heard::add))
                .start();
        open.add(slave);
        return slave;
    }

    /** From the slave to the master, to the last byte. */
    private void transfer() throws Exception {
        byte[] sent = bytes();
        Thread writer = new Thread(() -> write(atSlave, sent), "writer");
        writer.start();
        assertThat(readAll(atMaster)).isEqualTo(sent);
        writer.join();
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
        return Arrays.copyOf(bytes, length);
    }

    private void awaitUp(Integer... links) throws InterruptedException {
        Set<Integer> missing = new HashSet<>(List.of(links));
        await(event -> event instanceof Event.LinkChanged change
                && change.to() == LinkState.UP
                && missing.remove(change.link().value())
                && missing.isEmpty());
    }

    private Event await(Predicate<Event> wanted) throws InterruptedException {
        while (true) {
            Event event = heard.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(event).as("the event waited for").isNotNull();
            if (wanted.test(event)) {
                return event;
            }
        }
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[STREAM_BYTES];
        new SplittableRandom(7).nextBytes(bytes);
        return bytes;
    }
}
