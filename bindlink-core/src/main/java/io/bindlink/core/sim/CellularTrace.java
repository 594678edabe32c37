package io.bindlink.core.sim;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/*
 * A Markov-modulated process, in the spirit of recordings made by driving through a town: every DWELL_MILLIS the rate
 * takes a step up or down on a ladder of LEVELS_PER_OCTAVE rungs, drawn back towards the usual rate, and with a small
 * probability the link fails for a while. Within a state opportunities of 1500 bytes come at random (Poisson).
 */

/** Makes up the capacity of a cellular link. The same seed gives the same trace on every machine. Immutable. */
public final class CellularTrace {
    private static final int DWELL_MILLIS = 100;
    private static final double LEVELS_PER_OCTAVE = 4;
    private static final double LEAST_MBIT = 0.5;
    private static final double MOST_MBIT = 20;
    private static final double PULL = 0.03; // towards the usual rate, per rung away from it
    private static final double OUTAGE = 0.005; // each dwell: one every 20 s
    private static final int LEAST_OUTAGE_MILLIS = 50;
    private static final int MOST_OUTAGE_MILLIS = 500;

    private CellularTrace() {}

    /**
     * Makes up a trace.
     *
     * @param seed the only source of chance
     * @param usualMbit the rate it comes back to, in 0.5..20 Mbit/s; it wanders within these limits
     * @param length after which it repeats
     * @return the trace
     */
    public static CapacityTrace create(long seed, double usualMbit, Duration length) {
        if (!(usualMbit >= LEAST_MBIT && usualMbit <= MOST_MBIT)) {
            throw new IllegalArgumentException(usualMbit + " Mbit/s is not in " + LEAST_MBIT + ".." + MOST_MBIT);
        }
        SplittableRandom random = new SplittableRandom(seed);
        LongStream.Builder times = LongStream.builder();
        double level = 0; // rungs over or under the usual rate
        double millis = 0;
        long dwellEnd = 0;
        while (dwellEnd < length.toMillis()) {
            dwellEnd += DWELL_MILLIS;
            level += (random.nextDouble() < 0.5 - PULL * level ? 1 : -1);
            millis = fill(
                    times,
                    random,
                    Math.max(millis, (double) (dwellEnd - DWELL_MILLIS)),
                    dwellEnd,
                    mbit(usualMbit, level));
            if (random.nextDouble() < OUTAGE) {
                dwellEnd += random.nextInt(LEAST_OUTAGE_MILLIS, MOST_OUTAGE_MILLIS + 1);
                millis = dwellEnd;
            }
        }
        times.add(dwellEnd);
        return CapacityTrace.of(times.build().toArray());
    }

    /** Opportunities from one time to another; answers when the next one would come. */
    private static double fill(
            LongStream.Builder times, SplittableRandom random, double fromMillis, long endMillis, double mbit) {
        double spacingMillis = CapacityTrace.OPPORTUNITY_BYTES * 8 / 1000.0 / mbit;
        double millis = fromMillis;
        while (true) {
            double next = millis - spacingMillis * StrictMath.log(1 - random.nextDouble());
            if (next >= endMillis) {
                return endMillis;
            }
            millis = next;
            times.add((long) millis);
        }
    }

    private static double mbit(double usualMbit, double level) {
        double mbit = usualMbit * StrictMath.pow(2, level / LEVELS_PER_OCTAVE);
        return Math.max(LEAST_MBIT, Math.min(MOST_MBIT, mbit));
    }
}
