package io.bindlink.core.session;

import io.bindlink.core.base.Rates;
import org.jspecify.annotations.Nullable;

/**
 * What is known of whether a proxy relays datagrams for a link, and the link by TCP that stands in for it while it does
 * not. Confined to its node.
 */
final class Deafness {
    /** Datagrams unanswered for so long: mobile networks pause for up to four seconds now and then. */
    static final long PATIENCE_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** Datagrams must have got through for so long before the stand-in goes: some proxies work for a moment only. */
    static final long PROOF_NANOS = 5 * Rates.NANOS_PER_SECOND;

    private static final long NEVER = Long.MAX_VALUE;

    private long deafSinceNanos = NEVER;
    private long upSinceNanos = NEVER;
    private @Nullable SlaveLink standIn;

    /** The link is up. */
    void onUp(long nowNanos) {
        deafSinceNanos = NEVER;
        if (upSinceNanos == NEVER) {
            upSinceNanos = nowNanos;
        }
    }

    /** The link is not up. */
    void onNotUp(boolean hasSocket, long nowNanos) {
        upSinceNanos = NEVER;
        if (hasSocket && deafSinceNanos == NEVER) {
            deafSinceNanos = nowNanos;
        }
    }

    /** That the link is not up is no matter of datagrams: its proxy cannot be asked, or it is paused. */
    void onNotTried() {
        deafSinceNanos = NEVER;
    }

    /** When datagrams count as lost for good; never while a link stands in. */
    long deafNanos() {
        return deafSinceNanos == NEVER || standIn != null ? NEVER : deafSinceNanos + PATIENCE_NANOS;
    }

    /** When the stand-in may go; never while there is none, or datagrams do not get through. */
    long provenNanos() {
        return upSinceNanos == NEVER || standIn == null ? NEVER : upSinceNanos + PROOF_NANOS;
    }

    @Nullable
    SlaveLink standIn() {
        return standIn;
    }

    void standIn(@Nullable SlaveLink link) {
        standIn = link;
        deafSinceNanos = NEVER;
    }
}
