package io.bindlink.core.crypto;

import io.bindlink.core.base.Rates;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A short race between suites on this processor and Java runtime. Immutable. */
public final class SuiteChoice {
    private static final int DATAGRAM_BYTES = 1400;
    private static final int CLEAR_BYTES = 10;
    private static final int BATCH = 32;
    private static final int MIN_ROUNDS = 4;

    /** Long enough for the compiler to find the inner loops, short enough for nobody to notice at start. */
    private static final long BUDGET_NANOS = 150 * Rates.NANOS_PER_MILLI;

    private SuiteChoice() {}

    /**
     * Orders suites by how long sealing takes here; takes about 150 ms if there is a choice.
     *
     * @param allowed the suites
     * @param nanoClock a clock that runs in nanoseconds
     * @return them, the fastest first
     */
    public static List<Suite> fastestFirst(Collection<Suite> allowed, LongSupplier nanoClock) {
        Map<Suite, Long> bestNanos = new EnumMap<>(Suite.class);
        allowed.forEach(suite -> bestNanos.put(suite, Long.MAX_VALUE));
        if (bestNanos.size() > 1) {
            race(bestNanos, nanoClock);
        }
        return bestNanos.keySet().stream()
                .sorted(Comparator.comparing(suite -> bestNanos.getOrDefault(suite, Long.MAX_VALUE)))
                .toList();
    }

    /** The suites take turns, so that whatever else the machine does meets all; each keeps its best time. */
    private static void race(Map<Suite, Long> bestNanos, LongSupplier nanoClock) {
        Map<Suite, Sealer> sealers = new EnumMap<>(Suite.class);
        bestNanos.keySet().forEach(suite -> sealers.put(suite, new Sealer(suite, new byte[Suite.KEY_LENGTH])));
        byte[] buffer = new byte[DATAGRAM_BYTES + Suite.TAG_LENGTH];
        long start = nanoClock.getAsLong();
        for (int round = 0; round < MIN_ROUNDS || nanoClock.getAsLong() - start < BUDGET_NANOS; round++) {
            long firstNumber = (long) round * BATCH;
            sealers.forEach((suite, sealer) ->
                    bestNanos.merge(suite, batchNanos(sealer, firstNumber, buffer, nanoClock), Math::min));
        }
    }

    private static long batchNanos(Sealer sealer, long firstNumber, byte[] buffer, LongSupplier nanoClock) {
        long start = nanoClock.getAsLong();
        for (int i = 0; i < BATCH; i++) {
            sealer.seal(0, firstNumber + i, buffer, 0, CLEAR_BYTES, DATAGRAM_BYTES - CLEAR_BYTES);
        }
        return nanoClock.getAsLong() - start;
    }
}
