package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How real devices begin and end. */
@InPrivateNetwork
class TunLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static TunDevice open(TunConfig config) throws IOException {
        return new JnaTunDeviceProvider().open(config);
    }

    // ---- the end ----

    @Test
    void closeWakesTheReaderAndTheInterfaceIsGone() throws Exception {
        RunningTun tun = new RunningTun(RunningTun.named("bltest0")).start();
        assertThat(Machine.hasInterface("bltest0")).isTrue();
        tun.close();
        assertThat(Machine.hasInterface("bltest0")).isFalse();
        assertThat(tun.end()).succeedsWithin(PATIENCE);
    }

    @Test
    void closeWakesAReaderThatWaitsForBuffers() throws Exception {
        RunningTun tun = new RunningTun(RunningTun.named("bltest0"));
        tun.takeBuffers();
        tun.start();
        tun.awaitStarved();
        tun.close();
        assertThat(tun.end()).succeedsWithin(PATIENCE);
        assertThat(Machine.hasInterface("bltest0")).isFalse();
    }

    @Test
    void aClosedDeviceDoesNothing() throws Exception {
        RunningTun tun = new RunningTun(RunningTun.named("bltest0"));
        tun.close();
        tun.close();
        assertThat(Machine.hasInterface("bltest0")).isFalse();
        assertThat(tun.send(IpPacket.echoRequest("10.10.10.2", "10.10.10.1"))).isFalse();
        tun.device.accepting(0);
        assertThat(tun.start().end()).succeedsWithin(PATIENCE);
    }

    @Test
    void noDescriptorIsLeftOpen() throws Exception {
        open(RunningTun.named("bltest0")).close();
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            try (TunDevice device = open(RunningTun.named("bltest0"))) {
                assertThatThrownBy(() -> open(RunningTun.named(device.name()))).isInstanceOf(IOException.class);
            }
        }
        assertThat(descriptors()).isLessThan(before + 10); // other things come and go in this process
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    /** The number of a closed descriptor is given to the next file that is opened; no packet may end up there. */
    @Test
    void aPacketSentWhileTheDeviceIsClosedGoesToNoOtherFile(@TempDir Path directory) throws Exception {
        byte[] echo = IpPacket.echoRequest("10.10.10.2", "10.10.10.1");
        PacketInfo info = PacketInfo.of(echo.length, 0, Delivery.BEST_EFFORT, Offload.NONE);
        for (int round = 0; round < 15; round++) {
            RunningTun tun = new RunningTun(RunningTun.named("bltest0")).start();
            AtomicBoolean ended = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            threads.add(new Thread(() -> {
                ByteBuffer packet = ByteBuffer.wrap(echo);
                while (!ended.get()) {
                    boolean unused = tun.device.send(packet, info);
                }
            }));
            Path file = directory.resolve("round" + round);
            CompletableFuture<Void> opener = new CompletableFuture<>();
            threads.add(new Thread(() -> {
                try {
                    while (!ended.get()) {
                        new FileOutputStream(file.toFile(), true).close();
                    }
                    opener.complete(null);
                } catch (IOException e) {
                    opener.completeExceptionally(e);
                }
            }));
            threads.forEach(Thread::start);
            tun.close();
            ended.set(true);
            for (Thread each : threads) {
                each.join();
            }
            assertThat(opener).succeedsWithin(PATIENCE);
            assertThat(file).isEmptyFile();
            assertThat(tun.end()).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void anInterfaceThatSomebodyDeletesEndsTheRun() throws Exception {
        try (RunningTun tun = new RunningTun(RunningTun.named("bltest0")).start()) {
            Machine.run("ip", "link", "delete", "dev", "bltest0");
            assertThat(tun.end())
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(IOException.class)
                    .withMessageStartingWith("tun device 'bltest0' is gone: ");
            assertThat(tun.send(IpPacket.echoRequest("10.10.10.2", "10.10.10.1")))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInterfaceGoesWithItsProcess(boolean forcibly) throws Exception {
        Process process = Machine.start(Machine.java(TunHolder.class, "bltest0"));
        assertThat(process.inputReader().readLine()).isEqualTo("open bltest0");
        assertThat(Machine.hasInterface("bltest0")).isTrue();
        if (forcibly) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        assertThat(process.waitFor()).isEqualTo(forcibly ? 137 : 143);
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (Machine.hasInterface("bltest0")) {
            assertThat(deadlineNanos - System.nanoTime()).isPositive();
        }
    }

    @Test
    void anInterfaceThatWasThereBeforeIsUsedAndStays() throws IOException {
        Machine.run("ip", "tuntap", "add", "dev", "bltest0", "mode", "tun");
        Machine.run("ip", "address", "add", "10.10.10.1/30", "dev", "bltest0");
        TunDevice device = open(RunningTun.named("bltest0"));
        assertThat(Machine.run("ip", "address", "show", "dev", "bltest0"))
                .contains("UP,LOWER_UP", "inet 10.10.10.1/30");
        device.close();
        assertThat(Machine.hasInterface("bltest0")).isTrue();
    }

    // ---- refusals ----

    @Test
    void aNameInUseIsRefused() throws IOException {
        try (TunDevice first = open(RunningTun.named("bltest0"))) {
            assertThatThrownBy(() -> open(RunningTun.named(first.name())))
                    .isInstanceOf(IOException.class)
                    .hasMessage("interface 'bltest0' is in use by another process; choose another name");
        }
        assertThatThrownBy(() -> open(RunningTun.named("lo")))
                .isInstanceOf(IOException.class)
                .hasMessage("interface 'lo' exists and is not a plain tun; choose another name");
    }

    @Test
    void ipv6ThatIsSwitchedOffIsToldAndNothingIsLeft() {
        Machine.run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
        assertThatThrownBy(() -> open(RunningTun.config(Role.MASTER, 1380, "10.199.7.1/30", "fd00:199::1/64")))
                .isInstanceOf(IOException.class)
                .hasMessage("IPv6 is switched off on this system (sysctl net.ipv6.conf.default.disable_ipv6), so "
                        + "fd00:199:0:0:0:0:0:1/64 cannot be set; allow it, or leave this address out");
        assertThat(Machine.hasInterface("bindlink0")).isFalse();
    }

    @Test
    void withoutTheCapabilityOneLineNamesIt() {
        Machine.requireProgram("setpriv");
        assertThat(holder("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"))
                .isEqualTo("CAP_NET_ADMIN is missing; run as root or grant it; --tun tcp needs no tun device\n");
    }

    @Test
    void withoutTheDeviceOneLineNamesIt() {
        Machine.requireProgram("unshare");
        assertThat(holder("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$0\" \"$@\""))
                .isEqualTo("there is no /dev/net/tun; load the kernel's module 'tun', or give it to the container "
                        + "(--device /dev/net/tun); --tun tcp needs no tun device\n");
    }

    private static String holder(String... prefix) {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(Machine.java(TunHolder.class, "bltest0"));
        return Machine.attempt(command).output();
    }

    /** A program that holds a tun open, or prints why it cannot. */
    static final class TunHolder {
        private TunHolder() {}

        public static void main(String[] arguments) throws InterruptedException {
            try {
                TunDevice device = open(RunningTun.named(arguments[0]));
                System.out.println("open " + device.name());
                new CompletableFuture<Void>().join(); // until it is killed
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
