package io.bindlink.core.link;

/**
 * How fast one link may be sent on: the strategy that turns what became of the packets into a pacing rate and a window.
 * Confined to its session.
 */
public interface CongestionControl {
    /**
     * The size of a full datagram on this link, told before the first packet and whenever it changes.
     *
     * @param bytes without UDP and IP headers
     */
    void datagramBytes(int bytes);

    /**
     * A packet was sent.
     *
     * @param nowNanos when
     * @param bytes its size
     * @param inFlightBytes bytes in flight with it
     */
    void onSent(long nowNanos, int bytes, long inFlightBytes);

    /**
     * An acknowledgement brought news.
     *
     * @param sample what it tells; valid during the call
     */
    void onAcked(AckSample sample);

    /**
     * Packets are given up as lost.
     *
     * @param nowNanos when
     * @param bytes their size
     */
    void onLost(long nowNanos, long bytes);

    /**
     * The link is back after it was down: what is known of its rate is doubtful.
     *
     * @param nowNanos when
     */
    void onRestart(long nowNanos);

    /**
     * Over how long a span of sending the next sample of the rate is to be taken.
     *
     * @return nanoseconds, over 0
     */
    long rateSpanNanos();

    /**
     * Most bytes that may be in flight.
     *
     * @return bytes
     */
    long windowBytes();

    /**
     * Rate to pace at now.
     *
     * @return bytes per second, over 0
     */
    long pacingBytesPerSecond();

    /**
     * Estimated rate at which the link delivers.
     *
     * @return bytes per second, over 0
     */
    long rateBytesPerSecond();

    /**
     * Whether that rate is more than a guess: the link was seen under load, not long ago.
     *
     * @param nowNanos the time now
     * @return false for a link that was never filled, or not for a minute
     */
    boolean isProven(long nowNanos);

    /**
     * Estimated delay by the standing queue in the path.
     *
     * @return nanoseconds
     */
    long queueNanos();
}
