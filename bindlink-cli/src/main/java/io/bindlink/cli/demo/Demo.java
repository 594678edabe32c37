package io.bindlink.cli.demo;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.cli.LogLevel;
import io.bindlink.cli.SlaveCommand;
import io.bindlink.cli.terminal.Screen;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import io.bindlink.tun.tcp.TcpTunDevice;
import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** One run of the demo. Confined to its thread, except {@link #close}. */
final class Demo implements AutoCloseable {
    private static final List<PhoneModel> PHONES = List.of(
            new PhoneModel("phone A", 20, 25, 2, 0.003),
            new PhoneModel("phone B", 12, 45, 4, 0.005),
            new PhoneModel("phone C", 8, 70, 6, 0.010));
    private static final int CUT = 0; // the fastest one: the hardest to do without
    private static final double CUT_AT = 0.4; // of the time the file is meant to take
    private static final double CUT_SECONDS = 2.5;
    private static final double EXPECTED_EFFICIENCY = 0.85; // decides the size of the file, nothing else

    private static final Duration UP_TIMEOUT = Duration.ofSeconds(6);
    private static final long LOOK_NANOS = 200_000_000;
    private static final int LOOKS_PER_LINE = 5;

    private final Screen screen;
    private final double seconds;
    private final LogLevel logLevel;
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // guarded by this
    private final Air air;
    private final Transfer transfer;
    private final DemoKey key;

    Demo(Screen screen, int seconds, long seed, LogLevel logLevel) throws IOException {
        this.screen = screen;
        this.seconds = seconds;
        this.logLevel = logLevel;
        long fileBytes = (long) (EXPECTED_EFFICIENCY * Report.capacityBytes(PHONES, seconds, CUT, CUT_SECONDS));
        screen.line("Bindlink demo: one file over three emulated phones, bonded. Nothing is simulated but the air.");
        PHONES.forEach(phone -> screen.line("  " + phone));
        screen.line(String.format(Locale.ROOT, "  file     %.1f MB of random bytes, seed %d", fileBytes / 1e6, seed));
        this.air = opened(new Air(PHONES, seed));
        this.transfer = opened(new Transfer(fileBytes, seed));
        this.key = opened(new DemoKey());
    }

    /** Runs it; throws when it does not succeed. */
    void run(long deadlineNanos) throws IOException, InterruptedException {
        PresharedKey secret = PresharedKey.read(key.file());
        Bindlink master = opened(Bindlink.master()
                .key(secret)
                .tun(device(Role.MASTER, TcpTunDeviceProvider.CONNECT, "127.0.0.1:" + transfer.port()))
                .start());
        InetSocketAddress listening =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TcpTunDevice entrance = device(Role.SLAVE, TcpTunDeviceProvider.LISTEN, "0");
        Bindlink slave =
                opened(slaveAsInTheField(listening.getPort()).tun(entrance).start());
        awaitLinks(slave);
        transfer.start(Objects.requireNonNull(entrance.localAddress()));
        long cutNanos = transfer.startNanos() + nanos(CUT_AT * seconds);
        long restoredNanos = cutNanos + nanos(CUT_SECONDS);
        air.phones().get(CUT).cut(cutNanos, restoredNanos);
        watch(slave, deadlineNanos);
        Report.of(PHONES, CUT, cutNanos, restoredNanos, transfer, slave.stats().efficiencyTotal())
                .print(screen);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : takeOpen()) {
            try {
                resource.close();
            } catch (Exception e) {
                screen.line("  could not be closed: " + e);
            }
        }
    }

    /** The slave, from the same options as on a command line; only its edge is opened here, to know its port. */
    private BindlinkBuilder slaveAsInTheField(int masterPort) {
        String proxies =
                air.phones().stream().map(phone -> "127.0.0.1:" + phone.port()).collect(Collectors.joining(","));
        SlaveCommand slave = new SlaveCommand();
        new CommandLine(slave)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(
                        "--key-file=" + key.file(),
                        "--proxy-target=127.0.0.1:" + masterPort,
                        "--proxies=" + proxies,
                        "--listen-tcp=0",
                        "--log-level=" + logLevel);
        return slave.builder();
    }

    private static TcpTunDevice device(Role role, String option, String value) throws IOException {
        Map<String, List<String>> options = Map.of(option, List.of(value));
        TunConfig config =
                new TunConfig(role, Optional.empty(), List.of(), TunConfig.DEFAULT_MTU_BYTES, false, options);
        return (TcpTunDevice) new TcpTunDeviceProvider().open(config);
    }

    private void awaitLinks(Bindlink slave) throws InterruptedException {
        long startNanos = System.nanoTime();
        slave.awaitUp(UP_TIMEOUT);
        while (!allUp(slave.stats().links())) {
            checkAir();
            if (System.nanoTime() - startNanos > UP_TIMEOUT.toNanos()) {
                throw failed("not all links came up: "
                        + slave.stats().links().stream()
                                .map(link -> link.uri() + " " + link.state() + " " + link.reason())
                                .collect(Collectors.joining(", ")));
            }
            LockSupport.parkNanos(LOOK_NANOS / 10);
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        screen.line(String.format(Locale.ROOT, "  all links are up after %.2f s; the file leaves", seconds));
    }

    private static boolean allUp(List<LinkStats> links) {
        return links.stream().filter(link -> link.state() == LinkState.UP).count() == PHONES.size();
    }

    private void watch(Bindlink slave, long deadlineNanos) throws InterruptedException {
        LiveTable table = new LiveTable(air.phones());
        Phone victim = air.phones().get(CUT);
        boolean ended = false;
        for (int look = 0; !ended; look++) {
            ended = transfer.await(LOOK_NANOS);
            long nowNanos = System.nanoTime();
            if (nowNanos - deadlineNanos > 0) {
                throw failed("the file did not arrive in time");
            }
            checkAir();
            table.add(nowNanos, transfer.receivedBytes(), slave.stats());
            show(table, look, victim.isCut(nowNanos) ? victim.model().name() + " is cut" : "");
        }
        if (!transfer.failure().isEmpty()) {
            throw failed(transfer.failure());
        }
    }

    private void show(LiveTable table, int look, String remark) {
        double now = (System.nanoTime() - transfer.startNanos()) / 1e9;
        double done = transfer.receivedBytes() / (double) transfer.fileBytes();
        if (screen.terminal()) {
            screen.redraw(table.table(now, done, remark));
        } else if (look % LOOKS_PER_LINE == 0) {
            screen.line(table.line(now, done, remark));
        }
    }

    private void checkAir() {
        if (!air.failure().isEmpty()) {
            throw failed(air.failure());
        }
    }

    private synchronized <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private synchronized Deque<AutoCloseable> takeOpen() {
        Deque<AutoCloseable> taken = new ArrayDeque<>(open);
        open.clear();
        return taken;
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static BindlinkException failed(String why) {
        return new BindlinkException(BindlinkException.Code.RUNTIME, "demo: " + why);
    }
}
