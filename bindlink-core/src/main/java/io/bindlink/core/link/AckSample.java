package io.bindlink.core.link;

/** What one acknowledgement tells a congestion control. Filled anew for each; confined to its session. */
public final class AckSample {
    /** When the acknowledgement came, on our clock. */
    long nowNanos;
    /** Bytes newly delivered. */
    long deliveredBytes;
    /** Rate of delivery, over about a round trip; 0 when there is no sample yet. */
    long rateBytesPerSecond;
    /** Whether the source had nothing to send during the span of the rate. */
    boolean appLimited;
    /** One-way delay of the largest newly acknowledged packet: the peer's clock minus ours. Only differences count. */
    long oneWayDelayNanos;
    /** Smoothed round-trip time. */
    long rttNanos;
    /** Least round-trip time lately. */
    long minRttNanos;
    /** Mean deviation of the one-way delay. */
    long jitterNanos;
    /** Bytes in flight after this acknowledgement. */
    long inFlightBytes;
    /** Share of packets lost lately. */
    double lossRatio;
    /** Whether a new round trip begins: all that was in flight when the last one began is now accounted for. */
    boolean roundStart;
    /** Packets newly marked with congestion experienced. */
    int ceMarks;

    AckSample() {}
}
