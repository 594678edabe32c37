package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkMap;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import io.bindlink.core.io.NodeDriver;
import io.bindlink.core.io.NodeStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A running node: one end of a bond.
 *
 * <pre>{@code
 * try (Bindlink slave = Bindlink.slave()
 *         .key(PresharedKey.read(Path.of("bindlink.key")))
 *         .proxyTarget("server.example:4500")
 *         .link("socks5://192.168.43.1:1080")
 *         .link("socks5://172.20.10.1:9876")
 *         .tun(streams)
 *         .start()) {
 *     slave.awaitUp(Duration.ofSeconds(10));
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Bindlink implements AutoCloseable {
    private final NodeDriver driver;

    Bindlink(NodeDriver driver) {
        this.driver = driver;
    }

    /**
     * Begins a slave: the end where the internet is poor, which reaches out through its links.
     *
     * @return a builder without any setting
     */
    public static BindlinkBuilder slave() {
        return new BindlinkBuilder(Role.SLAVE);
    }

    /**
     * Begins a master: the end on a reliable server, which listens.
     *
     * @return a builder without any setting
     */
    public static BindlinkBuilder master() {
        return new BindlinkBuilder(Role.MASTER);
    }

    /**
     * The library's version.
     *
     * @return such as {@code 1.2.0}
     */
    public static String version() {
        return Build.text("version");
    }

    /**
     * What the library was built from.
     *
     * @return the beginning of a Git commit's name; {@code unknown} when it was built without Git
     */
    public static String revision() {
        return Build.text("revision");
    }

    /**
     * Which end this is.
     *
     * @return the same for the node's life
     */
    public Role role() {
        return driver.role();
    }

    /**
     * The node's links.
     *
     * @return the same map for the node's life
     */
    public LinkMap linkMap() {
        return driver.linkMap();
    }

    /**
     * The node's figures.
     *
     * @return an immutable snapshot, at most a tenth of a second old; after {@link #close} the last one
     */
    public Stats stats() {
        return driver.stats();
    }

    /**
     * The node as its user wants to see it: figures, rates and the last events. Rates are those since somebody asked about a second
     * ago; since somebody asked last, if that is longer ago; and since the node was made, if nobody did.
     *
     * @return an immutable snapshot; after {@link #close} the last figures
     */
    public Status status() {
        return driver.snapshot();
    }

    /**
     * Waits until a session with the peer is up. The node goes on trying after a failure to come up in time.
     *
     * @param timeout how long at most, over 0
     * @throws BindlinkException with code {@link BindlinkException.Code#UNREACHABLE} if nobody answered in time, {@link
     *     BindlinkException.Code#REFUSED} if the peer refused, {@link BindlinkException.Code#RUNTIME} if the node was
     *     closed meanwhile
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void awaitUp(Duration timeout) throws InterruptedException {
        NodeStatus status = driver.status();
        if (status.awaitUp(timeout.toNanos())) {
            return;
        }
        if (status.isClosed()) {
            throw status.cause()
                    .map(cause -> new BindlinkException(
                            BindlinkException.Code.RUNTIME, "the node closed before it was up: " + cause, cause))
                    .orElseGet(() -> new BindlinkException(
                            BindlinkException.Code.RUNTIME, "the node was closed before it was up"));
        }
        Optional<String> refusal = status.refusal();
        if (refusal.isPresent()) {
            throw new BindlinkException(BindlinkException.Code.REFUSED, "refused: " + refusal.get());
        }
        throw new BindlinkException(BindlinkException.Code.UNREACHABLE, unanswered(timeout));
    }

    /**
     * Waits until the node is closed, by {@link #close} or by a failure.
     *
     * @return what a throwing strategy or a failed device threw; empty after {@code close()}
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Optional<Throwable> awaitClosed() throws InterruptedException {
        return driver.status().awaitClosed();
    }

    /**
     * Says goodbye to the peer, closes links and device and ends the node's threads. Idempotent; from any thread. Returns
     * within two seconds, with all of that done unless a scheduler, multiplexer, listener or device hangs: then the log
     * says so, the thread is interrupted, and it ends when it comes back. A hanging scheduler, multiplexer or device also
     * keeps the peer from a goodbye, so that it finds out by itself.
     *
     * <p>A caller who is interrupted returns at once, with the interrupt kept; closing goes on.
     */
    @Override
    public void close() {
        driver.close();
    }

    private String unanswered(Duration timeout) {
        String waited = "no session after " + timeout.toMillis() + " ms";
        if (role() == Role.MASTER) {
            return waited + ": no slave with this key has reached this master";
        }
        String why = stats().links().stream()
                .filter(link -> !link.reason().isEmpty())
                .map(Bindlink::explain)
                .collect(Collectors.joining("; "));
        return waited + ": "
                + (why.isEmpty() ? "no answer from " + driver.masters() + ": not reachable, or the key differs" : why);
    }

    private static String explain(LinkStats link) {
        return link.uri() + ": " + link.reason();
    }
}
