package io.bindlink.core.io;

import io.bindlink.core.base.Rates;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections a master has accepted. A stranger's costs a little memory for a few seconds: it is closed when nothing
 * authentic came through it by then, and there are never more than a few. When too many come, the oldest of them goes, not
 * the newest: the slave proves itself within a few round trips. Thread-safe.
 */
final class TcpConnections {
    /** Time for proving oneself: name look-ups are over by then, a few round trips of a satellite are enough. */
    static final long STRANGER_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** Each live link says something every second; a connection silent for so long was left behind. */
    static final long SILENCE_NANOS = 60 * Rates.NANOS_PER_SECOND;

    static final int MAX_STRANGERS = 64;
    static final int MAX_STRANGERS_OF_ONE_SOURCE = 16; // several links of one slave may come through one proxy at once
    static final int MAX_IN_ALL = 512; // two for each link of a slave, the old one and the new one

    private final Map<TcpSocket, Long> acceptedNanos = new HashMap<>();
    private final IoCounters counters;

    TcpConnections(IoCounters counters) {
        this.counters = counters;
    }

    /**
     * Takes in a connection.
     *
     * @param socket not authentic yet
     * @param nowNanos the time by {@link System#nanoTime}
     * @return the connection that must go for it; null when there is room
     */
    synchronized @Nullable TcpSocket add(TcpSocket socket, long nowNanos) {
        InetAddress source = socket.remote().getAddress();
        TcpSocket displaced = oldest(
                each -> isStranger(each) && each.remote().getAddress().equals(source),
                MAX_STRANGERS_OF_ONE_SOURCE,
                nowNanos);
        if (displaced == null) {
            displaced = oldest(TcpConnections::isStranger, MAX_STRANGERS, nowNanos);
        }
        if (displaced == null && acceptedNanos.size() >= MAX_IN_ALL) {
            displaced = oldest(TcpConnections::isStranger, 1, nowNanos); // they never cost a slave its connection
        }
        if (displaced == null) {
            displaced = oldest(each -> true, MAX_IN_ALL, nowNanos);
        }
        if (displaced != null) {
            acceptedNanos.remove(displaced);
            counters.connectionsDisplaced.increment();
        }
        acceptedNanos.put(socket, nowNanos);
        return displaced;
    }

    private static boolean isStranger(TcpSocket socket) {
        return !socket.isAuthentic();
    }

    /** Of the connections of a kind the one that has proved nothing for longest; null while there are fewer than a number. */
    private @Nullable TcpSocket oldest(Predicate<TcpSocket> kind, int limit, long nowNanos) {
        TcpSocket oldest = null;
        int count = 0;
        for (TcpSocket each : acceptedNanos.keySet()) {
            if (kind.test(each)) {
                count++;
                oldest = oldest == null || quietNanos(each, nowNanos) > quietNanos(oldest, nowNanos) ? each : oldest;
            }
        }
        return count < limit ? null : oldest;
    }

    /** How long nothing authentic has come: since it was accepted, at first. */
    private long quietNanos(TcpSocket socket, long nowNanos) {
        return nowNanos
                - (socket.isAuthentic() ? socket.authenticNanos() : acceptedNanos.getOrDefault(socket, nowNanos));
    }

    /** Takes out those whose time is over; they are to be closed. */
    synchronized List<TcpSocket> takeExpired(long nowNanos) {
        List<TcpSocket> expired = new ArrayList<>();
        for (TcpSocket each : acceptedNanos.keySet()) {
            if (quietNanos(each, nowNanos) >= (each.isAuthentic() ? SILENCE_NANOS : STRANGER_NANOS)) {
                expired.add(each);
            }
        }
        expired.forEach(acceptedNanos::remove);
        counters.connectionsTimedOut.add(expired.size());
        return expired;
    }

    /** A connection was closed. */
    synchronized void remove(TcpSocket socket) {
        acceptedNanos.remove(socket);
    }

    synchronized int size() {
        return acceptedNanos.size();
    }
}
