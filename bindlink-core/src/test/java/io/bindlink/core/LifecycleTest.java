package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How nodes begin and end. Bounds are generous; what is promised is two seconds. */
@Timeout(120)
@ResourceLock(RealNodes.LOCK)
class LifecycleTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(2);
    private static final int CYCLES = 1_000;
    private static final int WARM_UP = 100;
    private static final int BONDS = 250;
    private static final int FIRST_BONDS = 50;

    private final PresharedKey key = PresharedKey.generate();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(RealNodes.threads()).isEmpty();
    }

    @Test
    void aThousandNodesLeaveNothingBehind() throws Exception {
        long files = 0;
        long bytes = 0;
        for (int i = 0; i < CYCLES; i++) {
            if (i == WARM_UP) {
                files = RealNodes.openFiles();
                bytes = usedBytes();
            }
            MemoryDevice device = new MemoryDevice();
            boolean master = i % 2 == 0;
            BindlinkBuilder builder = master
                    ? Bindlink.master().listen(loopback(0))
                    : Bindlink.slave().link("udp://127.0.0.1:9");
            builder.key(key).tun(device).start().close();
            assertThat(device.closed.getCount()).isZero();
        }
        assertThat(RealNodes.openFiles()).isLessThanOrEqualTo(files + 10);
        assertThat(usedBytes() - bytes).isLessThan(8L << 20); // less than 9 KB for each
        assertThat(RealNodes.threads()).isEmpty();
    }

    @Test
    void hundredsOfBondsOneAfterTheOtherLeaveNothingBehind() throws Exception {
        long files = 0;
        long bytes = 0;
        for (int i = 0; i < BONDS; i++) {
            if (i == FIRST_BONDS) {
                files = RealNodes.openFiles();
                bytes = usedBytes();
            }
            try (LoopbackBond bond = bond()) {
                bond.slave().awaitUp(LONG);
                bond.exchange(i);
            }
            assertThat(RealNodes.threads()).isEmpty();
        }
        assertThat(RealNodes.openFiles()).isLessThanOrEqualTo(files + 10);
        assertThat(usedBytes() - bytes).isLessThan(8L << 20); // a bond that stays has megabytes of buffers
    }

    @Test
    void severalBondsLiveSideBySide() throws Exception {
        List<LoopbackBond> bonds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            bonds.add(opened(bond()));
        }
        for (LoopbackBond bond : bonds) {
            bond.slave().awaitUp(LONG);
        }
        for (int i = 0; i < bonds.size(); i++) {
            bonds.get(i).exchange(10 + i);
        }
        bonds.get(0).close();
        assertThat(bonds.get(0).slave().stats().sessionUp()).isFalse();
        bonds.get(1).exchange(21);
        bonds.get(2).exchange(22);
        for (LoopbackBond bond : bonds.subList(1, 3)) {
            assertThat(bond.atMaster().fromBond).isEmpty(); // nothing came from another bond
        }
    }

    @Test
    void closingIsQuickWhileADialHangs() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Bindlink slave = opened(Bindlink.slave()
                    .key(key)
                    .tun(new MemoryDevice())
                    .proxyTarget("127.0.0.1:9")
                    .link("socks5://127.0.0.1:" + silent.getLocalPort())
                    .start());
            silent.accept(); // the handshake is under way, and nobody will ever answer
            assertClosesQuickly(slave);
        }
    }

    @Test
    void closingIsQuickWithTrafficUnderWay() throws Exception {
        LoopbackBond bond = opened(bond());
        bond.slave().awaitUp(LONG);
        for (int i = 0; i < 5_000; i++) {
            bond.atSlave().inject(MemoryDevice.packet(i, 1_000));
        }
        assertThat(bond.atMaster().awaitPacket(LONG.toSeconds())).isNotNull();
        assertClosesQuickly(bond.slave());
        assertClosesQuickly(bond.master());
    }

    @Test
    void anyNumberOfThreadsMayClose() throws Exception {
        LoopbackBond bond = opened(bond());
        bond.slave().awaitUp(LONG);
        List<Thread> closing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(bond.slave()::close);
            thread.start();
            closing.add(thread);
        }
        for (Thread thread : closing) {
            thread.join();
        }
        assertThat(bond.slave().awaitClosed()).isEmpty();
    }

    @Test
    void anInterruptEndsTheWaitingAndNotTheNode() throws Exception {
        Bindlink slave =
                opened(Bindlink.slave().key(key).tun(new MemoryDevice()).start());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> slave.awaitUp(LONG)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(slave::awaitClosed).isInstanceOf(InterruptedException.class);
        assertThat(slave.stats().sessionUp()).isFalse();

        Thread.currentThread().interrupt();
        slave.close();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(slave.awaitClosed()).as("and closing goes on").isEmpty();
        slave.close(); // and waits for the threads this time
    }

    @Test
    void anInterruptedThreadStartsANodeAndKeepsItsInterrupt() throws Exception {
        Thread.currentThread().interrupt();
        LoopbackBond bond = opened(bond());
        assertThat(Thread.interrupted()).isTrue();
        bond.slave().awaitUp(LONG);
        bond.exchange(1);
    }

    @Test
    void aStartThatFailsLeavesNothingBehind() throws Exception {
        long files = RealNodes.openFiles();
        for (int i = 0; i < 50; i++) {
            MemoryDevice device = new MemoryDevice();
            assertThatThrownBy(() -> Bindlink.slave()
                            .key(key)
                            .tun(device)
                            .link("udp://127.0.0.1:9")
                            .link("socks5://127.0.0.1:9") // no proxy target
                            .start())
                    .isInstanceOf(BindlinkException.class);
            assertThat(device.closed.getCount()).isZero();
        }
        assertThat(RealNodes.openFiles()).isLessThanOrEqualTo(files + 10);
        assertThat(RealNodes.threads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "addLink", "craftControl", "received", "send"})
    void whateverAMultiplexerThrowsClosesTheBondAsTheCause(String where) throws Exception {
        RuntimeException thrown = new IllegalStateException("thrown by a test's multiplexer in " + where);
        Supplier<Multiplexer> maker = () -> LoopbackBond.doing(
                () -> {
                    throw thrown;
                },
                where);
        LoopbackBond bond = opened(bond(builder -> builder.multiplexer(LoopbackBond.provider(maker))));
        for (int i = 0; i < 200 && bond.atSlave().closed.getCount() > 0; i++) {
            bond.atSlave().toBond.put(new byte[] {0x45}); // some of it once there is a session
            bond.atMaster().toBond.put(new byte[] {0x45});
            bond.atSlave().closed.await(100, TimeUnit.MILLISECONDS);
        }
        assertThat(bond.slave().awaitClosed()).containsSame(thrown);
    }

    @Test
    void aThrowingMultiplexerClosesTheBondWithItsExceptionAsTheCause() throws Exception {
        RuntimeException thrown = new IllegalStateException("thrown by a test's multiplexer");
        AtomicBoolean made = new AtomicBoolean(); // by start(), to see whether it can be
        Supplier<Multiplexer> maker = () -> {
            if (made.getAndSet(true)) {
                throw thrown;
            }
            return new OneLinkMultiplexer();
        };
        LoopbackBond bond = opened(bond(builder -> builder.multiplexer(LoopbackBond.provider(maker))));
        assertThat(bond.slave().awaitClosed()).containsSame(thrown);
        assertThatThrownBy(() -> bond.slave().awaitUp(LONG)).hasCause(thrown);
    }

    @Test
    void aThrowingMakerOfSchedulersClosesTheBondWithItsExceptionAsTheCause() throws Exception {
        RuntimeException thrown = new IllegalStateException("thrown by a test's maker");
        Supplier<Scheduler> maker = () -> {
            throw thrown;
        };
        LoopbackBond bond = opened(bond(builder -> builder.scheduler(maker)));
        assertThat(bond.slave().awaitClosed()).containsSame(thrown);
    }

    @Test
    void whatAClosedNodeIsAskedIsAnsweredOrRefusedInOneLine() {
        Bindlink master =
                opened(Bindlink.master().key(key).tun(new MemoryDevice()).start());
        master.close();
        assertThat(master.stats().sessionUp()).isFalse();
        assertThat(master.linkMap().links()).isEmpty();
        assertThatThrownBy(() -> master.linkMap().startListener(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the node is closed");
        assertThatThrownBy(() -> master.awaitUp(LONG))
                .isInstanceOf(BindlinkException.class)
                .hasMessage("the node was closed before it was up");
    }

    // ---- nodes ----

    private LoopbackBond bond() throws IOException {
        return bond(slave -> {});
    }

    private LoopbackBond bond(LoopbackBond.Settings settings) throws IOException {
        return LoopbackBond.start(key, settings);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private <C extends AutoCloseable> C opened(C closeable) {
        open.add(closeable);
        return closeable;
    }

    private static void assertClosesQuickly(Bindlink node) {
        long startNanos = System.nanoTime();
        node.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PROMISED.plus(BUSY_MACHINE));
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
