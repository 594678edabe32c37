package io.bindlink.core.link;

/**
 * What one acknowledgement tells a congestion control. Filled anew for each, valid during the call. Confined to its
 * session.
 */
public final class AckSample {
    long nowNanos;
    long sentNanos;
    long deliveredBytes;
    long rateBytesPerSecond;
    long arrivalBytesPerSecond;
    boolean appLimited;
    boolean constrained;
    long oneWayDelayNanos;
    long wayBackNanos;
    long rttNanos;
    long inFlightBytes;
    double lossRatio;
    int congestionMarks;

    AckSample() {}

    /**
     * When the acknowledgement came.
     *
     * @return on our clock
     */
    public long nowNanos() {
        return nowNanos;
    }

    /**
     * When the newest of the packets now acknowledged was sent: all effects of what was done before show by now.
     *
     * @return on our clock
     */
    public long sentNanos() {
        return sentNanos;
    }

    /**
     * Bytes newly delivered.
     *
     * @return bytes, over 0
     */
    public long deliveredBytes() {
        return deliveredBytes;
    }

    /**
     * Rate of delivery over about {@link CongestionControl#rateSpanNanos}.
     *
     * @return bytes per second; 0 when there is no sample yet
     */
    public long rateBytesPerSecond() {
        return rateBytesPerSecond;
    }

    /**
     * Rate at which packets arrived over about {@link CongestionControl#rateSpanNanos}, however they were sent: the link's
     * capacity, if a queue stood all the while.
     *
     * @return bytes per second; 0 when there is no sample yet
     */
    public long arrivalBytesPerSecond() {
        return arrivalBytesPerSecond;
    }

    /**
     * Whether the source had nothing to send during part of that span: then the link may be faster.
     *
     * @return true when the rate is only a lower bound
     */
    public boolean appLimited() {
        return appLimited;
    }

    /**
     * Whether more would have been sent in that span, had the link let it: what was not is waiting or went elsewhere.
     *
     * @return true when demand is there for a higher rate
     */
    public boolean constrained() {
        return constrained;
    }

    /**
     * Least one-way delay among the packets now acknowledged, as the peer's clock minus ours: only differences count.
     *
     * @return nanoseconds
     */
    public long oneWayDelayNanos() {
        return oneWayDelayNanos;
    }

    /**
     * What is left of the round trip without that one-way delay, as our clock minus the peer's: it changes when
     * acknowledgements take to another link.
     *
     * @return nanoseconds
     */
    public long wayBackNanos() {
        return wayBackNanos;
    }

    /**
     * Smoothed round-trip time.
     *
     * @return nanoseconds, over 0
     */
    public long rttNanos() {
        return rttNanos;
    }

    /**
     * Bytes in flight after this acknowledgement.
     *
     * @return bytes
     */
    public long inFlightBytes() {
        return inFlightBytes;
    }

    /**
     * Share of packets lost lately.
     *
     * @return 0.0..1.0
     */
    public double lossRatio() {
        return lossRatio;
    }

    /**
     * Packets newly reported with a congestion mark.
     *
     * @return 0 or more
     */
    public int congestionMarks() {
        return congestionMarks;
    }
}
