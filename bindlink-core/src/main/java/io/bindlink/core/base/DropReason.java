package io.bindlink.core.base;

import java.util.Locale;

/** Why bytes from the network were dropped. Each is a counter, {@code dropped_<reason>}, and never a log line. */
public enum DropReason {
    /** Shorter than its header and tag. */
    SHORT,
    /** A version this node does not speak. */
    VERSION,
    /** A datagram type that does not exist or is not for this role. */
    TYPE,
    /** A receiver index that names no session here. */
    RECEIVER,
    /** A hello for a key that is not ours. */
    KEY,
    /** Not sealed with the session's keys, or altered on the way. */
    AUTHENTICATION,
    /** Its packet number was seen before, or is older than the replay window. */
    REPLAY,
    /** Authentic, but its frames make no sense: the peer's bug. */
    MALFORMED,
    /** Over the budget for failed or repeated attempts of its source. */
    BUDGET,
    /** A cookie was asked for first. */
    COOKIE,
    /** A SOCKS header that makes no sense, or a fragment. */
    SOCKS,
    /** Bytes on a TCP connection that are no datagrams. */
    FRAMING,
    /** Not from the address this socket is pinned to. */
    SOURCE;

    private final String counter = "dropped_" + name().toLowerCase(Locale.ROOT);

    /**
     * Name of the counter.
     *
     * @return lower case with underscores
     */
    public String counter() {
        return counter;
    }
}
