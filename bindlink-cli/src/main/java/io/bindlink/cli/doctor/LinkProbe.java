package io.bindlink.cli.doctor;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what one link can do, by using it the way a slave does: the same library, a session of its own, and what it tells.
 * Used once, by its command's thread.
 */
final class LinkProbe {
    /** No more than this goes through a link that may be paid for by the byte, besides handshakes and probes. */
    static final long BUDGET_BYTES = 1_900_000;

    /** Steps that fail when a proxy lets us in and passes no datagrams on. */
    static final String ASSOCIATE = "associate";

    static final String MASTER = "master";

    private static final int REACH_MILLIS = 5_000;
    private static final long UP_MILLIS = 12_000;
    private static final long SETTLE_MILLIS = 3_000; // path MTU and round trip
    private static final long CAPACITY_MILLIS = 15_000;
    private static final long LOOK_MILLIS = 50;
    private static final long LEAST_AHEAD_BYTES = 64_000; // the figures are up to a tenth of a second old
    private static final double AHEAD_SECONDS = 0.3;
    private static final int TYPICAL_PAYLOAD_BYTES = 1380; // what the default --mtu needs
    private static final String KEY_IN_USE = "key in use";
    private static final double MBIT_PER_BYTE = 8e-6;

    private final LinkUri uri;
    private final @Nullable IdleProbe idle;
    private final Consumer<Finding> told;
    private final List<Finding> findings = new ArrayList<>();
    private volatile @Nullable String refusal;

    /**
     * A probe of one link.
     *
     * @param idle what to find out about silence; null for nothing
     * @param told hears each step as it is done
     */
    LinkProbe(LinkUri uri, @Nullable IdleProbe idle, Consumer<Finding> told) {
        this.uri = uri;
        this.idle = idle;
        this.told = told;
    }

    /** Does it step by step, up to the first that fails. */
    List<Finding> run(BindlinkBuilder builder) throws InterruptedException {
        if (!reach()) {
            return findings;
        }
        ProbeDevice device = new ProbeDevice();
        try (Bindlink slave = builder.tun(device)
                .link(uri)
                .listener(Runnable::run, this::hear)
                .start()) {
            if (awaitLink(slave)) {
                if (idle != null) {
                    idle.start();
                }
                Thread.sleep(SETTLE_MILLIS);
                measure(slave, device);
                if (idle != null) {
                    tell(idle.finding());
                }
            }
        } catch (BindlinkException e) {
            tell(Finding.failure("link", String.valueOf(e.getMessage()), ""));
        }
        return findings;
    }

    private void hear(Event event) {
        if (event instanceof Event.Refused refused) {
            refusal = refused.reason();
        }
    }

    private boolean reach() {
        String where = uri.host() + ":" + uri.port();
        try {
            InetAddress address = InetAddress.getByName(uri.host());
            if (!uri.scheme().proxied()) {
                tell(Finding.ok("reach", uri.host() + " is " + address.getHostAddress()));
                return true;
            }
            long startNanos = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, uri.port()), REACH_MILLIS);
            }
            tell(Finding.ok(
                    "reach",
                    String.format(
                            Locale.ROOT, "%s answers within %.0f ms", where, (System.nanoTime() - startNanos) / 1e6)));
            return true;
        } catch (IOException e) {
            tell(Finding.failure(
                    "reach",
                    where + " cannot be reached: " + e.getMessage(),
                    "is the app running, is this machine in the phone's network, is the port right?"));
            return false;
        }
    }

    /** Waits until the link works, and tells of the steps on the way there by what hinders it. */
    private boolean awaitLink(Bindlink slave) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + UP_MILLIS * 1_000_000;
        while (System.nanoTime() - deadlineNanos < 0) {
            Optional<LinkStats> link = link(slave);
            if (link.isPresent() && link.get().state() == LinkState.UP) {
                proxyWorks();
                tell(Finding.ok(MASTER, "answers through this link, with this key"));
                return true;
            }
            String refused = refusal;
            if (refused != null) {
                proxyWorks();
                tell(Finding.warning(
                        MASTER,
                        "answers through this link, and refuses another session: " + refused,
                        refused.startsWith(KEY_IN_USE) ? "the link works; stop the running slave to measure it" : ""));
                return false;
            }
            if (link.isPresent()
                    && link.get().state() == LinkState.DOWN
                    && !link.get().reason().isEmpty()) {
                tell(byReason(link.get().reason()));
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        if (uri.scheme().proxied()) {
            tell(Finding.ok(ASSOCIATE, "the proxy takes user, password and " + request()));
        }
        tell(Finding.failure(
                MASTER,
                link(slave)
                        .map(LinkStats::reason)
                        .filter(text -> !text.isEmpty())
                        .orElse("does not answer through this link"),
                (uri.scheme().proxied() ? "does the phone have mobile data, does the app pass UDP on, " : "")
                        + "is the master's port open, is the key right?"));
        return false;
    }

    private void proxyWorks() {
        if (uri.scheme().proxied()) {
            tell(Finding.ok(
                    ASSOCIATE,
                    "the proxy takes user, password and " + request()
                            + (uri.scheme() == LinkUri.Scheme.SOCKS5 ? ", and its relay address works" : "")));
        }
    }

    /** What the proxy is asked for. */
    private String request() {
        return uri.scheme() == LinkUri.Scheme.SOCKS5 ? "UDP ASSOCIATE" : "CONNECT";
    }

    /** What the library says of a socket that cannot be made names the step. */
    private Finding byReason(String reason) {
        if (reason.contains("user name") || reason.contains("password") || reason.contains("login")) {
            return Finding.failure("login", reason, "write " + uri.scheme() + "://USER@HOST:PORT?password-file=FILE");
        }
        if (reason.contains("UDP")) {
            return Finding.failure(ASSOCIATE, reason, "take another app, one with UDP ASSOCIATE");
        }
        return Finding.failure(ASSOCIATE, reason, "");
    }

    private void measure(Bindlink slave, ProbeDevice device) throws InterruptedException {
        Optional<LinkStats> settled = link(slave);
        if (settled.isEmpty()) {
            return;
        }
        LinkStats link = settled.get();
        tell(Finding.ok(
                "round trip",
                String.format(
                        Locale.ROOT,
                        "%.0f ms at least, %.0f ms on average, jitter %.0f ms",
                        link.minRttNanos() / 1e6,
                        link.rttNanos() / 1e6,
                        link.jitterNanos() / 1e6)));
        tell(
                link.maxPayloadBytes() < TYPICAL_PAYLOAD_BYTES
                        ? Finding.warning(
                                "mtu",
                                "payloads of " + link.maxPayloadBytes() + " bytes pass",
                                "full packets are cut in two on this link; it works and costs some of its rate")
                        : Finding.ok("mtu", "payloads of " + link.maxPayloadBytes() + " bytes pass"));
        capacity(slave, device);
    }

    private void capacity(Bindlink slave, ProbeDevice device) throws InterruptedException {
        long before = link(slave).map(LinkStats::sentBytes).orElse(0L);
        device.allow(() -> Math.min(BUDGET_BYTES, passed(slave, before)));
        long best = 0;
        long deadlineNanos = System.nanoTime() + CAPACITY_MILLIS * 1_000_000;
        while (System.nanoTime() - deadlineNanos < 0 && device.submittedBytes() < BUDGET_BYTES - LEAST_AHEAD_BYTES) {
            Thread.sleep(LOOK_MILLIS);
            best = link(slave).map(LinkStats::rateBytesPerSecond).orElse(0L);
        }
        device.allow(() -> 0);
        long sent = link(slave).map(LinkStats::sentBytes).orElse(before) - before;
        tell(Finding.ok(
                "capacity",
                String.format(
                        Locale.ROOT,
                        "about %.1f Mbit/s towards the master, found with %.2f MB; ask at the master for the other way",
                        best * MBIT_PER_BYTE,
                        sent / 1e6)));
    }

    /** As much as has left, and a little more to keep the link busy. */
    private static long passed(Bindlink slave, long before) {
        return link(slave)
                .map(link -> link.sentBytes()
                        - before
                        + slave.stats().counter("queue_codel") * TYPICAL_PAYLOAD_BYTES
                        + (long) Math.max(LEAST_AHEAD_BYTES, AHEAD_SECONDS * link.rateBytesPerSecond()))
                .orElse(0L);
    }

    private static Optional<LinkStats> link(Bindlink slave) {
        return slave.stats().links().stream().findFirst();
    }

    private void tell(Finding finding) {
        findings.add(finding);
        told.accept(finding);
    }
}
