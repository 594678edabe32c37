package io.bindlink.core.crypto;

/**
 * Which of the latest packet numbers of one link have been received: a bitmap that slides without shifting, RFC 6479.
 * Numbers under the window count as received. Confined to its session.
 */
public final class ReplayWindow {
    private static final int MAX_BITS = 1 << 24; // 2 MiB; no link reorders more than that

    private final int bits;
    private final long[] words; // a ring; bit number % 64 of word number / 64
    private final int wordMask;
    private long highest = -1;

    /**
     * An empty window.
     *
     * @param bits how many numbers back from the highest one are told apart, 1..2^24
     */
    public ReplayWindow(int bits) {
        if (bits < 1 || bits > MAX_BITS) {
            throw new IllegalArgumentException("a replay window has 1.." + MAX_BITS + " bits, not " + bits);
        }
        this.bits = bits;
        // The window may start within one word and end within another: one word more than its bits fill
        int needed = (bits + Long.SIZE - 1) / Long.SIZE + 1;
        this.words = new long[Integer.highestOneBit(2 * needed - 1)];
        this.wordMask = words.length - 1;
    }

    /**
     * Whether a number is new. Changes nothing: a number may be believed only after its datagram proved authentic.
     *
     * @param number any number
     * @return true when it was not marked and is not under the window
     */
    public boolean check(long number) {
        if (number > highest) {
            return number >= 0;
        }
        return number >= 0 && highest - number < bits && (words[wordIndex(number)] & 1L << number) == 0;
    }

    /**
     * Marks the number of an authentic datagram as received.
     *
     * @param number one that {@link #check} lets pass
     */
    public void mark(long number) {
        if (!check(number)) {
            throw new IllegalStateException("packet number opened twice, or too old: " + number);
        }
        if (number > highest) {
            clearWords(highest >> 6, number >> 6);
            highest = number;
        }
        words[wordIndex(number)] |= 1L << number;
    }

    /**
     * The highest number marked.
     *
     * @return the number, or -1 while there is none
     */
    public long highest() {
        return highest;
    }

    /** Clears the words after the one and up to the other, at most the whole ring. */
    private void clearWords(long after, long upTo) {
        for (long word = Math.max(after, upTo - words.length) + 1; word <= upTo; word++) {
            words[(int) word & wordMask] = 0;
        }
    }

    private int wordIndex(long number) {
        return (int) (number >> 6) & wordMask;
    }
}
