package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Event;
import io.bindlink.api.Link;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.core.io.FakeSocksServer;
import io.bindlink.core.mux.BondingProvider;
import io.bindlink.core.scheduling.WeightedProvider;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes over loopback. Waits for what must happen with generous bounds, and asserts no other timing. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
final class BondTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PresharedKey key = PresharedKey.generate();
    private final MemoryDevice atMaster = new MemoryDevice();
    private final MemoryDevice atSlave = new MemoryDevice();
    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(atMaster.closed.getCount()).isZero();
        assertThat(atSlave.closed.getCount()).isZero();
        assertThat(RealNodes.threads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0"})
    void packetsCrossBothWaysByUdp(String address) throws Exception {
        InetSocketAddress bound = startMaster(address);
        String host = address.equals("0.0.0.0") ? "127.0.0.1" : address;
        Bindlink slave = startSlave(builder -> builder.link(LinkUri.udp(host, bound.getPort())));
        slave.awaitUp(LONG);
        exchange(20);
        assertThat(slave.linkMap().links()).hasSize(1);
        assertThat(slave.stats().links().get(0).receivedPackets()).isPositive();
    }

    @Test
    void packetsCrossBothWaysThroughAProxy() throws Exception {
        FakeSocksServer proxy = opened(new FakeSocksServer());
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlaveThrough(proxy, "localhost:" + bound.getPort());
        slave.awaitUp(LONG);
        exchange(20);
    }

    @Test
    void aWildcardAnswersFromEachAddressOfBothFamilies() throws Exception {
        InetSocketAddress bound = startMaster("0.0.0.0");
        Bindlink slave = startSlave(builder ->
                builder.link(LinkUri.udp("127.0.0.1", bound.getPort())).link(LinkUri.udp("::1", bound.getPort())));
        Set<LinkUri> up = new HashSet<>();
        while (up.size() < 2) {
            up.add(awaitLink(LinkState.UP).uri()); // connected sockets: an answer from elsewhere would not be heard
        }
        assertThat(slave.linkMap().links()).hasSize(2);
    }

    @Test
    void aLinkWhoseControlConnectionEndsGoesDownAndComesBackByItself() throws Exception {
        FakeSocksServer proxy = opened(new FakeSocksServer());
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlaveThrough(proxy, "127.0.0.1:" + bound.getPort());
        slave.awaitUp(LONG);
        awaitLink(LinkState.UP);
        proxy.dropControls();
        Event.LinkChanged down = awaitLink(LinkState.DOWN);
        assertThat(down.reason()).isEqualTo("the proxy closed the control connection");
        awaitLink(LinkState.UP);
        exchange(5);
    }

    @Test
    void aProxyThatClosesItsControlConnectionAndRelaysOnIsUsed() throws Exception {
        FakeSocksServer proxy = opened(new FakeSocksServer());
        proxy.dropsControl();
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlaveThrough(proxy, "127.0.0.1:" + bound.getPort());
        slave.awaitUp(LONG);
        exchange(20);
        assertThat(proxy.asked())
                .as("the first time it is taken for the relay's end")
                .isEqualTo(2);
    }

    @Test
    void aLinkThatCannotBeMadeSaysWhyAndAnotherOneCarriesTheBond() throws Exception {
        FakeSocksServer proxy = opened(new FakeSocksServer());
        proxy.close();
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlaveThrough(proxy, "127.0.0.1:" + bound.getPort());
        assertThatThrownBy(() -> slave.awaitUp(Duration.ofSeconds(2)))
                .isInstanceOfSatisfying(
                        BindlinkException.class,
                        e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.UNREACHABLE))
                .hasMessage("no session after 2000 ms: socks5://127.0.0.1:" + proxy.port() + ": proxy 127.0.0.1:"
                        + proxy.port() + " cannot be reached: Connection refused");
        Link second = slave.linkMap().initiateLink(LinkUri.udp("127.0.0.1", bound.getPort()));
        slave.awaitUp(LONG);
        exchange(5);
        assertThat(second.uri()).isEqualTo(LinkUri.udp("127.0.0.1", bound.getPort()));
        assertThat(slave.linkMap().links()).hasSize(2).last().isEqualTo(second);
        assertThatThrownBy(second::writable).isInstanceOf(IllegalStateException.class);
        second.close();
        second.close();
        assertThat(second.state()).isEqualTo(LinkState.CLOSED);
        assertThat(slave.linkMap().links()).hasSize(1);
    }

    @Test
    void aFailingListenerIsKept() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlave(builder -> builder.link(LinkUri.udp("127.0.0.1", bound.getPort()))
                .listener(event -> {
                    throw new IllegalArgumentException("thrown by a test's listener at " + event);
                }));
        slave.awaitUp(LONG);
        exchange(5);
    }

    @Test
    void aListenerMayCloseTheNode() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink[] self = new Bindlink[1];
        Bindlink slave = startSlave(builder -> builder.listener(event -> {
            if (event instanceof Event.SessionStarted) {
                self[0].close();
            }
        }));
        self[0] = slave;
        slave.linkMap().initiateLink(LinkUri.udp("127.0.0.1", bound.getPort()));
        assertThat(slave.awaitClosed()).isEmpty();
        assertThat(heard).last().isInstanceOf(Event.Closed.class);
    }

    @Test
    void aThrowingSchedulerClosesTheBondWithItsExceptionAsTheCause() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        RuntimeException thrown = new IllegalStateException("thrown by a test's scheduler");
        Bindlink slave = startSlave(
                builder -> builder.link(LinkUri.udp("127.0.0.1", bound.getPort())), () -> (packet, links, picks) -> {
                    throw thrown;
                });
        slave.awaitUp(LONG);
        atSlave.inject(MemoryDevice.packet(1, 100));
        assertThat(slave.awaitClosed()).containsSame(thrown);
        Event.Closed last = (Event.Closed) awaitEvent(Event.Closed.class);
        assertThat(last.cause()).containsSame(thrown);
        assertThat(slave.stats().sessionUp()).isFalse();
        assertThatThrownBy(() -> slave.awaitUp(LONG))
                .isInstanceOf(BindlinkException.class)
                .hasCause(thrown);
    }

    @Test
    void aDeviceThatEndsClosesTheBond() throws Exception {
        startMaster("127.0.0.1");
        Bindlink slave = startSlave(builder -> {});
        atSlave.close();
        assertThat(slave.awaitClosed()).get().asString().contains("tun device memory came to an end");
    }

    @Test
    void anotherKeyIsNotAnswered() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = opened(Bindlink.slave()
                .key(PresharedKey.generate())
                .multiplexer(new OneLinkMultiplexer.Provider())
                .scheduler(() -> OneLinkMultiplexer.FIRST_READY)
                .tun(atSlave)
                .link(LinkUri.udp("127.0.0.1", bound.getPort()))
                .start());
        assertThatThrownBy(() -> slave.awaitUp(Duration.ofSeconds(1)))
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("no session after 1000 ms: ");
    }

    @Test
    void aSlaveComesBackAfterItsMasterRestarted() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink slave = startSlave(builder -> builder.link(LinkUri.udp("127.0.0.1", bound.getPort())));
        slave.awaitUp(LONG);
        exchange(3);
        open.get(0).close();
        awaitEvent(Event.SessionEnded.class);
        MemoryDevice second = new MemoryDevice();
        opened(master(second).listen(bound).start());
        slave.awaitUp(LONG);
        for (byte[] packet = null; packet == null; packet = second.awaitPacket(1)) {
            atSlave.inject(MemoryDevice.packet(7, 200));
        }
    }

    @Test
    void closingIsIdempotentAndTellsThePeer() throws Exception {
        InetSocketAddress bound = startMaster("127.0.0.1");
        Bindlink master = (Bindlink) open.get(0);
        Bindlink slave = startSlave(builder -> builder.link(LinkUri.udp("127.0.0.1", bound.getPort())));
        slave.awaitUp(LONG);
        master.awaitUp(LONG);
        slave.close();
        slave.close();
        while (master.stats().sessionUp()) {
            Thread.onSpinWait(); // the goodbye is on its way; the test's bound ends this
        }
        assertThatThrownBy(() -> slave.linkMap().initiateLink(LinkUri.udp("127.0.0.1", 9)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the node is closed");
        assertThat(slave.linkMap().links()).isEmpty();
        assertThat(slave.awaitClosed()).isEmpty();
    }

    @Test
    void aDeviceAndAListenerThatHangDoNotHoldUpClosing() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        Bindlink slave =
                startSlave(builder -> builder.link(LinkUri.udp("127.0.0.1", 9)).listener(event -> {
                    entered.countDown();
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                }));
        atSlave.hangs = true;
        atMaster.close(); // not used here
        entered.await();
        long startNanos = System.nanoTime();
        slave.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void manyPacketsCrossManyLinksWithTheBuiltInMultiplexer() throws Exception {
        MultiplexerProvider bonding = new BondingProvider();
        SchedulerProvider weighted = new WeightedProvider();
        FakeSocksServer proxy = opened(new FakeSocksServer());
        Bindlink master = opened(Bindlink.master()
                .key(key)
                .multiplexer(bonding)
                .scheduler(() -> weighted.create(Map.of()))
                .tun(atMaster)
                .start());
        InetSocketAddress bound = master.linkMap().startListener(new InetSocketAddress("127.0.0.1", 0));
        LinkUri straight = LinkUri.udp("127.0.0.1", bound.getPort());
        Bindlink slave = opened(Bindlink.slave()
                .key(key)
                .multiplexer(bonding)
                .scheduler(() -> weighted.create(Map.of()))
                .tun(atSlave)
                .proxyTarget("127.0.0.1:" + bound.getPort())
                .link(straight)
                .link("udp://127.0.0.1:" + bound.getPort() + "?from=127.0.0.5")
                .link("socks5://127.0.0.1:" + proxy.port())
                .start());
        slave.awaitUp(LONG);
        exchange(100);
        assertThat(master.linkMap().links()).isNotEmpty();
    }

    @Test
    void rolesKeepToTheirSide() throws Exception {
        startMaster("127.0.0.1");
        Bindlink master = (Bindlink) open.get(0);
        Bindlink slave = startSlave(builder -> {});
        assertThatThrownBy(() -> master.linkMap().initiateLink(LinkUri.udp("127.0.0.1", 9)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> slave.linkMap().startListener(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> slave.linkMap().initiateLink(new InetSocketAddress("127.0.0.1", 1080)))
                .isInstanceOf(BindlinkException.class);
    }

    // ---- two nodes ----

    private BindlinkBuilder master(MemoryDevice device) {
        return Bindlink.master()
                .key(key)
                .multiplexer(new OneLinkMultiplexer.Provider())
                .scheduler(() -> OneLinkMultiplexer.FIRST_READY)
                .tun(device);
    }

    private InetSocketAddress startMaster(String address) throws Exception {
        Bindlink master = opened(master(atMaster).start());
        return master.linkMap().startListener(new InetSocketAddress(address, 0));
    }

    private interface Settings {
        void apply(BindlinkBuilder builder);
    }

    private Bindlink startSlave(Settings settings) {
        return startSlave(settings, () -> OneLinkMultiplexer.FIRST_READY);
    }

    private Bindlink startSlaveThrough(FakeSocksServer proxy, String target) {
        return startSlave(builder -> builder.proxyTarget(target).link("socks5://127.0.0.1:" + proxy.port()));
    }

    private Bindlink startSlave(Settings settings, Supplier<Scheduler> scheduler) {
        BindlinkBuilder builder = Bindlink.slave()
                .key(key)
                .multiplexer(new OneLinkMultiplexer.Provider())
                .scheduler(scheduler)
                .tun(atSlave)
                .listener(heard::add);
        settings.apply(builder);
        return opened(builder.start());
    }

    private <C extends AutoCloseable> C opened(C closeable) {
        open.add(closeable);
        return closeable;
    }

    /** Sends packets both ways until each one's number has come out at the other end. */
    private void exchange(int count) throws InterruptedException {
        Set<Integer> missingAtMaster = new HashSet<>();
        Set<Integer> missingAtSlave = new HashSet<>();
        for (int i = 0; i < count; i++) {
            missingAtMaster.add(i);
            missingAtSlave.add(i);
        }
        while (!missingAtMaster.isEmpty() || !missingAtSlave.isEmpty()) {
            missingAtMaster.forEach(i -> atSlave.inject(MemoryDevice.packet(i, 100 + i)));
            missingAtSlave.forEach(i -> atMaster.inject(MemoryDevice.packet(i, 300 + i)));
            take(atMaster, missingAtMaster, 100);
            take(atSlave, missingAtSlave, 300);
        }
    }

    private static void take(MemoryDevice device, Set<Integer> missing, int size) throws InterruptedException {
        while (!missing.isEmpty()) {
            byte[] packet = device.awaitPacket(1);
            if (packet == null) {
                return;
            }
            int number = packet[31];
            assertThat(packet).isEqualTo(MemoryDevice.packet(number, size + number));
            missing.remove(number);
        }
    }

    private Event.LinkChanged awaitLink(LinkState state) throws InterruptedException {
        while (true) {
            Event.LinkChanged change = (Event.LinkChanged) awaitEvent(Event.LinkChanged.class);
            if (change.to() == state) {
                return change;
            }
        }
    }

    private Event awaitEvent(Class<? extends Event> kind) throws InterruptedException {
        while (true) {
            Event event = heard.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event of kind %s", kind.getSimpleName()).isNotNull();
            if (kind.isInstance(event)) {
                return event;
            }
        }
    }
}
