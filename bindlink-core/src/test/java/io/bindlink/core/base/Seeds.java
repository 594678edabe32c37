package io.bindlink.core.base;

/**
 * Runs a property over seeds, names the one that fails, and replays it with {@code -Dbindlink.seed=N}. Thread-safe.
 */
public final class Seeds {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L; // spreads small indexes over all 64 bits

    private Seeds() {}

    /** A property that must hold for every seed. */
    @FunctionalInterface
    public interface Property {
        /**
         * Checks the property.
         *
         * @param seed the only source of chance
         * @throws Exception when it does not hold
         */
        void check(long seed) throws Exception;
    }

    /**
     * Checks a property for a number of seeds, always the same ones, or for the one given on the command line.
     *
     * @param count how many, over 0
     * @param property what must hold
     */
    public static void forEach(int count, Property property) {
        String replay = System.getProperty("bindlink.seed", "");
        if (!replay.isEmpty() && !replay.startsWith("$")) {
            check(Long.parseLong(replay), property);
            return;
        }
        for (int i = 1; i <= count; i++) {
            check(i * GOLDEN_RATIO, property);
        }
    }

    private static void check(long seed, Property property) {
        try {
            property.check(seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("failed with seed " + seed + "; replay it with -Dbindlink.seed=" + seed, e);
        }
    }
}
