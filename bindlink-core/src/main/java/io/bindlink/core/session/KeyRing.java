package io.bindlink.core.session;

import org.jspecify.annotations.Nullable;

/**
 * The keys a session can open with: those in use, those just replaced, and those whose handshake is done but which the
 * peer has not used yet. Sending moves to new keys at once at a slave; a master waits for an authentic packet under them,
 * since only that proves that the answer arrived. Confined to its session.
 */
final class KeyRing {
    private Epoch current;
    private @Nullable Epoch previous;
    private @Nullable Epoch next;
    private long previousExpiryNanos = Long.MAX_VALUE;

    KeyRing(Epoch first) {
        this.current = first;
    }

    /** The keys to seal with. */
    Epoch current() {
        return current;
    }

    /** The keys behind a receiver index of ours, or null. */
    @Nullable
    Epoch find(int ownIndex) {
        if (current.ownIndex() == ownIndex) {
            return current;
        }
        if (next != null && next.ownIndex() == ownIndex) {
            return next;
        }
        return previous != null && previous.ownIndex() == ownIndex ? previous : null;
    }

    /** Keys to be used once the peer used them. Those that waited before are forgotten. */
    void prepare(Epoch epoch) {
        next = epoch;
    }

    boolean isNext(Epoch epoch) {
        return epoch == next;
    }

    /** Seals with these keys from now on; the ones before open for a while longer. */
    void use(Epoch epoch, long previousExpiryNanos) {
        previous = current;
        this.previousExpiryNanos = previousExpiryNanos;
        current = epoch;
        next = null;
    }

    void handleTimeout(long nowNanos) {
        if (previous != null && nowNanos - previousExpiryNanos >= 0) {
            previous = null;
            previousExpiryNanos = Long.MAX_VALUE;
        }
    }

    long pollTimeout() {
        return previousExpiryNanos;
    }
}
