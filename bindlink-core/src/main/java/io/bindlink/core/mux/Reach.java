package io.bindlink.core.mux;

import io.bindlink.api.LinkView;
import io.bindlink.core.base.Rates;
import java.util.List;

/**
 * How far behind the quickest link the links may be that carry an ordered bulk flow, and so to what delay its receiver
 * holds it. Confined to its session.
 *
 * <p>A flow that spreads over links of unequal delay has the round trip of the slowest. TCP does not mind a long round
 * trip, but a jump: BBR keeps the least one it saw for ten seconds and lets out two of these at most, so that a round
 * trip three times as long costs it a third of its rate again and again. Therefore the reach begins with links that no
 * more than double the round trip, and doubles when the flow had time to learn the one before; where the next link is
 * farther than that, the flow is held back a little to learn it. A flow that meanwhile falls behind what it had before the
 * step, and has nothing waiting, lacks the window for the longer round trip: the step is taken back, and the next is
 * shorter. A flow that keeps a backlog has more to send than its links take at any round trip: as soon as its backlog is
 * worth the slower link's delay, that link joins.
 */
final class Reach {
    private static final long LOOK_EVERY_NANOS = 10 * Rates.NANOS_PER_MILLI;
    private static final long LEARNS_NANOS = 10_500 * Rates.NANOS_PER_MILLI; // BBR's memory, and its look at the path
    private static final long SETTLES_NANOS = 2_000 * Rates.NANOS_PER_MILLI; // the flow's start must not be disturbed
    private static final long FORGETS_NANOS = 15_000 * Rates.NANOS_PER_MILLI; // of idleness
    private static final long PERSISTS_NANOS = 500 * Rates.NANOS_PER_MILLI; // BBR's own start leaves a backlog for less
    private static final long SURE_NANOS = 60 * Rates.NANOS_PER_MILLI; // more backlog than BBR ever leaves
    private static final double REACH = 2.25; // round trips: doubled, and what acknowledgements and queues add
    private static final double PREPARATION = 1.8; // round trips: less than doubled, so that it costs nothing
    private static final double BUSY_SHARE = 0.5; // of what its links carry: less needs no more links
    private static final double HINDERED_SHARE = 0.8; // of what it sent before a step
    private static final long HINDERED_NANOS = 4_000 * Rates.NANOS_PER_MILLI; // BBR's look at the path counts little
    private static final long IN_STOCK_NANOS = 10 * Rates.NANOS_PER_MILLI; // who has so much waiting lacks no window
    private static final double MARGIN = 1.25; // delays vary
    private static final long MOST_JITTER_NANOS = 5 * Rates.NANOS_PER_MILLI;
    private static final long TOLD_STEP_NANOS = 2 * Rates.NANOS_PER_MILLI;
    private static final long LONGEST_NANOS = 600 * Rates.NANOS_PER_MILLI;

    private boolean begun;
    private long allowedNanos;
    private long learnedNanos; // what the flow takes for its path's own, beyond the quickest link
    private long preparedNanos; // held to, so that the flow learns a longer round trip before a link joins
    private long lookedNanos;
    private long lastStepNanos;
    private long nextStepNanos;
    private long sentBytes; // since the last step
    private long formerlyAllowedNanos; // before that
    private long formerRate; // bytes a second that it sent before that
    private long checkedNanos; // when it was last looked at whether the step hinders it
    private long checkedBytes; // sent by then
    private long backlogSinceNanos;
    private boolean backlog;
    private long worthNanos;
    private long heldNanos;

    /** Bytes of the flow left. */
    void onSent(int bytes) {
        sentBytes += bytes;
    }

    /** How much later than on the quickest link a packet may arrive. */
    long toleranceNanos() {
        return (long) (allowedNanos * MARGIN);
    }

    /** How much later than on the quickest link the receiver is to deliver. */
    long heldNanos() {
        return heldNanos;
    }

    /** How long a backlog must last to be worth the delay of the next link; 0 when there is none to join. */
    long worthNanos() {
        return worthNanos;
    }

    /** Looks at links and backlog now and then; true when the receiver must be told. */
    boolean update(UsableLinks links, long backlogBytes, long nowNanos) {
        if (begun && nowNanos - lookedNanos < LOOK_EVERY_NANOS) {
            return false;
        }
        if (!begun || nowNanos - lookedNanos > FORGETS_NANOS) {
            begun = true;
            learnedNanos = 0;
            preparedNanos = 0;
            allowedNanos = times(REACH, links);
            backlog = false;
            step(nowNanos, SETTLES_NANOS);
        }
        lookedNanos = nowNanos;
        long hold = look(links, backlogBytes, nowNanos);
        if (Math.abs(hold - heldNanos) < Math.max(TOLD_STEP_NANOS, heldNanos / 8)) {
            return false;
        }
        heldNanos = hold;
        return true;
    }

    private void step(long nowNanos, long untilNextNanos) {
        lastStepNanos = nowNanos;
        nextStepNanos = nowNanos + untilNextNanos;
        sentBytes = 0;
        checkedNanos = nowNanos;
        checkedBytes = 0;
    }

    private long look(UsableLinks links, long backlogBytes, long nowNanos) {
        List<LinkView> views = links.views();
        long joinedNanos = 0;
        long joinedRate = 0;
        boolean spreads = true;
        long nextNanos = Long.MAX_VALUE;
        for (int i = 0; i < views.size(); i++) {
            LinkView view = views.get(i);
            long behindNanos = view.relativeDelayNanos();
            if (behindNanos <= toleranceNanos()) {
                boolean used = isUsed(view, nowNanos);
                spreads &= used;
                joinedNanos = Math.max(joinedNanos, used ? behindNanos + jitterNanos(view) : 0);
                joinedRate += view.rateBytesPerSecond();
            } else if (links.isWorthIt(view)) {
                nextNanos = Math.min(nextNanos, behindNanos);
            }
        }
        takeBackIfHindered(backlogBytes, joinedRate, nowNanos);
        worthNanos = nextNanos > LONGEST_NANOS ? 0 : nextNanos - joinedNanos + SURE_NANOS;
        if (worthNanos == 0) {
            return Math.min(joinedNanos, LONGEST_NANOS);
        }
        if (persists(backlogBytes >= Rates.bytesIn(worthNanos, joinedRate), nowNanos)) {
            allowedNanos = nextNanos;
        } else if (nowNanos - nextStepNanos >= 0) {
            boolean busy = sentBytes >= BUSY_SHARE * Rates.bytesIn(nowNanos - lastStepNanos, joinedRate);
            formerRate = Rates.rate(sentBytes, nowNanos - lastStepNanos);
            formerlyAllowedNanos = allowedNanos;
            step(nowNanos, busy && spreads ? learn(links, joinedNanos) : SETTLES_NANOS);
        }
        return Math.max(joinedNanos, Math.min(preparedNanos, nextNanos));
    }

    /** The next step: answers how long it takes the flow to learn it. */
    private long learn(UsableLinks links, long joinedNanos) {
        if (preparedNanos == 0 && joinedNanos >= allowedNanos / 2) {
            preparedNanos = joinedNanos; // it has been learning since it began
            return LEARNS_NANOS - SETTLES_NANOS;
        }
        learnedNanos = preparedNanos;
        allowedNanos = Math.max(allowedNanos, times(REACH, links));
        preparedNanos = times(PREPARATION, links);
        return LEARNS_NANOS;
    }

    private void takeBackIfHindered(long backlogBytes, long joinedRate, long nowNanos) {
        if (nowNanos - checkedNanos < HINDERED_NANOS || nowNanos - nextStepNanos >= 0) {
            return; // by then the flow has learnt it, and what it sends is its own affair
        }
        long expected = Rates.bytesIn(nowNanos - checkedNanos, Math.min(formerRate, joinedRate));
        boolean starves = backlogBytes < Rates.bytesIn(IN_STOCK_NANOS, joinedRate);
        if (starves && sentBytes - checkedBytes < HINDERED_SHARE * expected) {
            allowedNanos = formerlyAllowedNanos;
            preparedNanos -= (preparedNanos - learnedNanos) / 3;
        }
        checkedNanos = nowNanos;
        checkedBytes = sentBytes;
    }

    /** So many round trips, beyond the quickest link's. */
    private long times(double roundTrips, UsableLinks links) {
        long rttNanos = links.fastestRttNanos();
        return (long) ((rttNanos + learnedNanos) * roundTrips) - rttNanos;
    }

    /** Not every scheduler uses each link it may. */
    private static boolean isUsed(LinkView view, long nowNanos) {
        return view.lastUsedNanos() != Long.MIN_VALUE && nowNanos - view.lastUsedNanos() < FORGETS_NANOS;
    }

    private static long jitterNanos(LinkView view) {
        return Math.min(view.jitterNanos(), MOST_JITTER_NANOS);
    }

    private boolean persists(boolean holds, long nowNanos) {
        if (holds && !backlog) {
            backlogSinceNanos = nowNanos;
        }
        backlog = holds;
        return holds && nowNanos - backlogSinceNanos >= PERSISTS_NANOS;
    }
}
