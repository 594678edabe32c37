package io.bindlink.core.sim;

/*
 * draft-cheng-iccrg-delivery-rate-estimation-02, as in Linux's tcp_rate.c: a sample covers what arrived between the
 * sending of a segment and its acknowledgement, over the longer of the times in which that was sent and acknowledged.
 */

/** Samples the rate at which a modelled sender's segments arrive. Confined to its sender. */
final class DeliverySamples {
    private long arrivedInAll;
    private long arrivedNanos; // of the newest acknowledgement
    private long firstSentNanos; // of the newest segment that was acknowledged: a sample's sending begins there
    private long limitedUntil; // samples are of too little until so many have arrived; 0: they are not

    private long newestNanos; // the segment that this acknowledgement's sample is of: the last one sent
    private long newestEnd;
    private long sendingNanos;
    private long priorNanos;

    void onSent(TcpSegment segment, int underWay, long nowNanos) {
        if (underWay == 0) {
            firstSentNanos = nowNanos;
            arrivedNanos = nowNanos;
        }
        segment.firstSentNanos = firstSentNanos;
        segment.arrivedNanos = arrivedNanos;
        segment.arrivedInAll = arrivedInAll;
        segment.limited = limitedUntil != 0;
        segment.counted = false;
    }

    /** A segment arrived; its time of sending is still that of its last transmission. */
    void onArrived(TcpSegment segment, AckReport ack) {
        arrivedInAll++;
        if (segment.counted) {
            return;
        }
        segment.counted = true;
        if (!ack.sampled || segment.sentAfter(newestNanos, newestEnd)) {
            ack.sampled = true;
            ack.arrivedBeforeSample = segment.arrivedInAll;
            ack.sampleLimited = segment.limited;
            priorNanos = segment.arrivedNanos;
            sendingNanos = segment.sentNanos - segment.firstSentNanos;
            newestNanos = segment.sentNanos;
            newestEnd = segment.end();
            firstSentNanos = segment.sentNanos;
        }
    }

    /** All that an acknowledgement told has been taken in. */
    void complete(AckReport ack) {
        ack.arrivedInAll = arrivedInAll;
        if (limitedUntil != 0 && arrivedInAll > limitedUntil) {
            limitedUntil = 0;
        }
        if (ack.arrived > 0) {
            arrivedNanos = ack.nowNanos;
        }
        if (ack.sampled) {
            ack.sampleSegments = arrivedInAll - ack.arrivedBeforeSample;
            ack.sampleNanos = Math.max(sendingNanos, ack.nowNanos - priorNanos);
            ack.sampled = ack.sampleNanos > 0 && ack.sampleNanos >= ack.leastRoundTripNanos; // else it is of a re-send
        }
    }

    /** What is sent until all of that under way has arrived says nothing of what might be sent. */
    void onLimited(int underWay) {
        limitedUntil = Math.max(1, arrivedInAll + underWay);
    }

    long arrivedInAll() {
        return arrivedInAll;
    }
}
