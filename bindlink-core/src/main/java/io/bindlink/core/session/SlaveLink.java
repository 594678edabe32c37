package io.bindlink.core.session;

import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A link as the slave's user wished it: its name, its socket while there is one, and when to try for another. It outlives
 * sessions. Confined to its node.
 */
final class SlaveLink {
    private static final long FIRST_RETRY_NANOS = 500 * Rates.NANOS_PER_MILLI;
    private static final long LARGEST_RETRY_NANOS = 30 * Rates.NANOS_PER_SECOND;

    /** A link that answers nothing for this long may suffer from a stale mapping somewhere: a new port may help. */
    private static final long SILENCE_NANOS = 5 * Rates.NANOS_PER_SECOND;

    private final int id;
    private final LinkUri uri;
    private final SocketTally sockets = new SocketTally();
    private final Backoff backoff = new Backoff(FIRST_RETRY_NANOS, LARGEST_RETRY_NANOS);
    private @Nullable PathAddress address;
    private int maxDatagramBytes;
    private boolean paused;
    private boolean dialing;
    private long dueNanos;
    private long leastRetryNanos;
    private String failure = "";
    private final @Nullable Deafness deafness;

    SlaveLink(int id, LinkUri uri, long nowNanos) {
        this.id = id;
        this.uri = uri;
        this.dueNanos = nowNanos;
        boolean datagrams = uri.scheme() == LinkUri.Scheme.SOCKS5 || uri.scheme() == LinkUri.Scheme.UDP;
        this.deafness = datagrams ? new Deafness() : null;
    }

    int id() {
        return id;
    }

    LinkUri uri() {
        return uri;
    }

    SocketTally sockets() {
        return sockets;
    }

    @Nullable
    PathAddress address() {
        return address;
    }

    int maxDatagramBytes() {
        return maxDatagramBytes;
    }

    boolean paused() {
        return paused;
    }

    void paused(boolean here) {
        paused = here;
    }

    String failure() {
        return failure;
    }

    void failure(String reason) {
        failure = reason;
    }

    /** What is known of whether its datagrams get through; null when it is by TCP. */
    @Nullable
    Deafness deafness() {
        return deafness;
    }

    /** How long to wait at least between two sockets; when that changes, from now on. */
    void leastRetryNanos(long nanos, long nowNanos) {
        if (nanos != leastRetryNanos) {
            leastRetryNanos = nanos;
            dueNanos = nowNanos + Math.max(nanos, FIRST_RETRY_NANOS);
        }
    }

    /** When to ask for a socket; never while one is being made. */
    long pollTimeout() {
        return dialing ? Long.MAX_VALUE : dueNanos;
    }

    /** Whether to ask for a socket now; from then on one is being made. */
    boolean takeDial(long nowNanos) {
        if (dialing || dueNanos == Long.MAX_VALUE || nowNanos - dueNanos < 0) {
            return false;
        }
        dialing = true;
        return true;
    }

    void onSocket(PathAddress made, int maxBytes, long nowNanos, RandomGenerator random) {
        dialing = false;
        sockets.made++;
        address = made;
        maxDatagramBytes = maxBytes;
        dueNanos = nowNanos + Math.max(Math.max(SILENCE_NANOS, leastRetryNanos), backoff.next(random));
    }

    /** No socket could be made; {@link #onFailure} follows. */
    void onDialFailed() {
        sockets.failed++;
    }

    void onFailure(String reason, long nowNanos, RandomGenerator random) {
        dialing = false;
        address = null;
        failure = reason;
        dueNanos = nowNanos + Math.max(leastRetryNanos, backoff.next(random));
    }

    /** The link answers: whatever was wrong is over. */
    void onAnswer(long nowNanos) {
        backoff.reset();
        dueNanos = nowNanos + SILENCE_NANOS;
    }
}
