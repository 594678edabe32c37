package io.bindlink.api;

import java.util.Locale;

/**
 * Every counter of the library: what {@link Stats#counters} can have, beside what a multiplexer of the user's own adds by
 * {@link MultiplexerContext#count}. All are cumulative since the node started. The names are final: counters are added, and
 * none is changed. The same list for who runs a node is in {@code docs/operating.md}, compared with this one by a test.
 */
public enum Counter {
    // What a node counts.

    /** Sessions begun. */
    SESSIONS,

    /** A slave's attempts at a handshake. */
    HELLOS_SENT,

    /** Handshakes that were authentic and did not fit: the log has the reason. */
    HANDSHAKES_REFUSED,

    /** Renewals of keys. */
    REKEYS,

    /** Links a master learnt of. */
    LINKS_LEARNT,

    /** New addresses of a link that were followed. */
    ADDRESSES_LEARNT,

    /** Frames of a newer peer's that this node skipped. */
    UNKNOWN_FRAMES,

    /** Capabilities of a newer peer's that this node skipped. */
    UNKNOWN_CAPABILITIES,

    /** Times that a link came up again after it had been down. */
    LINK_RECONNECTS,

    /** Links that went down because answers were missing, and attempts to make one that were not answered. */
    LINK_FAILURES_TIMEOUT,

    /** Attempts to make a link that were refused: nothing listens there, or a proxy's rules forbid it. */
    LINK_FAILURES_REFUSED,

    /** Attempts to make a link for which a proxy did not take user name and password. */
    LINK_FAILURES_AUTH,

    /** Attempts to make a link through a proxy that does not support UDP. */
    LINK_FAILURES_NO_UDP,

    /** Links that went down because their socket or their control connection ended. */
    LINK_FAILURES_CONTROL_CLOSED,

    /** Times that the system told of a link that nothing listens at its other end (ICMP): a master that is not running. */
    LINK_FAILURES_ICMP,

    /** Attempts to make a link that failed otherwise: an unknown name, no route, a missing file. */
    LINK_FAILURES_OTHER,

    /** Times that a link over TCP began to stand in for one by UDP. */
    TCP_FALLBACKS,

    /** TCP connections that had proved nothing yet and that a master closed because newer ones came. */
    CONNECTIONS_DISPLACED,

    /** TCP connections through which nothing authentic came in time. */
    CONNECTIONS_TIMED_OUT,

    /** Bytes of packets that the device took from the bond, as the system counts what its interface received. */
    TUN_RECEIVE_BYTES,

    /** These packets. */
    TUN_RECEIVE_PACKETS,

    /** Bytes of packets that the device gave to the bond. */
    TUN_TRANSMIT_BYTES,

    /** These packets. */
    TUN_TRANSMIT_PACKETS,

    /** Datagrams the system would not send: no route, interface down. */
    SEND_FAILED,

    /** Datagrams the system had no room for. */
    SEND_BUFFER_FULL,

    /** Datagrams larger than the interface or the path takes: usual while the largest size is searched for. */
    DROPPED_MTU,

    /** Failed reads of a socket that was kept. */
    RECEIVE_FAILED,

    /** Events a slow listener did not get. */
    EVENTS_DROPPED,

    // What the multiplexer bonding counts.

    /** Packets dropped from the largest flow because the queue was full. */
    QUEUE_OVERFLOW,

    /** Packets dropped because they had waited for more than a second: no link carried them. */
    QUEUE_AGED,

    /** Packets dropped to tell a flow to slow down, because its packets kept waiting: usual under load. */
    QUEUE_CODEL,

    /** Packets marked for the same reason instead, as their sender understands that (ECN). */
    QUEUE_ECN_MARKED,

    /** Pieces of best-effort flows lost for good, after they were sent again in vain. */
    MUX_GIVEN_UP,

    /** Missing pieces the receiver stopped waiting for. */
    MUX_HOLES_EXPIRED,

    /** Packets dropped because a piece of them was missing. */
    MUX_INCOMPLETE,

    /** Super-packets of this end's device that the peer does not take, or that make no sense. */
    MUX_OFFLOAD_REFUSED,

    /** Pieces dropped because too much was held back for order. */
    MUX_HELD_OVERFLOW,

    /** Copies of what had arrived before: usual with {@code redundant} and after sending again. */
    MUX_DUPLICATE,

    /** Pieces of ordered flows that were held back for order, be it for a moment. */
    MUX_HELD,

    /** Of these, how many were held back for a millisecond at most. */
    MUX_REORDERED_1MS,

    /** For more than that, and for 5 ms at most. */
    MUX_REORDERED_5MS,

    /** For more than that, and for 20 ms at most. */
    MUX_REORDERED_20MS,

    /** For more than that, and for 50 ms at most. */
    MUX_REORDERED_50MS,

    /** For more than that, and for 100 ms at most. */
    MUX_REORDERED_100MS,

    /** For more than that, and for 200 ms at most. */
    MUX_REORDERED_200MS,

    /** For more than that, and for 500 ms at most. */
    MUX_REORDERED_500MS,

    /** For longer. */
    MUX_REORDERED_LONGER,

    /** For how long they were held back together, in microseconds. */
    MUX_REORDERED_MICROS,

    /** Bytes of the device's packets sent from here that arrived, each when it did so first. */
    SENT_GOODPUT_BYTES,

    /** Bytes sent from here that arrived though the same had before. */
    SENT_COPIED_BYTES,

    /** Bytes sent from here that arrived when they had been given up. */
    SENT_LATE_BYTES,

    /** The time in which something waited for a link, in microseconds. */
    BACKLOG_MICROS,

    /** Messages of a newer peer's that this node skipped. */
    MUX_UNKNOWN,

    /** Messages that make no sense: a fault of the peer's. */
    MUX_MALFORMED,

    // Why bytes from the network were dropped.

    /** Shorter than its header and tag. */
    DROPPED_SHORT,

    /** A version this node does not speak. */
    DROPPED_VERSION,

    /** A type that does not exist or is not for this end. */
    DROPPED_TYPE,

    /** Names no session here: usual for a moment after a restart. */
    DROPPED_RECEIVER,

    /** A hello for a key that is not ours. */
    DROPPED_KEY,

    /** Not sealed with the session's keys, or altered on the way. */
    DROPPED_AUTHENTICATION,

    /** Seen before, or older than the replay window. */
    DROPPED_REPLAY,

    /** Authentic, but makes no sense: a fault of the peer's. */
    DROPPED_MALFORMED,

    /** Over the budget for failed or repeated attempts of its source. */
    DROPPED_BUDGET,

    /** A hello that was asked for a cookie first: usual under load. */
    DROPPED_COOKIE,

    /** A SOCKS header that makes no sense, or a fragment. */
    DROPPED_SOCKS,

    /** Bytes on a TCP connection that are no datagrams; it was closed. */
    DROPPED_FRAMING,

    /** Not from the address its socket is pinned to. */
    DROPPED_SOURCE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /**
     * The counter's name in {@link Stats#counters} and in the documentation.
     *
     * @return lower case with underscores
     */
    public String label() {
        return label;
    }
}
