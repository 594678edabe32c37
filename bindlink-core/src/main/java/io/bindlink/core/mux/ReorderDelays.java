package io.bindlink.core.mux;

import io.bindlink.api.Counter;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.core.base.Rates;

/**
 * How many pieces of ordered flows were held back, and for how long: gathered for some milliseconds before it is counted,
 * since a counter is found by its name. Confined to its session.
 */
final class ReorderDelays {
    private static final long TELL_NANOS = 5 * Rates.NANOS_PER_MILLI;
    private static final Counter[] RANGES = {
        Counter.MUX_REORDERED_1MS,
        Counter.MUX_REORDERED_5MS,
        Counter.MUX_REORDERED_20MS,
        Counter.MUX_REORDERED_50MS,
        Counter.MUX_REORDERED_100MS,
        Counter.MUX_REORDERED_200MS,
        Counter.MUX_REORDERED_500MS,
        Counter.MUX_REORDERED_LONGER
    };
    private static final long[] BOUNDS_MILLIS = {1, 5, 20, 50, 100, 200, 500};

    private final MultiplexerContext context;
    private final long[] released = new long[RANGES.length];
    private long held;
    private long waitedNanos;
    private long toldNanos;

    ReorderDelays(MultiplexerContext context) {
        this.context = context;
        toldNanos = context.nowNanos();
    }

    /** A piece is kept. */
    void held() {
        held++;
    }

    /** It is kept no longer. */
    void released(long heldForNanos) {
        int range = 0;
        while (range < BOUNDS_MILLIS.length && heldForNanos > BOUNDS_MILLIS[range] * Rates.NANOS_PER_MILLI) {
            range++;
        }
        released[range]++;
        waitedNanos += heldForNanos;
    }

    /** Counts what was gathered, if it is time. */
    void look(long nowNanos) {
        if (nowNanos - toldNanos >= TELL_NANOS) {
            tell(nowNanos);
        }
    }

    /** Counts what was gathered. */
    void tell(long nowNanos) {
        toldNanos = nowNanos;
        context.count(Counter.MUX_HELD.label(), held);
        held = 0;
        long micros = waitedNanos / Rates.NANOS_PER_MICRO;
        context.count(Counter.MUX_REORDERED_MICROS.label(), micros);
        waitedNanos -= micros * Rates.NANOS_PER_MICRO;
        for (int i = 0; i < RANGES.length; i++) {
            if (released[i] > 0) {
                context.count(RANGES[i].label(), released[i]);
                released[i] = 0;
            }
        }
    }
}
