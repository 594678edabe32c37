package io.bindlink.core.sim;

/** A run of bytes that a modelled TCP sender keeps until it is acknowledged. Confined to its sender. */
final class TcpSegment {
    final long sequence;
    final int bytes;
    long sentNanos; // the newest transmission
    boolean sacked;
    boolean lost; // and not sent again yet
    boolean resent; // at any time

    // how things stood when it was last sent, for the sample of the delivery rate
    long firstSentNanos;
    long arrivedNanos;
    long arrivedInAll;
    boolean limited;
    boolean counted; // in a sample

    TcpSegment(long sequence, int bytes) {
        this.sequence = sequence;
        this.bytes = bytes;
    }

    long end() {
        return sequence + bytes;
    }

    /** Whether its newest transmission is later than another's, or as late and of later bytes. */
    boolean sentAfter(long otherNanos, long otherEnd) {
        return sentNanos > otherNanos || (sentNanos == otherNanos && end() > otherEnd);
    }
}
