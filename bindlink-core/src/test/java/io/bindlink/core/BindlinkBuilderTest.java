package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.BindlinkException.Code;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(RealNodes.LOCK)
final class BindlinkBuilderTest {
    private final MemoryDevice device = new MemoryDevice();

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("bindlink-"));
    }

    @Test
    void aKeyIsRequired() {
        assertRefused(
                () -> Bindlink.slave().tun(device).start(),
                Code.CONFIG,
                "no key; both ends need the same one, made by 'bindlink genkey'");
        assertThat(device.closed.getCount()).isZero();
    }

    @Test
    void unknownStrategiesAreNamedTogetherWithTheKnownOnes() {
        assertRefusedStarting(
                () -> complete(Bindlink.slave()).multiplexer("bnoding").start(),
                Code.CONFIG,
                "unknown multiplexer 'bnoding'; ");
        assertRefusedStarting(
                () -> complete(Bindlink.slave()).scheduler("shceduler").start(),
                Code.CONFIG,
                "unknown scheduler 'shceduler'; ");
        assertRefusedStarting(
                () -> Bindlink.slave()
                        .key(PresharedKey.generate())
                        .multiplexer(new OneLinkMultiplexer.Provider())
                        .scheduler(() -> OneLinkMultiplexer.FIRST_READY)
                        .tun("nut")
                        .start(),
                Code.CONFIG,
                "unknown tun device 'nut'; ");
    }

    @Test
    void settingsOfTheOtherRoleAreRefused() {
        assertRefused(
                () -> Bindlink.master().link("udp://127.0.0.1:9"),
                Code.CONFIG,
                "a link belongs to a slave, and this is a master");
        assertRefused(
                () -> Bindlink.master().proxyTarget("127.0.0.1:9"),
                Code.CONFIG,
                "a proxy target belongs to a slave, and this is a master");
        assertRefused(
                () -> Bindlink.slave().listen(new InetSocketAddress(0)),
                Code.CONFIG,
                "a listen address belongs to a master, and this is a slave");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertRefused(
                () -> Bindlink.slave().suites(Set.of()), Code.CONFIG, "no cipher suite is allowed; allow at least one");
        assertRefused(
                () -> Bindlink.slave().rekeyEvery(Duration.ZERO),
                Code.CONFIG,
                "rekey interval PT0S is not in 1 second..1 hour");
        assertRefused(
                () -> Bindlink.slave().sessionTimeout(Duration.ofSeconds(4)),
                Code.CONFIG,
                "session timeout PT4S is not in 5 seconds..30 minutes");
        assertRefused(
                () -> Bindlink.master().sessionTimeout(Duration.ofMinutes(31)),
                Code.CONFIG,
                "session timeout PT31M is not in 5 seconds..30 minutes");
        assertRefused(
                () -> Bindlink.slave().proxyTarget("master"), Code.CONFIG, "proxy target 'master': write HOST:PORT");
    }

    @Test
    void aTakenPortLeavesNothingBehind() throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            int port = other.getLocalPort();
            assertRefused(
                    () -> complete(Bindlink.master())
                            .listen(new InetSocketAddress("127.0.0.1", port))
                            .start(),
                    Code.RUNTIME,
                    "cannot listen at 127.0.0.1:" + port + ": Address already in use");
            assertThat(device.closed.getCount()).isZero();
        }
    }

    @Test
    void aLinkThatCannotBeMadeLeavesNothingBehind() {
        assertRefused(
                () -> complete(Bindlink.slave())
                        .link("udp://127.0.0.1:9")
                        .link("http://127.0.0.1:9")
                        .start(),
                Code.CONFIG,
                "link 'http://127.0.0.1:9': a proxy must be told where to send; set the proxy target, the master's HOST:PORT");
        assertThat(device.closed.getCount()).isZero();
    }

    @Test
    void aBuilderStartsOneNode() {
        BindlinkBuilder builder = complete(Bindlink.slave());
        builder.start().close();
        assertThatThrownBy(builder::start).isInstanceOf(IllegalStateException.class);
    }

    private BindlinkBuilder complete(BindlinkBuilder builder) {
        return builder.key(PresharedKey.generate())
                .multiplexer(new OneLinkMultiplexer.Provider())
                .scheduler(() -> OneLinkMultiplexer.FIRST_READY)
                .tun(device);
    }

    private static void assertRefused(ThrowingCallable call, Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }

    private static void assertRefusedStarting(ThrowingCallable call, Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageStartingWith(message);
    }

    @Test
    void nothingMayBeNull() {
        BindlinkBuilder builder = Bindlink.slave();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> builder.key(null),
                () -> builder.link((LinkUri) null),
                () -> builder.tun((String) null),
                () -> builder.tun((TunConfig) null),
                () -> builder.tun((TunDevice) null),
                () -> builder.udp(null),
                () -> builder.scheduler((String) null),
                () -> builder.scheduler((Supplier<Scheduler>) null),
                () -> builder.multiplexer((String) null),
                () -> builder.multiplexer((MultiplexerProvider) null),
                () -> builder.listener(null),
                () -> builder.listener(null, event -> {}))) {
            assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
        }
    }
}
