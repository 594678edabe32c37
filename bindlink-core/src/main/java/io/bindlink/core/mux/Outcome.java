package io.bindlink.core.mux;

import io.bindlink.api.Efficiency;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.core.base.Rates;

/**
 * What became of what was sent, and for how long something waited: gathered for some milliseconds before it is counted,
 * since a counter is found by its name. Confined to its session.
 */
final class Outcome {
    private static final long TELL_NANOS = 5 * Rates.NANOS_PER_MILLI;

    private final MultiplexerContext context;
    private long goodputBytes;
    private long copiedBytes;
    private long lateBytes;
    private long backlogNanos;
    private boolean backlogged;
    private long lookedNanos;
    private long toldNanos;

    Outcome(MultiplexerContext context) {
        this.context = context;
        lookedNanos = context.nowNanos();
        toldNanos = lookedNanos;
    }

    /** A piece arrived. */
    void arrived(Piece piece) {
        if (!piece.settled) {
            goodputBytes += piece.lengthBytes();
        } else if (piece.givenUp) {
            lateBytes += piece.headerBytes() + piece.lengthBytes();
        } else {
            copiedBytes += piece.headerBytes() + piece.lengthBytes();
        }
    }

    /** Whether something waits from now on. */
    void backlogged(boolean waits, long nowNanos) {
        if (backlogged) {
            backlogNanos += nowNanos - lookedNanos;
        }
        backlogged = waits;
        lookedNanos = nowNanos;
        if (nowNanos - toldNanos >= TELL_NANOS) {
            tell(nowNanos);
        }
    }

    /** Nothing else has changed. */
    void look(long nowNanos) {
        backlogged(backlogged, nowNanos);
    }

    private void tell(long nowNanos) {
        toldNanos = nowNanos;
        context.count(Efficiency.GOODPUT_COUNTER, goodputBytes);
        context.count(Efficiency.COPIES_COUNTER, copiedBytes);
        context.count(Efficiency.LATE_COUNTER, lateBytes);
        long micros = backlogNanos / Rates.NANOS_PER_MICRO;
        context.count(Efficiency.BACKLOG_COUNTER, micros);
        goodputBytes = 0;
        copiedBytes = 0;
        lateBytes = 0;
        backlogNanos -= micros * Rates.NANOS_PER_MICRO;
    }
}
