package io.bindlink.core.base;

/**
 * Serial-number arithmetic: finds the full number behind its low bits, given a number it must be near (in the manner of
 * RFC 9000 appendix A.3). Immutable.
 */
public final class Serial {
    private Serial() {}

    /**
     * Expands low bits to the number nearest to a reference.
     *
     * @param reference a number at most half the range away from the one meant
     * @param low the low bits, as received
     * @param bits how many, 1..32
     * @return the number whose low {@code bits} bits equal {@code low} and which is nearest to {@code reference}; it may
     *     be negative
     */
    public static long expand(long reference, long low, int bits) {
        long range = 1L << bits;
        long distance = (low - reference) & (range - 1);
        return distance >= range >>> 1 ? reference + distance - range : reference + distance;
    }
}
