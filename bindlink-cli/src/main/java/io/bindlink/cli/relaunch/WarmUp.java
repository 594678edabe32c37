package io.bindlink.cli.relaunch;

import com.sun.jna.NativeLibrary;
import com.sun.net.httpserver.HttpServer;
import io.bindlink.api.Role;
import io.bindlink.core.sim.GreedyFlow;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.SimBond;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the JVM ready for what comes, beside what the program does anyway, and only in a JVM that {@link Relaunch} made:
 * whoever gave options of his own wants none of it.
 */
public final class WarmUp {
    private static final Duration BUSY = Duration.ofMillis(1_500);
    private static final Duration IDLE = Duration.ofMinutes(4);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final long MOST_NANOS = 3_000_000_000L;

    private final long endNanos;

    WarmUp(long mostNanos) {
        endNanos = System.nanoTime() + mostNanos;
    }

    /**
     * Has classes loaded in the order in which a node will need them, so that it finds them there: the log's, the ciphers',
     * the page's, those that call the system, and by a simulated handshake the engine's. Options are read meanwhile.
     */
    public static void ofClasses() {
        inBackground(() -> {
            log();
            Mac.getInstance("HmacSHA256").init(new SecretKeySpec(new byte[1], "HmacSHA256"));
            HttpServer.create().stop(0);
            NativeLibrary.getProcess();
            bond().close();
        });
    }

    /**
     * Shows the JVM a packet's way before there are packets: it compiles what it has seen often, and the first transfer
     * would meet a node five times as slow as it will be. A simulated bond with real ciphers carries some thousand packets
     * each way after it idled for some virtual minutes, for no longer than three seconds. Then the classes that have been
     * needed are kept for the next start.
     *
     * @param first to wait for before
     */
    public static void ofCode(Runnable first) {
        inBackground(() -> {
            first.run();
            log().debug("warm-up carried {} bytes", new WarmUp(MOST_NANOS).carry());
            ClassArchive.makeIfMissing();
        });
    }

    private static void inBackground(Task task) {
        if (!Boolean.getBoolean(Relaunch.WARM_UP)) {
            return;
        }
        Thread thread = new Thread(() -> attempt(task), "bindlink-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Not kept in a field: to make the first one takes a while, and this class is looked at before anything else. */
    private static Logger log() {
        return LoggerFactory.getLogger(WarmUp.class);
    }

    private static void attempt(Task task) {
        try {
            task.run();
        } catch (Exception | LinkageError e) { // the node is none the worse for it
            log().debug("warm-up", e);
        }
    }

    /** Something that need not succeed. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
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
                log().debug("warm-up cut short");
                return;
            }
            bond.runFor(STEP);
        }
    }
}
