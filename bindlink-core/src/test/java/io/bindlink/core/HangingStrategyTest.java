package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A strategy must not block. When one does all the same, closing goes on without it and says so. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
@ResourceLock(Resources.SYSTEM_ERR)
class HangingStrategyTest {
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(2);

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Queue<Event> heard = new ConcurrentLinkedQueue<>();
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void listenToTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void letGo() {
        opened.countDown();
        System.setErr(standardError);
    }

    @Test
    void schedulerThatHangsDoesNotHoldUpClosing() throws Exception {
        assertClosesWhileItHangs(slave -> slave.scheduler(() -> (packet, links, picks) -> hang()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "addLink", "send", "received"})
    void multiplexerThatHangsDoesNotHoldUpClosing(String where) throws Exception {
        assertClosesWhileItHangs(slave -> slave.scheduler(() -> OneLinkMultiplexer.FIRST_READY)
                .multiplexer(LoopbackBond.provider(() -> LoopbackBond.doing(this::hang, where))));
    }

    private void assertClosesWhileItHangs(LoopbackBond.Settings strategy) throws Exception {
        long files = RealNodes.openFiles();
        LoopbackBond bond = LoopbackBond.start(PresharedKey.generate(), slave -> {
            strategy.apply(slave);
            slave.listener(heard::add);
        });
        useUntilItHangs(bond);
        assertClosesInTime(bond.slave());
        assertThat(bond.slave().awaitClosed()).isEmpty();
        assertThat(bond.slave().stats().sessionUp()).isFalse();
        assertThat(heard).last().isInstanceOf(Event.Closed.class);
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains(" hangs in a strategy or device, at ")
                .contains(HangingStrategyTest.class.getName() + ".hang(");
        bond.master().close();
        assertThat(RealNodes.threads()).isNotEmpty();
        opened.countDown();
        while (!RealNodes.threads().isEmpty()) {
            Thread.onSpinWait(); // the test's bound ends this
        }
        assertThat(RealNodes.openFiles()).isLessThanOrEqualTo(files + 5);
    }

    @Test
    void schedulerThatCanBeInterruptedLeavesNoThread() throws Exception {
        LoopbackBond bond = LoopbackBond.start(
                PresharedKey.generate(),
                slave -> slave.scheduler(() -> (packet, links, picks) -> {
                    entered.countDown();
                    try {
                        opened.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted", e);
                    }
                }));
        useUntilItHangs(bond);
        assertClosesInTime(bond.slave());
        bond.master().close();
        assertThat(RealNodes.threads()).isEmpty();
    }

    private void useUntilItHangs(LoopbackBond bond) throws InterruptedException {
        while (entered.getCount() > 0) {
            bond.atSlave().inject(MemoryDevice.packet(1, 100));
            bond.atMaster().inject(MemoryDevice.packet(2, 100));
            entered.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private static void assertClosesInTime(Bindlink node) {
        long startNanos = System.nanoTime();
        node.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PROMISED.plus(BUSY_MACHINE));
    }

    /** As if it had never heard of interrupts. */
    private void hang() {
        entered.countDown();
        while (true) {
            try {
                opened.await();
                return;
            } catch (InterruptedException e) {
                // goes on hanging
            }
        }
    }
}
