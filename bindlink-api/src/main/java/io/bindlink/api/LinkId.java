package io.bindlink.api;

/**
 * Number of a link within a session, chosen by the slave and carried in every datagram. Immutable.
 *
 * @param value 1..255: it is one byte on the wire, and 0 means "not yet assigned"
 */
public record LinkId(int value) implements Comparable<LinkId> {
    /** The smallest id. */
    public static final int MIN = 1;

    /** The largest id, and so the greatest number of links a session can have. */
    public static final int MAX = 255;

    /**
     * Checks the range.
     *
     * @param value as the component
     */
    public LinkId {
        if (value < MIN || value > MAX) {
            throw new IllegalArgumentException("link id " + value + " is not in " + MIN + ".." + MAX);
        }
    }

    @Override
    public int compareTo(LinkId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
