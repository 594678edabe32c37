package io.bindlink.core.session;

import org.jspecify.annotations.Nullable;

/** What was told last: while it goes on it is told again only now and then, or a log is full of it. Confined to its node. */
final class LastTold {
    private final long againNanos;
    private @Nullable String text;
    private long toldNanos;

    /** Nothing was told yet; the same is told again after so long. */
    LastTold(long againNanos) {
        this.againNanos = againNanos;
    }

    /** Whether to tell this now; if so it counts as told. */
    boolean tell(String now, long nowNanos) {
        if (now.equals(text) && nowNanos - toldNanos < againNanos) {
            return false;
        }
        text = now;
        toldNanos = nowNanos;
        return true;
    }

    /** Something else was told since. */
    void forget() {
        text = null;
    }
}
