package io.bindlink.core.session;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The keys a session can open with: those in use, those just replaced, and those whose handshake is done but which the
 * peer has not used yet. Sending moves to new keys at once at a slave; a master waits for an authentic packet under them,
 * since only that proves that the answer arrived. Confined to its session.
 */
final class KeyRing {
    private static final int MOST_RETIRED = 64; // keys renewed twice a second, and the longest overlap

    private Epoch current;
    private @Nullable Epoch next;
    private final ArrayDeque<Retired> retired = new ArrayDeque<>(); // the newest first

    /** Keys that were replaced, and how long what was sealed with them may still come. */
    private record Retired(Epoch epoch, long expiryNanos) {}

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
        for (Retired old : retired) {
            if (old.epoch.ownIndex() == ownIndex) {
                return old.epoch;
            }
        }
        return null;
    }

    /** Keys to be used once the peer used them. Those that waited before are forgotten. */
    void prepare(Epoch epoch) {
        next = epoch;
    }

    boolean isNext(Epoch epoch) {
        return epoch == next;
    }

    /** Seals with these keys from now on; the ones before open until {@code expiryNanos}. */
    void use(Epoch epoch, long expiryNanos) {
        retired.addFirst(new Retired(current, expiryNanos));
        if (retired.size() > MOST_RETIRED) {
            retired.removeLast();
        }
        current = epoch;
        next = null;
    }

    void handleTimeout(long nowNanos) {
        retired.removeIf(old -> nowNanos - old.expiryNanos >= 0);
    }

    /** When keys expire next; {@link Long#MAX_VALUE} when none do. */
    long pollTimeout() {
        long soonest = Long.MAX_VALUE;
        for (Retired old : retired) {
            soonest = Math.min(soonest, old.expiryNanos);
        }
        return soonest;
    }
}
