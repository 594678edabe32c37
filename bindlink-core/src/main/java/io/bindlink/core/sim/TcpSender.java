package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a modelled TCP connection that always has something to send: CUBIC, selective acknowledgements,
 * loss by three later segments or by time (RFC 8985), proportional rate reduction (RFC 6937), retransmission timeout
 * (RFC 6298). Confined to its flow.
 */
final class TcpSender {
    private static final int DUPLICATE_THRESHOLD = 3;
    private static final long LEAST_TIMEOUT_NANOS = 200 * Rates.NANOS_PER_MILLI; // Linux's; RFC 6298 says 1 s
    private static final long MOST_TIMEOUT_NANOS = 60 * Rates.NANOS_PER_SECOND;
    private static final long FIRST_TIMEOUT_NANOS = Rates.NANOS_PER_SECOND;

    private final int segmentBytes;
    private final CubicWindow window = new CubicWindow();
    private final Deque<Segment> flight = new ArrayDeque<>(); // in order of sequence, from the first unacknowledged
    private long nextSequence;
    private int pipe; // segments neither acknowledged nor lost
    private int sacked;
    private int lost;
    private long recoveryEnd; // the sequence that ends the recovery under way
    private boolean afterTimeout; // that recovery followed a timeout: the window grows meanwhile
    private double allowance; // segments that fast recovery lets out
    private double reduction; // how many go out for each that arrives while more than the window are under way
    private long roundEnd;
    private long newestSentNanos; // send time of the newest segment that arrived
    private long smoothedNanos;
    private long varianceNanos;
    private long leastNanos = Long.MAX_VALUE;
    private int backoff;
    private long deadlineNanos = Long.MAX_VALUE;
    private long retransmissions;
    private long timeouts;

    /** A run of bytes on its way. */
    static final class Segment {
        final long sequence;
        private long sentNanos;
        private boolean sacked;
        private boolean lost;
        private boolean resent;

        Segment(long sequence) {
            this.sequence = sequence;
        }
    }

    TcpSender(int segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** The next segment the window lets out, lost ones first; null when it lets out none. It counts as sent. */
    @Nullable
    Segment poll(long nowNanos) {
        boolean reducing = inRecovery() && !afterTimeout;
        if (reducing ? allowance < 1 : pipe + 1 > window.segments()) {
            return null;
        }
        allowance -= reducing ? 1 : 0;
        Segment segment = lost > 0 ? firstLost() : null;
        if (segment == null) {
            segment = new Segment(nextSequence);
            nextSequence += segmentBytes;
            flight.addLast(segment);
        }
        segment.sentNanos = nowNanos;
        pipe++;
        if (deadlineNanos == Long.MAX_VALUE) {
            deadlineNanos = nowNanos + timeoutNanos();
        }
        return segment;
    }

    /** What the receiver has: everything below {@code acknowledged}, and {@code blocks} pairs of begin and end. */
    void handleAck(long acknowledged, long[] sackBlocks, int blocks, long nowNanos) {
        if (acknowledged > nextSequence) {
            return;
        }
        if (acknowledged > roundEnd) { // the first of what was sent in answer to the round before
            roundEnd = nextSequence;
            window.onRound(nowNanos);
        }
        int arrived = 0;
        boolean advanced = !flight.isEmpty() && flight.getFirst().sequence < acknowledged;
        while (!flight.isEmpty() && flight.getFirst().sequence < acknowledged) {
            Segment segment = flight.removeFirst();
            sacked -= segment.sacked ? 1 : 0;
            arrived += onArrived(segment, nowNanos) ? 1 : 0;
        }
        for (int i = 0; i < blocks; i++) {
            arrived += handleBlock(sackBlocks[2 * i], sackBlocks[2 * i + 1], nowNanos);
        }
        if (arrived > 0) {
            backoff = 0;
            deadlineNanos = flight.isEmpty() ? Long.MAX_VALUE : nowNanos + timeoutNanos();
            if (!inRecovery() || afterTimeout) {
                window.onAcked(arrived, smoothedNanos, nowNanos);
            }
            if (sacked > 0 || lost > 0) {
                detectLosses();
            }
            if (inRecovery() && !afterTimeout) {
                allow(arrived, advanced);
            }
        }
    }

    long pollTimeout() {
        return deadlineNanos;
    }

    /** The retransmission timeout: all that is not acknowledged counts as lost. */
    void handleTimeout(long nowNanos) {
        timeouts++;
        window.onTimeout(!inRecovery());
        backoff++;
        recoveryEnd = nextSequence;
        afterTimeout = true;
        pipe = 0;
        lost = 0;
        for (Segment segment : flight) {
            segment.lost = !segment.sacked;
            lost += segment.lost ? 1 : 0;
        }
        deadlineNanos = nowNanos + timeoutNanos();
    }

    double windowSegments() {
        return window.segments();
    }

    long roundTripNanos() {
        return smoothedNanos;
    }

    long retransmissions() {
        return retransmissions;
    }

    long timeouts() {
        return timeouts;
    }

    private boolean inRecovery() {
        return !flight.isEmpty() && flight.getFirst().sequence < recoveryEnd;
    }

    /** RFC 6937 section 3, with slow-start reduction bound when the acknowledged edge moves. */
    private void allow(int arrived, boolean advanced) {
        double spare = window.segments() - pipe;
        allowance = spare < 0
                ? allowance + arrived * reduction
                : Math.min(spare, Math.max(allowance, 0) + arrived + (advanced ? 1 : 0));
    }

    private @Nullable Segment firstLost() {
        for (Segment segment : flight) {
            if (segment.lost) {
                segment.lost = false;
                segment.resent = true;
                lost--;
                retransmissions++;
                return segment;
            }
        }
        return null;
    }

    private int handleBlock(long begin, long end, long nowNanos) {
        int arrived = 0;
        for (Segment segment : flight) {
            if (segment.sequence >= end) {
                break;
            }
            if (segment.sequence >= begin && onArrived(segment, nowNanos)) {
                segment.sacked = true;
                sacked++;
                arrived++;
            }
        }
        return arrived;
    }

    /** Takes a segment out of the accounts; false when it was told before. */
    private boolean onArrived(Segment segment, long nowNanos) {
        if (segment.sacked) {
            return false;
        }
        if (segment.lost) {
            segment.lost = false;
            lost--;
        } else {
            pipe--;
        }
        if (!segment.resent) { // Karn: of a resent one nobody knows which arrived
            onRoundTrip(nowNanos - segment.sentNanos, nowNanos);
            newestSentNanos = Math.max(newestSentNanos, segment.sentNanos);
        } else if (nowNanos - segment.sentNanos >= leastNanos) {
            newestSentNanos = Math.max(newestSentNanos, segment.sentNanos);
        }
        return true;
    }

    private void onRoundTrip(long rttNanos, long nowNanos) {
        leastNanos = Math.min(leastNanos, rttNanos);
        if (smoothedNanos == 0) {
            smoothedNanos = rttNanos;
            varianceNanos = rttNanos / 2;
        } else {
            varianceNanos += (Math.abs(smoothedNanos - rttNanos) - varianceNanos) / 4;
            smoothedNanos += (rttNanos - smoothedNanos) / 8;
        }
        window.onRoundTrip(rttNanos, nowNanos);
    }

    private void detectLosses() {
        int above = sacked;
        boolean news = false;
        long reorderNanos = leastNanos / 4; // RFC 8985 section 6.2
        for (Segment segment : flight) {
            above -= segment.sacked ? 1 : 0;
            if (segment.sacked || segment.lost) {
                continue;
            }
            boolean passed = !segment.resent && above >= DUPLICATE_THRESHOLD;
            if (passed || newestSentNanos - segment.sentNanos > reorderNanos) {
                segment.lost = true;
                lost++;
                pipe--;
                news = true;
            } else if (above == 0) {
                break;
            }
        }
        if (news && !inRecovery()) {
            window.onCongestion();
            reduction = window.segments() / flight.size();
            allowance = 1; // the first re-send goes at once
            recoveryEnd = nextSequence;
            afterTimeout = false;
        }
    }

    private long timeoutNanos() {
        long nanos = smoothedNanos == 0
                ? FIRST_TIMEOUT_NANOS
                : Math.max(LEAST_TIMEOUT_NANOS, smoothedNanos + 4 * varianceNanos);
        return Math.min(MOST_TIMEOUT_NANOS, nanos << Math.min(backoff, 6));
    }
}
