package io.bindlink.cli.systemd;

import io.bindlink.api.LinkState;
import io.bindlink.api.Status;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd that the node is ready, how it is, and that it is alive: {@code Type=notify} and {@code WatchdogSec=}. Ready is a
 * node that runs, not one that has reached its peer: a van may be without a net when it starts. Alive is one that answers when
 * asked for its status, which takes the engine's lock. Without systemd it does nothing. Thread-safe.
 */
public final class ServiceManager implements AutoCloseable {
    private static final long STATUS_MICROS = 2_000_000;

    private final @Nullable NotifySocket socket;
    private final long periodMicros;
    private @Nullable ScheduledExecutorService beats;

    private ServiceManager(@Nullable NotifySocket socket, long periodMicros) {
        this.socket = socket;
        this.periodMicros = periodMicros;
    }

    /**
     * The service manager of this process.
     *
     * @param environment the process's
     * @param pid the process's id
     * @return one that hears nothing if there is none
     */
    public static ServiceManager of(Map<String, String> environment, long pid) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty() || (address.charAt(0) != '/' && address.charAt(0) != '@')) {
            return new ServiceManager(null, 0);
        }
        return new ServiceManager(new NotifySocket(address), periodMicros(environment, pid));
    }

    /** Half of what systemd waits for; it does not wait for other processes than it names. */
    private static long periodMicros(Map<String, String> environment, long pid) {
        String whose = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")) / 2;
            return micros > 0 && whose.equals(Long.toString(pid)) ? Math.min(micros, STATUS_MICROS) : STATUS_MICROS;
        } catch (NumberFormatException e) {
            return STATUS_MICROS;
        }
    }

    /**
     * The node runs.
     *
     * @param status asks it
     */
    public synchronized void ready(Supplier<Status> status) {
        NotifySocket to = socket;
        if (to == null || beats != null) {
            return;
        }
        to.send("READY=1\n" + line(status.get()));
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "bindlink-systemd");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused = executor.scheduleAtFixedRate(
                () -> to.send("WATCHDOG=1\n" + line(status.get())), periodMicros, periodMicros, TimeUnit.MICROSECONDS);
        beats = executor;
    }

    static String line(Status status) {
        long up = status.links().stream()
                .filter(link -> link.stats().state() == LinkState.UP)
                .count();
        return String.format(
                Locale.ROOT,
                "STATUS=%s, %d of %d links up",
                status.health().name().toLowerCase(Locale.ROOT),
                up,
                status.links().size());
    }

    @Override
    public synchronized void close() {
        if (beats != null) {
            beats.shutdownNow();
            beats = null;
        }
        if (socket != null) {
            socket.send("STOPPING=1");
        }
    }
}
