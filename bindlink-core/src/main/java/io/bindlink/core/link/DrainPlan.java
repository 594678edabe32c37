package io.bindlink.core.link;

/**
 * How a queue that showed is got rid of, and whether that had an effect: delay that stays though the sender slows down
 * again and again is not our queue but the path's own. Confined to its session.
 */
final class DrainPlan {
    private static final double GAIN = 0.7;
    private static final double LEAST_GAIN = 0.25; // no pauses: a link that sends nothing learns nothing
    private static final int ROUND_TRIPS = 2; // that a drain may take
    private static final double MARGIN = 1.5; // by then it is gone, if it was a queue
    private static final double EFFECT = 0.75;
    private static final int MAX_VAIN = 3;

    private double gain = GAIN;
    private long endNanos;
    private long effectSentNanos; // packets sent later show what it did
    private boolean effectDue;
    private long queueNanos;
    private int vain;
    private long rateBefore;

    /** Forgets earlier drains; {@code nowNanos} is the first time seen. */
    void clear(long nowNanos) {
        effectDue = false;
        effectSentNanos = nowNanos;
        vain = 0;
    }

    /** Begins one: {@code excessNanos} is how long the link would need to deliver what is too much in flight. */
    void begin(long nowNanos, long rate, long queued, long excessNanos, long rttNanos, long settleNanos) {
        if (vain == 0) {
            rateBefore = rate;
        }
        queueNanos = queued;
        double needed = 1 - (double) excessNanos / (ROUND_TRIPS * Math.max(1, rttNanos));
        gain = Math.max(LEAST_GAIN, Math.min(GAIN, needed));
        endNanos = nowNanos + (long) (MARGIN * excessNanos / (1 - gain)) + settleNanos;
    }

    /** It is over; packets sent {@code settleNanos} from now show its effect. */
    void end(long nowNanos, long settleNanos) {
        effectDue = true;
        effectSentNanos = nowNanos + settleNanos;
    }

    /** Whether a packet sent then shows what the last drain did. */
    boolean shows(long sentNanos) {
        return sentNanos - effectSentNanos >= 0;
    }

    /** Judges the last drain, once; true when the delay must be the path's own. */
    boolean inVain(boolean queued, long queuedNanos) {
        if (!effectDue) {
            return false;
        }
        effectDue = false;
        if (!queued || queuedNanos < queueNanos * EFFECT) {
            vain = 0;
        } else if (++vain >= MAX_VAIN) {
            vain = 0;
            return true;
        }
        return false;
    }

    /** Whether the last drain helped, or there was none. */
    boolean effective() {
        return vain == 0;
    }

    boolean due(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    double gain() {
        return gain;
    }

    /** The rate before the first of the drains that had no effect. */
    long rateBefore() {
        return rateBefore;
    }
}
