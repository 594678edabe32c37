package io.bindlink.core.sim;

/** What one acknowledgement told a modelled sender. Reused for the next one. Confined to its sender. */
final class AckReport {
    /** Where a sender stands. */
    enum State {
        OPEN,
        /** Mends losses that later segments revealed. */
        RECOVERY,
        /** Mends losses after a retransmission timeout. */
        LOSS
    }

    long nowNanos;
    State state = State.OPEN;
    boolean newRound; // the first of what was sent in answer to the round before was acknowledged
    boolean advanced; // the edge below which all is acknowledged moved
    int arrived; // segments acknowledged for the first time
    int newlyLost;
    int underWayBefore;
    int underWay;
    long arrivedInAll;
    boolean originalArrived; // a segment that was sent only once
    long firstRoundTripNanos; // of the first segment that arrived and was sent only once; 0: none
    long roundTripNanos; // of the last; 0: none
    long leastRoundTripNanos;
    long smoothedRoundTripNanos;

    // the rate at which segments arrived, as draft-cheng-iccrg-delivery-rate-estimation has it
    boolean sampled; // whether the following mean anything
    long arrivedBeforeSample; // in all, when the newest segment that arrived was sent
    long sampleSegments;
    long sampleNanos;
    boolean sampleLimited; // the sender had sent less than it might have

    void begin(State present, int underWayNow, long now) {
        nowNanos = now;
        state = present;
        newRound = false;
        advanced = false;
        arrived = 0;
        newlyLost = 0;
        underWayBefore = underWayNow;
        originalArrived = false;
        firstRoundTripNanos = 0;
        roundTripNanos = 0;
        sampled = false;
    }

    void onRoundTrip(long nanos) {
        firstRoundTripNanos = firstRoundTripNanos == 0 ? nanos : firstRoundTripNanos;
        roundTripNanos = nanos;
    }
}
