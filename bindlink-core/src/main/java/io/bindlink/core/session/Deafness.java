package io.bindlink.core.session;

import io.bindlink.core.base.Rates;
import org.jspecify.annotations.Nullable;

/**
 * What is known of whether a link's datagrams get through, and the link by TCP that stands in for it while they do not, or
 * the trial of whether it could. Confined to its node.
 */
final class Deafness {
    /** Datagrams unanswered for so long: mobile networks pause for up to four seconds now and then. */
    static final long PATIENCE_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** Datagrams must have got through for so long before the stand-in goes: some proxies work for a moment only. */
    static final long PROOF_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** A connection that could be made is worth nothing yet: when a way that was cut returns, datagrams pass again, too. */
    static final long DOUBT_NANOS = 3 * Rates.NANOS_PER_SECOND;

    /** Time between two trials: most links that answer nothing are cut, and nothing helps. */
    static final long TRIAL_PERIOD_NANOS = 30 * Rates.NANOS_PER_SECOND;

    private static final long NEVER = Long.MAX_VALUE;

    private long deafSinceNanos = NEVER;
    private long upSinceNanos = NEVER;
    private @Nullable SlaveLink standIn;
    private @Nullable SlaveLink trial;
    private long connectedNanos = NEVER;
    private long nextTrialNanos = Long.MIN_VALUE;

    /** The link is up. */
    void onUp(long nowNanos) {
        deafSinceNanos = NEVER;
        nextTrialNanos = Long.MIN_VALUE;
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

    /** When datagrams count as lost for good; never while a link stands in, or it is tried whether one can. */
    long deafNanos() {
        return deafSinceNanos == NEVER || standIn != null || trial != null
                ? NEVER
                : Math.max(deafSinceNanos + PATIENCE_NANOS, nextTrialNanos);
    }

    boolean isDeaf() {
        return deafSinceNanos != NEVER;
    }

    /** When a trial that connected has proved itself: datagrams got no answer all the while. */
    long triedNanos() {
        return connectedNanos == NEVER ? NEVER : connectedNanos + DOUBT_NANOS;
    }

    /** When the stand-in may go; never while there is none, or datagrams do not get through. */
    long provenNanos() {
        return upSinceNanos == NEVER || standIn == null ? NEVER : upSinceNanos + PROOF_NANOS;
    }

    @Nullable
    SlaveLink standIn() {
        return standIn;
    }

    @Nullable
    SlaveLink trial() {
        return trial;
    }

    void beginTrial(SlaveLink link, long nowNanos) {
        trial = link;
        connectedNanos = NEVER;
        nextTrialNanos = nowNanos + TRIAL_PERIOD_NANOS;
    }

    void onTrialConnected(long nowNanos) {
        connectedNanos = nowNanos;
    }

    void endTrial() {
        trial = null;
        connectedNanos = NEVER;
    }

    void standIn(@Nullable SlaveLink link) {
        standIn = link;
        deafSinceNanos = NEVER;
    }
}
