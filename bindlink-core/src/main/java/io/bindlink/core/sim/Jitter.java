package io.bindlink.core.sim;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** How a link's delay varies over time. Confined to its link. */
final class Jitter {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L; // spreads neighbouring points over all 64 bits

    private final RandomGenerator perPacket;
    private final long seed;

    Jitter(long seed) {
        this.perPacket = new SplittableRandom(seed);
        this.seed = seed;
    }

    /** What is added to the delay of a packet that leaves the bottleneck at a time; may be negative. */
    long nanos(LinkModel model, long atNanos) {
        long amplitudeNanos = model.jitterNanos();
        if (amplitudeNanos == 0) {
            return 0;
        }
        double deviation = model.jitterPeriodNanos() == 0
                ? 2 * perPacket.nextDouble() - 1
                : wander(atNanos, model.jitterPeriodNanos());
        return (long) (deviation * amplitudeNanos);
    }

    private double wander(long atNanos, long periodNanos) {
        long turn = Math.floorDiv(atNanos, periodNanos);
        double way = Math.floorMod(atNanos, periodNanos) / (double) periodNanos;
        return point(turn) * (1 - way) + point(turn + 1) * way;
    }

    /** A turning point, the same whenever it is asked for, so that traffic does not change the air. -1..1. */
    private double point(long turn) {
        return 2 * new SplittableRandom(seed + turn * GOLDEN_RATIO).nextDouble() - 1;
    }
}
