package io.bindlink.core.crypto;

import io.bindlink.core.base.Rates;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which suite is faster here. With instructions for AES no other suite beats it, in software it loses; where nobody
 * knows whether the processor has them, it is measured. A cold runtime tells nothing: the slower suite is
 * often compiled first. So AES, which no other suite beats where the processor has instructions for it, is given time
 * to show that it does; only without them is there a comparison. Immutable.
 */
public final class SuiteChoice {
    private static final int DATAGRAM_BYTES = 1400;
    private static final int CLEAR_BYTES = 10;
    private static final int BATCH = 16;

    /** 2 ns per byte: several times what AES takes in instructions, a fraction of what it takes in code. */
    private static final long INSTRUCTIONS_NANOS = 2L * DATAGRAM_BYTES * BATCH;

    /** For one suite. Instructions show within 0.3 s on a PC; a small board without them may be late by 1.5 s once. */
    private static final long BUDGET_NANOS = 750 * Rates.NANOS_PER_MILLI;

    private SuiteChoice() {}

    /**
     * Orders suites by how fast they seal, by what is known of the processor.
     *
     * @param allowed the suites
     * @param aesInstructions whether it has instructions for AES
     * @return them, the fastest first
     */
    public static List<Suite> fastestFirst(Collection<Suite> allowed, boolean aesInstructions) {
        Suite best = aesInstructions ? Suite.AES_256_GCM : Suite.CHACHA20_POLY1305;
        return allowed.stream()
                .sorted(Comparator.comparing(suite -> suite != best))
                .toList();
    }

    /**
     * Orders suites by how fast they seal here, measured. Where there is a choice this takes some 0.3 s of computing with AES
     * instructions, and 1.5 s without.
     *
     * @param allowed the suites
     * @param nanoClock a clock that runs in nanoseconds
     * @return them, the fastest first
     */
    public static List<Suite> fastestFirst(Collection<Suite> allowed, LongSupplier nanoClock) {
        EnumSet<Suite> suites = EnumSet.noneOf(Suite.class);
        suites.addAll(allowed);
        Map<Suite, Long> bestNanos = suites.size() > 1 ? race(suites, nanoClock) : Map.of();
        return suites.stream()
                .sorted(Comparator.comparing(suite -> bestNanos.getOrDefault(suite, Long.MAX_VALUE)))
                .toList();
    }

    /** The best times, AES first; the ones after a suite that needs no rival stay unmeasured. */
    private static Map<Suite, Long> race(EnumSet<Suite> suites, LongSupplier nanoClock) {
        Map<Suite, Long> bestNanos = new EnumMap<>(Suite.class);
        for (Suite suite : suites) {
            long nanos = bestBatchNanos(suite, nanoClock);
            bestNanos.put(suite, nanos);
            if (nanos <= INSTRUCTIONS_NANOS) {
                break;
            }
        }
        return bestNanos;
    }

    private static long bestBatchNanos(Suite suite, LongSupplier nanoClock) {
        Sealer sealer = new Sealer(suite, new byte[Suite.KEY_LENGTH]);
        byte[] buffer = new byte[DATAGRAM_BYTES + Suite.TAG_LENGTH];
        long start = nanoClock.getAsLong();
        long now = start;
        long best = Long.MAX_VALUE;
        for (long number = 0; best > INSTRUCTIONS_NANOS && now - start < BUDGET_NANOS; number += BATCH) {
            long batchStart = now;
            for (int i = 0; i < BATCH; i++) {
                sealer.seal(0, number + i, buffer, 0, CLEAR_BYTES, DATAGRAM_BYTES - CLEAR_BYTES);
            }
            now = nanoClock.getAsLong();
            best = Math.min(best, now - batchStart);
        }
        return best;
    }
}
