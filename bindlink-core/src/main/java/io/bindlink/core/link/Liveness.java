package io.bindlink.core.link;

import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import java.util.Arrays;

/**
 * Whether what is sent on a link arrives, judged by answers alone. What is sent never puts a verdict off: a link that is
 * kept busy and answers nothing is found dead as soon as an idle one. Confined to its session.
 *
 * <pre>
 * CONNECTING --answer--> UP --no answer for a timeout*, nor to a probe for another--> SUSPECT --two more--> DOWN
 *                        UP <--answer-- SUSPECT            UP <--three answers over 300 ms-- DOWN
 * </pre>
 *
 * (*) For half of one while so much is under way that answers come several in a round trip.
 *
 * <p>While no other link is answered either, a verdict takes four times as long, and half a second at least: a busy
 * processor is no dead link.
 */
final class Liveness {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long KEEP_ALIVE_NANOS = 2 * Rates.NANOS_PER_SECOND;
    private static final long RETURN_NANOS = 300 * Rates.NANOS_PER_MILLI;
    private static final long RETURN_PROBE_NANOS = RETURN_NANOS / 3;
    private static final int RETURN_ANSWERS = 3;
    private static final int LONELY_PATIENCE = 4;
    private static final long LONELY_NANOS = 500 * Rates.NANOS_PER_MILLI;
    private static final long EAGER_PROBE_NANOS = Rates.NANOS_PER_SECOND; // for the first while without an answer
    private static final long EAGER_NANOS = 30 * Rates.NANOS_PER_SECOND;
    private static final long PATIENT_PROBE_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final int PROBES = 16; // whose answers are recognized; a power of two

    private final int linkId;
    private final PeerAnswers answers;
    private final long[] probeToken = new long[PROBES];
    private final long[] probeSentNanos = new long[PROBES];
    private int probeCount;

    private LinkState state = LinkState.CONNECTING;
    private long sinceNanos; // when the state began
    private long timeoutNanos;
    private long waitingNanos = NEVER; // since when something was to be answered and nothing was
    private boolean much; // was under way when that began
    private long askedNanos = NEVER; // first probe after that had lasted too long
    private long nextProbeNanos;
    private long backoffNanos;
    private int returnAnswers;
    private long firstReturnNanos;
    private long newestReturnSentNanos;

    Liveness(int linkId, PeerAnswers answers, long timeoutNanos, long nowNanos) {
        this.linkId = linkId;
        this.answers = answers;
        this.timeoutNanos = timeoutNanos;
        sinceNanos = nowNanos;
        nextProbeNanos = nowNanos;
        backoffNanos = timeoutNanos;
        Arrays.fill(probeToken, -1);
    }

    /** How long an answer may take from now on. */
    void timeout(long nanos) {
        timeoutNanos = nanos;
    }

    /** Something was sent that asks for an answer. */
    void onSent(long nowNanos) {
        if (waitingNanos == NEVER) {
            waitingNanos = nowNanos;
            much = false;
            if (state == LinkState.UP) {
                nextProbeNanos = nowNanos + timeoutNanos;
            }
        }
    }

    void onProbeSent(long token, long nowNanos) {
        probeToken[probeCount & (PROBES - 1)] = token;
        probeSentNanos[probeCount & (PROBES - 1)] = nowNanos;
        probeCount++;
        switch (state) {
            case UP -> {
                if (doubtful(nowNanos) && askedNanos == NEVER) {
                    askedNanos = nowNanos;
                }
                nextProbeNanos = nowNanos + timeoutNanos / 2; // a lost probe must not condemn the link
            }
            case SUSPECT -> nextProbeNanos = nowNanos + timeoutNanos / 2;
            default -> nextProbeNanos = nowNanos + nextInterval(nowNanos);
        }
    }

    /** Whether an answer is late. */
    boolean overdue(long nowNanos) {
        return waitingNanos != NEVER && nowNanos - waitingNanos >= timeoutNanos;
    }

    /** Whether answers are missing for so long that the link must be asked. */
    boolean doubtful(long nowNanos) {
        return waitingNanos != NEVER && nowNanos - waitingNanos >= doubtNanos();
    }

    private long doubtNanos() {
        return much ? timeoutNanos / 2 : timeoutNanos;
    }

    private long nextInterval(long nowNanos) {
        if (returnAnswers > 0 && nowNanos - firstReturnNanos < EAGER_PROBE_NANOS) {
            return RETURN_PROBE_NANOS;
        }
        long interval = backoffNanos;
        long longest = nowNanos - sinceNanos < EAGER_NANOS ? EAGER_PROBE_NANOS : PATIENT_PROBE_NANOS;
        backoffNanos = Math.min(longest, 2 * backoffNanos);
        return Math.min(longest, interval);
    }

    /** The reply to a probe; a token that is not of one of ours means nothing. */
    void onProbeReply(long token, UnderWay underWay, long nowNanos) {
        for (int i = 0; i < PROBES; i++) {
            if (probeToken[i] == token) {
                probeToken[i] = -1;
                onAnswered(probeSentNanos[i], underWay, nowNanos);
                return;
            }
        }
    }

    /**
     * Something sent on the link arrived at the peer.
     *
     * @param sentNanos when it was sent
     * @param underWay what else is still to be answered
     */
    void onAnswered(long sentNanos, UnderWay underWay, long nowNanos) {
        answers.onAnswered(linkId, sentNanos);
        waitingNanos = underWay == UnderWay.NOTHING ? NEVER : nowNanos;
        much = underWay == UnderWay.MUCH;
        askedNanos = NEVER;
        switch (state) {
            case UP -> nextProbeNanos = nowNanos + (waitingNanos == NEVER ? KEEP_ALIVE_NANOS : doubtNanos());
            case SUSPECT, CONNECTING -> enter(LinkState.UP, nowNanos);
            default -> onReturn(sentNanos, nowNanos);
        }
    }

    /** Late answers to what was sent before the link went down prove nothing about now. */
    private void onReturn(long sentNanos, long nowNanos) {
        if (sentNanos - sinceNanos < 0 || (returnAnswers > 0 && sentNanos - newestReturnSentNanos <= 0)) {
            return;
        }
        if (returnAnswers == 0 || nowNanos - firstReturnNanos > 4 * RETURN_NANOS) {
            returnAnswers = 0;
            firstReturnNanos = nowNanos;
        }
        returnAnswers++;
        newestReturnSentNanos = sentNanos;
        nextProbeNanos = Math.min(nextProbeNanos, nowNanos + RETURN_PROBE_NANOS);
        if (returnAnswers >= RETURN_ANSWERS && nowNanos - firstReturnNanos >= RETURN_NANOS) {
            enter(LinkState.UP, nowNanos);
        }
    }

    /** Time has passed. */
    void handleTimeout(long nowNanos) {
        if (state == LinkState.UP && askedNanos != NEVER && nowNanos - suspectNanos() >= 0) {
            enter(LinkState.SUSPECT, nowNanos);
        } else if (state == LinkState.SUSPECT && nowNanos - downNanos() >= 0) {
            enter(LinkState.DOWN, nowNanos);
        }
    }

    /** When the next verdict falls or the next probe is due. */
    long pollTimeout() {
        return switch (state) {
            case UP -> Math.min(nextProbeNanos, askedNanos == NEVER ? NEVER : suspectNanos());
            case SUSPECT -> Math.min(nextProbeNanos, downNanos());
            default -> nextProbeNanos;
        };
    }

    private long suspectNanos() {
        return askedNanos == NEVER ? NEVER : askedNanos + patienceNanos(askedNanos, timeoutNanos);
    }

    private long downNanos() {
        return sinceNanos + patienceNanos(sinceNanos, 2 * timeoutNanos);
    }

    private long patienceNanos(long silentSinceNanos, long nanos) {
        return answers.elsewhereSince(linkId, silentSinceNanos)
                ? nanos
                : Math.max(LONELY_NANOS, LONELY_PATIENCE * nanos);
    }

    /** The peer does not hear us, it says. */
    void suspect(long nowNanos) {
        if (state == LinkState.UP) {
            enter(LinkState.SUSPECT, nowNanos);
        }
    }

    /** The socket failed. */
    void fail(long nowNanos) {
        if (state != LinkState.DOWN) {
            enter(LinkState.DOWN, nowNanos);
        }
    }

    boolean wantsProbe(long nowNanos) {
        return nowNanos - nextProbeNanos >= 0;
    }

    LinkState state() {
        return state;
    }

    private void enter(LinkState next, long nowNanos) {
        state = next;
        sinceNanos = nowNanos;
        askedNanos = NEVER;
        returnAnswers = 0;
        backoffNanos = timeoutNanos;
        if (next == LinkState.UP) {
            nextProbeNanos = nowNanos + (waitingNanos == NEVER ? KEEP_ALIVE_NANOS : doubtNanos());
        } else {
            nextProbeNanos = nowNanos;
        }
        if (next == LinkState.DOWN) {
            waitingNanos = NEVER; // all in flight is given up
        }
    }
}
