package io.bindlink.cli.relaunch;

import io.bindlink.api.Role;
import io.bindlink.core.sim.GreedyFlow;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.SimBond;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the JVM a packet's way before there are packets: a JVM compiles what it has seen often, and the first transfer would
 * meet a node five times as slow as it will be. A simulated bond with real ciphers carries some thousand packets each way
 * after it idled for some virtual minutes, in a thread of its own and for no longer than three seconds.
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration BUSY = Duration.ofMillis(1_500);
    private static final Duration IDLE = Duration.ofMinutes(4);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final long MOST_NANOS = 3_000_000_000L;

    private final long endNanos;

    WarmUp(long mostNanos) {
        endNanos = System.nanoTime() + mostNanos;
    }

    /**
     * Begins in the background if this JVM was made by {@link Relaunch}: whoever gave options of his own wants none of it.
     *
     * @param first to wait for before
     */
    public static void inBackground(Runnable first) {
        if (!Boolean.getBoolean(Relaunch.WARM_UP)) {
            return;
        }
        Thread thread = new Thread(() -> run(first), "bindlink-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(Runnable first) {
        try {
            first.run();
            LOG.debug("warm-up carried {} bytes", new WarmUp(MOST_NANOS).carry());
        } catch (RuntimeException e) { // the node is none the worse for it
            LOG.debug("warm-up", e);
        }
    }

    /** Answers how many bytes came through. */
    long carry() {
        try (SimBond bond = bond()) {
            runFor(bond, IDLE);
        }
        try (SimBond bond = bond()) {
            GreedyFlow down = GreedyFlow.start(bond, Role.MASTER);
            GreedyFlow up = GreedyFlow.start(bond, Role.SLAVE);
            runFor(bond, BUSY);
            return down.result().goodputBytes() + up.result().goodputBytes();
        }
    }

    private static SimBond bond() {
        LinkModel model =
                LinkModel.builder().rateMbit(20).delay(Duration.ofMillis(10)).build();
        SimBond bond = SimBond.builder().seed(1).link(model).link(model).build();
        bond.awaitUp(Duration.ofSeconds(5));
        return bond;
    }

    private void runFor(SimBond bond, Duration duration) {
        for (Duration done = Duration.ZERO; done.compareTo(duration) < 0; done = done.plus(STEP)) {
            if (System.nanoTime() - endNanos >= 0) {
                LOG.debug("warm-up cut short");
                return;
            }
            bond.runFor(STEP);
        }
    }
}
