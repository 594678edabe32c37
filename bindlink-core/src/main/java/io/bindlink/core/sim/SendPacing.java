package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;

/** Lets a modelled sender's segments out in small bursts at its window's pace, as Linux's TCP does. Confined to its sender. */
final class SendPacing {
    private static final int UNPACED_SEGMENTS = 10; // the initial window goes at once

    private final SendingWindow window;
    private long nextNanos = Long.MIN_VALUE;
    private double creditNanos;
    private int burstLeft;
    private long sent;

    SendPacing(SendingWindow window) {
        this.window = window;
    }

    /** Whether a segment may leave now, the window aside. */
    boolean opens(long nowNanos) {
        if (burstLeft > 0) {
            return true;
        }
        if (nextNanos > nowNanos) {
            return false;
        }
        creditNanos = nextNanos == Long.MIN_VALUE ? 0 : nowNanos - nextNanos;
        nextNanos = nowNanos;
        burstLeft = window.burstSegments();
        return true;
    }

    /** A segment left. A timer that came late is made up for by up to half a burst. */
    void onSent() {
        burstLeft--;
        double pace = window.pace();
        if (++sent <= UNPACED_SEGMENTS || pace <= 0) {
            return;
        }
        double nanos = Rates.NANOS_PER_SECOND / pace;
        double saved = Math.min(nanos / 2, creditNanos);
        creditNanos -= saved;
        nextNanos += (long) (nanos - saved);
    }

    /** The window is full: the burst ends here. */
    void onBlocked() {
        burstLeft = 0;
    }

    /** When the next burst may leave. */
    long nextNanos() {
        return nextNanos;
    }
}
