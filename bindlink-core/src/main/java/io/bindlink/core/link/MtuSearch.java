package io.bindlink.core.link;

import io.bindlink.core.base.Rates;

/**
 * Search for the largest datagram a link carries, in the manner of RFC 8899: 1200 bytes and the full size at once, then
 * halves of what is between. What three probes of a size do not prove is too large; after ten minutes it is tried again.
 * Confined to its session.
 */
public final class MtuSearch {
    /** The size assumed before the first answer. */
    public static final int BASE_BYTES = 1200;

    /** The size assumed when not even {@link #BASE_BYTES} pass: what fits the 576 bytes every IPv4 host takes. */
    public static final int FLOOR_BYTES = 548;

    private static final int TRIES = 3; // RFC 8899 section 5.1.2, MAX_PROBES
    private static final int STEP_BYTES = 8; // what is gained below that is not worth a probe
    private static final long RAISE_NANOS = 600 * Rates.NANOS_PER_SECOND; // PMTU_RAISE_TIMER
    private static final long NEVER = Long.MAX_VALUE;

    private final int maxBytes;
    private final Attempt base = new Attempt();
    private final Attempt larger = new Attempt();
    private int provenBytes;
    private int tooLargeBytes;
    private boolean baseFailed;
    private long raiseNanos = NEVER;

    /** A size being tried. */
    private static final class Attempt {
        private int bytes; // 0: none
        private int tries;
        private long dueNanos;

        void begin(int size, long nowNanos) {
            bytes = size;
            tries = 0;
            dueNanos = nowNanos;
        }
    }

    /**
     * A search that knows nothing yet.
     *
     * @param maxBytes largest datagram to try, without UDP and IP headers
     * @param nowNanos the time now
     */
    public MtuSearch(int maxBytes, long nowNanos) {
        this.maxBytes = maxBytes;
        this.tooLargeBytes = maxBytes + 1;
        base.begin(Math.min(BASE_BYTES, maxBytes), nowNanos);
        if (maxBytes > BASE_BYTES) {
            larger.begin(maxBytes, nowNanos);
        }
    }

    /**
     * Size of the probe to send now.
     *
     * @param nowNanos the time now
     * @return bytes of the whole datagram; 0 when none is due
     */
    public int probeBytes(long nowNanos) {
        if (nowNanos - raiseNanos >= 0 && raiseNanos != NEVER) {
            raiseNanos = NEVER;
            tooLargeBytes = maxBytes + 1;
            larger.begin(maxBytes, nowNanos);
        }
        giveUp(base, nowNanos);
        giveUp(larger, nowNanos);
        if (isDue(base, nowNanos)) {
            return base.bytes;
        }
        return isDue(larger, nowNanos) ? larger.bytes : 0;
    }

    private static boolean isDue(Attempt attempt, long nowNanos) {
        return attempt.bytes > 0 && nowNanos - attempt.dueNanos >= 0;
    }

    private void giveUp(Attempt attempt, long nowNanos) {
        if (attempt.tries < TRIES || !isDue(attempt, nowNanos)) {
            return;
        }
        tooLargeBytes = Math.min(tooLargeBytes, attempt.bytes);
        baseFailed |= attempt == base;
        attempt.bytes = 0;
        if (larger.bytes >= tooLargeBytes) {
            larger.bytes = 0;
        }
        tryBetween(nowNanos);
    }

    private void tryBetween(long nowNanos) {
        if (base.bytes > 0 || larger.bytes > 0) {
            return;
        }
        int low = datagramBytes();
        if (tooLargeBytes - low > STEP_BYTES) {
            larger.begin(low + (tooLargeBytes - low) / 2, nowNanos);
        } else if (provenBytes < maxBytes) {
            raiseNanos = nowNanos + RAISE_NANOS;
        }
    }

    /**
     * A probe was sent.
     *
     * @param bytes its size
     * @param timeoutNanos how long to wait for its answer
     * @param nowNanos when
     */
    public void onProbeSent(int bytes, long timeoutNanos, long nowNanos) {
        Attempt attempt = bytes == base.bytes ? base : larger;
        if (bytes == attempt.bytes) {
            attempt.tries++;
            attempt.dueNanos = nowNanos + timeoutNanos;
        }
    }

    /**
     * The peer answered a probe.
     *
     * @param bytes size in which it arrived
     */
    public void onReply(int bytes) {
        provenBytes = Math.max(provenBytes, Math.min(bytes, maxBytes));
        tooLargeBytes = Math.max(tooLargeBytes, provenBytes + 1);
        boolean baseAnswered = answer(base);
        boolean largerAnswered = answer(larger);
        boolean answered = baseAnswered || largerAnswered;
        if (answered) {
            tryBetween(Math.max(base.dueNanos, larger.dueNanos)); // when the answered one would have been sent again
        }
    }

    private boolean answer(Attempt attempt) {
        boolean answered = attempt.bytes > 0 && attempt.bytes <= provenBytes;
        if (answered) {
            attempt.bytes = 0;
        }
        return answered;
    }

    /**
     * When to ask {@link #probeBytes} again.
     *
     * @return a time; {@link Long#MAX_VALUE} when the search rests for good
     */
    public long pollTimeout() {
        long due = raiseNanos;
        if (base.bytes > 0) {
            due = Math.min(due, base.dueNanos);
        }
        return larger.bytes > 0 ? Math.min(due, larger.dueNanos) : due;
    }

    /**
     * Largest datagram known to pass, or hoped to while nothing larger is proven: a small probe's answer proves little.
     *
     * @return bytes without UDP and IP headers; at least {@link #BASE_BYTES}, {@link #FLOOR_BYTES} once those failed, or
     *     less if the search was told so
     */
    public int datagramBytes() {
        return Math.min(maxBytes, Math.max(provenBytes, baseFailed ? FLOOR_BYTES : BASE_BYTES));
    }
}
