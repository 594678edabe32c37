package io.bindlink.core.session;

import io.bindlink.core.crypto.SessionKeys;

/**
 * One set of keys of a session, from a handshake until a while after the next. Packet numbers go on from one epoch to the
 * next, so no nonce is used twice with any key. Confined to its session.
 */
final class Epoch {
    private final long number;
    private final int ownIndex;
    private final int peerIndex;
    private final SessionKeys keys;
    private final long startNanos;
    private long packets;

    /**
     * Keys fresh from a handshake.
     *
     * @param number which keys of the session, from 0
     * @param ownIndex receiver index that this node chose
     * @param peerIndex receiver index that the peer chose
     * @param keys the keys for both directions
     * @param startNanos when the handshake ended
     */
    Epoch(long number, int ownIndex, int peerIndex, SessionKeys keys, long startNanos) {
        this.number = number;
        this.ownIndex = ownIndex;
        this.peerIndex = peerIndex;
        this.keys = keys;
        this.startNanos = startNanos;
    }

    long number() {
        return number;
    }

    int ownIndex() {
        return ownIndex;
    }

    int peerIndex() {
        return peerIndex;
    }

    SessionKeys keys() {
        return keys;
    }

    long startNanos() {
        return startNanos;
    }

    /** Datagrams sealed and opened with these keys. */
    long packets() {
        return packets;
    }

    void onSealed() {
        packets++;
    }

    void onOpened() {
        packets++;
    }
}
