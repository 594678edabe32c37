package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a modelled QUIC connection that always has something to send, RFC 9002: every transmission has a
 * number of its own; a packet is lost when one three numbers later was acknowledged, or after 9/8 of a round trip, and no
 * reordering ever changes that; CUBIC (RFC 9438), paced. Confined to its flow.
 */
final class QuicSender {
    private static final int PACKET_THRESHOLD = 3; // section 6.1.1
    private static final long GRANULARITY_NANOS = Rates.NANOS_PER_MILLI; // section 6.1.2
    private static final long FIRST_ROUND_TRIP_NANOS = 333 * Rates.NANOS_PER_MILLI; // section 6.2.2
    private static final long ACK_DELAY_NANOS = 25 * Rates.NANOS_PER_MILLI; // RFC 9000 section 18.2
    private static final int PROBES = 2; // section 6.2.4
    private static final int PERSISTENT_PROBES = 3; // section 7.6.1
    private static final double PACING_GAIN = 1.25; // section 7.7

    private final SendingWindow window = new CubicWindow(PACING_GAIN);
    private final SendPacing pacing = new SendPacing(window);
    private final Deque<Sent> flight = new ArrayDeque<>(); // in order of numbers
    private final Deque<Long> lostOffsets = new ArrayDeque<>();
    private final AckReport ack = new AckReport();
    private long nextNumber;
    private long nextOffset;
    private long largestAcked = -1;
    private long roundEnd;
    private long recoverySinceNanos = Long.MIN_VALUE; // losses of what was sent before belong to the same event
    private long recoveryEnd; // number
    private long latestNanos;
    private long smoothedNanos;
    private long varianceNanos;
    private long leastNanos = Long.MAX_VALUE;
    private long lossNanos = Long.MAX_VALUE; // when the next packet counts as lost by time
    private long probeNanos = Long.MAX_VALUE;
    private int probesDue;
    private int probeTimeouts; // in a row
    private long lostPackets;
    private long spurious; // taken for lost, then acknowledged
    private final Deque<Long> given = new ArrayDeque<>(); // numbers taken for lost lately

    /** A packet on its way: its number, the payload's place in the stream, and when it left. */
    record Sent(long number, long offset, long sentNanos) {}

    /** The next packet that window and pace let out; null when they let out none. It counts as sent. */
    @Nullable
    Sent poll(int payloadBytes, long nowNanos) {
        if (probesDue > 0) {
            probesDue--;
        } else if (flight.size() + 1 > window.segments()) {
            pacing.onBlocked();
            return null;
        } else if (!pacing.opens(nowNanos)) {
            return null;
        } else {
            pacing.onSent();
        }
        Long again = lostOffsets.pollFirst();
        Sent sent = new Sent(nextNumber++, again == null ? nextOffset : again, nowNanos);
        nextOffset += again == null ? payloadBytes : 0;
        flight.addLast(sent);
        window.onSent();
        armProbe(nowNanos);
        return sent;
    }

    /** The receiver has {@code count} ranges of numbers, first and last, the highest first; it held them back so long. */
    void handleAck(long[] ranges, int count, long heldNanos, long nowNanos) {
        if (count == 0 || ranges[1] >= nextNumber) {
            return;
        }
        ack.begin(AckReport.State.OPEN, flight.size(), nowNanos);
        if (ranges[1] >= roundEnd) {
            roundEnd = nextNumber;
            ack.newRound = true;
        }
        boolean newest = ranges[1] > largestAcked;
        largestAcked = Math.max(largestAcked, ranges[1]);
        for (Iterator<Sent> sent = flight.iterator(); sent.hasNext(); ) {
            Sent packet = sent.next();
            if (covers(ranges, count, packet.number())) {
                sent.remove();
                ack.arrived++;
                if (newest && packet.number() == largestAcked) {
                    onRoundTrip(nowNanos - packet.sentNanos(), heldNanos);
                }
            }
        }
        given.removeIf(number -> covers(ranges, count, number) && ++spurious > 0);
        if (ack.arrived > 0) {
            probeTimeouts = 0;
            detectLosses(nowNanos);
            control();
            armProbe(nowNanos);
        }
    }

    long pollTimeout() {
        long nanos = Math.min(lossNanos, probeNanos);
        return flight.size() + 1 <= window.segments() ? Math.min(nanos, pacing.nextNanos()) : nanos;
    }

    void handleTimeout(long nowNanos) {
        if (lossNanos <= nowNanos) {
            detectLosses(nowNanos);
        }
        if (probeNanos <= nowNanos) {
            probeTimeouts++;
            probesDue = PROBES;
            Sent oldest = flight.peekFirst();
            if (oldest != null && !lostOffsets.contains(oldest.offset())) {
                lostOffsets.addFirst(oldest.offset()); // a probe had better carry what is missing
            }
            if (probeTimeouts == PERSISTENT_PROBES) {
                window.onTimeout(true, 1); // section 7.6: the least window
            }
            armProbe(nowNanos);
        }
    }

    double windowSegments() {
        return window.segments();
    }

    long roundTripNanos() {
        return smoothedNanos;
    }

    long lostPackets() {
        return lostPackets;
    }

    long spuriousLosses() {
        return spurious;
    }

    private static boolean covers(long[] ranges, int count, long number) {
        for (int i = 0; i < count; i++) {
            if (number >= ranges[2 * i] && number <= ranges[2 * i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Section 5.3. */
    private void onRoundTrip(long nanos, long heldNanos) {
        leastNanos = Math.min(leastNanos, nanos);
        latestNanos = nanos - leastNanos >= heldNanos ? nanos - heldNanos : nanos;
        if (smoothedNanos == 0) {
            smoothedNanos = latestNanos;
            varianceNanos = latestNanos / 2;
        } else {
            varianceNanos += (Math.abs(smoothedNanos - latestNanos) - varianceNanos) / 4;
            smoothedNanos += (latestNanos - smoothedNanos) / 8;
        }
        ack.onRoundTrip(latestNanos);
    }

    private void detectLosses(long nowNanos) {
        lossNanos = Long.MAX_VALUE;
        long patience = Math.max(GRANULARITY_NANOS, 9 * Math.max(latestNanos, smoothedNanos) / 8);
        boolean event = false;
        for (Iterator<Sent> sent = flight.iterator(); sent.hasNext(); ) {
            Sent packet = sent.next();
            if (packet.number() >= largestAcked) {
                break;
            }
            long dueNanos = packet.sentNanos() + patience;
            if (largestAcked - packet.number() >= PACKET_THRESHOLD || dueNanos <= nowNanos) {
                sent.remove();
                lose(packet);
                event |= packet.sentNanos() > recoverySinceNanos;
            } else {
                lossNanos = Math.min(lossNanos, dueNanos);
            }
        }
        if (event) {
            recoverySinceNanos = nowNanos;
            recoveryEnd = nextNumber;
            window.onRecovery(flight.size());
            window.onRecoveryEnd(); // no gradual reduction: section 7.3.2 leaves the way down open
        }
    }

    private void lose(Sent packet) {
        lostPackets++;
        lostOffsets.addLast(packet.offset());
        given.addLast(packet.number());
        if (given.size() > 1000) {
            given.removeFirst();
        }
    }

    /** The window grows but for what was sent before the recovery. */
    private void control() {
        ack.smoothedRoundTripNanos = smoothedNanos;
        ack.underWay = flight.size();
        if (largestAcked < recoveryEnd) {
            ack.arrived = 0;
        }
        window.onAcked(ack);
    }

    /** Section 6.2.1. */
    private void armProbe(long nowNanos) {
        if (flight.isEmpty()) {
            probeNanos = Long.MAX_VALUE;
            return;
        }
        long nanos = smoothedNanos == 0
                ? 2 * FIRST_ROUND_TRIP_NANOS
                : smoothedNanos + Math.max(4 * varianceNanos, GRANULARITY_NANOS) + ACK_DELAY_NANOS;
        probeNanos = nowNanos + (nanos << Math.min(probeTimeouts, 10));
    }
}
