package io.bindlink.core.link;

/**
 * Judges the rounds of a start, in which the rate doubles: whether it still grows, or whether the source leaves so many
 * pauses that nobody can tell. A round is over when a packet sent in it is acknowledged. Confined to its session.
 */
final class StartRounds {
    private static final double GROWTH = 1.25;
    private static final int FLAT_ROUNDS = 3; // late timers and thinned acknowledgements make one or two (BBR: 3)
    private static final int UNJUDGED_ROUNDS = 16;

    private long sentNanos;
    private long bestRate;
    private int flat;
    private int unjudged;

    /** What a round showed. */
    enum Verdict {
        /** Nothing yet. */
        OPEN,
        /** More was sent and no more came through. */
        FULL,
        /** The source has long had no use for more. */
        UNUSED
    }

    /** Begins again: packets sent from now on count. */
    void begin(long nowNanos) {
        sentNanos = nowNanos;
        bestRate = 0;
        flat = 0;
        unjudged = 0;
    }

    /** Takes a sample in; the next round begins {@code settleNanos} from now if this one is over. */
    Verdict judge(AckSample sample, RateEstimate rate, long settleNanos) {
        if (sample.sentNanos() - sentNanos < 0) {
            return Verdict.OPEN;
        }
        sentNanos = sample.nowNanos() + settleNanos;
        if (sample.appLimited()) {
            return rate.proven() && ++unjudged >= UNJUDGED_ROUNDS ? Verdict.UNUSED : Verdict.OPEN;
        }
        if (rate.bytesPerSecond() >= bestRate * GROWTH) {
            bestRate = rate.bytesPerSecond();
            flat = 0;
            return Verdict.OPEN;
        }
        return ++flat >= FLAT_ROUNDS ? Verdict.FULL : Verdict.OPEN;
    }
}
