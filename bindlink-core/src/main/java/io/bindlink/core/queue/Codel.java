package io.bindlink.core.queue;

/*
 * CoDel, RFC 8289. What counts is not how much waits but how long: a burst is gone after a round trip, a standing queue
 * is not. A packet's waiting time stays over the target for a whole interval -> one signal (a packet dropped or marked);
 * while it still stays there, further ones at
 *
 *     next = previous + interval / sqrt(count)
 *
 * because the rate of a TCP flow is inversely proportional to the square root of its losses: signals at this growing
 * rate lower it in even steps. If the queue comes back within 16 intervals, count goes on near where it worked before
 * (section 5.5, the "re-entry" rule).
 */

/**
 * Controller of one flow's waiting time, RFC 8289 section 5. It is asked once for each packet, when the packet comes to
 * its flow's head. Its times are those of a {@link ServedClock}. Confined to its session.
 */
final class Codel {
    /** Never signals while no more than this waits behind the packet, section 5.4: with less no link is kept busy. */
    static final int MTU_BYTES = 1_514;

    /** A queue that returns within so many intervals is the one there was, section 5.5. */
    private static final int SAME_QUEUE_INTERVALS = 16;

    private boolean above;
    private long aboveUntilNanos;
    private boolean dropping;
    private long dropNextNanos;
    private int count;
    private int lastCount;

    /**
     * Judges a packet that came to the head.
     *
     * @param waitedNanos how long it has waited
     * @param behindBytes what waits behind it
     * @param nowNanos the time; it never goes back by more than a target
     * @param aim target and interval
     * @return true when its sender must be told to slow down: by its loss, or by a mark
     */
    boolean judge(long waitedNanos, long behindBytes, long nowNanos, Aim aim) {
        boolean standing = stands(waitedNanos, behindBytes, nowNanos, aim);
        if (!standing) {
            dropping = false;
            return false;
        }
        if (!dropping) {
            begin(nowNanos, aim);
            return true;
        }
        if (nowNanos - dropNextNanos < 0) {
            return false;
        }
        count++;
        dropNextNanos += spacingNanos(aim);
        return true;
    }

    /** Whether waiting times have been over the target for an interval. */
    private boolean stands(long waitedNanos, long behindBytes, long nowNanos, Aim aim) {
        if (waitedNanos < aim.targetNanos() || behindBytes <= MTU_BYTES) {
            above = false;
            return false;
        }
        if (!above) {
            above = true;
            aboveUntilNanos = nowNanos + aim.intervalNanos();
            return false;
        }
        return nowNanos - aboveUntilNanos >= 0;
    }

    private void begin(long nowNanos, Aim aim) {
        dropping = true;
        int fresh = count - lastCount;
        boolean again = nowNanos - dropNextNanos < SAME_QUEUE_INTERVALS * aim.intervalNanos();
        count = fresh > 1 && again ? fresh : 1;
        lastCount = count;
        dropNextNanos = nowNanos + spacingNanos(aim);
    }

    private long spacingNanos(Aim aim) {
        return (long) (aim.intervalNanos() / Math.sqrt(count));
    }

    /** The flow is empty: no queue stands. */
    void onEmpty() {
        above = false;
        dropping = false;
    }
}
