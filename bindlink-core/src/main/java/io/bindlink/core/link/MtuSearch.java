package io.bindlink.core.link;

/**
 * Search for the largest datagram a link carries, in the manner of RFC 8899: 1200 bytes first, then the full size, then
 * halves of what is between. Confined to its session.
 */
public final class MtuSearch {
    /** Smallest size every link is expected to carry. */
    public static final int BASE_BYTES = 1200;

    /**
     * A search that knows nothing yet.
     *
     * @param maxBytes largest datagram to try, without UDP and IP headers
     * @param nowNanos the time now
     */
    public MtuSearch(int maxBytes, long nowNanos) {}

    /**
     * Size of the probe to send now.
     *
     * @param nowNanos the time now
     * @return bytes of the whole datagram; 0 when none is due
     */
    public int probeBytes(long nowNanos) {
        return 0;
    }

    /**
     * A probe was sent.
     *
     * @param bytes its size
     * @param timeoutNanos how long to wait for its answer
     * @param nowNanos when
     */
    public void onProbeSent(int bytes, long timeoutNanos, long nowNanos) {}

    /**
     * The peer answered a probe or acknowledged a datagram.
     *
     * @param bytes size in which it arrived
     */
    public void onReply(int bytes) {}

    /**
     * When to ask {@link #probeBytes} again.
     *
     * @return a time; {@link Long#MAX_VALUE} when the search rests for good
     */
    public long pollTimeout() {
        return Long.MAX_VALUE;
    }

    /**
     * Largest datagram known to pass.
     *
     * @return bytes without UDP and IP headers; {@link #BASE_BYTES} before the first answer
     */
    public int datagramBytes() {
        return BASE_BYTES;
    }
}
