package io.bindlink.core.link;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Serial;
import io.bindlink.core.wire.AckBlock;
import java.util.Arrays;

/**
 * The receiving half of a link: what arrived, how far it is settled, and what an acknowledgement says of it. Confined to
 * its session.
 */
final class Receiver {
    private static final int NUMBER_BITS = 32;
    private static final int RECENT = 64; // arrivals whose times are kept; a power of two
    private static final int REPEATS = 8; // acknowledgements that tell of an arrival, in case some are lost
    private static final long UNIT_NANOS = AckBlock.UNIT_MICROS * Rates.NANOS_PER_MICRO;
    private static final long HORIZON_MARGIN_NANOS = 20 * Rates.NANOS_PER_MILLI;
    private static final long NEVER = Long.MAX_VALUE;

    private final int linkId;
    private final ReceivedRanges ranges = new ReceivedRanges();
    private final Reordering reordering = new Reordering();
    private final AckCadence cadence = new AckCadence();
    private final DelaySpread delay = new DelaySpread();
    private final long[] recentNumber = new long[RECENT];
    private final long[] recentNanos = new long[RECENT];
    private final long[] toldBelow = new long[REPEATS];
    private int toldIndex;

    private long packets;
    private long bytes;
    private int congestionMarks;
    private int newSinceAck;
    private long lastHeardNanos = Long.MIN_VALUE;

    private long horizonNumber = -1;
    private long horizonSentNanos;
    private long horizonDueNanos = NEVER;

    Receiver(int linkId) {
        this.linkId = linkId;
        Arrays.fill(recentNumber, -1);
    }

    void onReceived(long number, long sentNanos, int size, boolean eliciting, boolean marked, long nowNanos) {
        packets++;
        bytes += size;
        lastHeardNanos = nowNanos;
        newSinceAck++;
        reordering.fade(nowNanos);
        boolean inOrder = number == ranges.largest() + 1;
        if (number < ranges.settled()) {
            onLate(number, sentNanos, nowNanos);
        }
        ranges.add(number, sentNanos, nowNanos);
        if (number > recentNumber[slot(number)]) {
            recentNumber[slot(number)] = number;
            recentNanos[slot(number)] = nowNanos;
        }
        if (number == ranges.largest()) {
            delay.add(nowNanos - sentNanos, nowNanos);
        }
        settle(nowNanos, false);
        if (eliciting) {
            cadence.onEliciting(nowNanos);
        }
        if (marked) {
            congestionMarks++;
        }
        if (eliciting && (marked || !inOrder)) {
            cadence.onUrgent(nowNanos);
        }
    }

    /** It was given up: more patience next time, and tell of it again. */
    private void onLate(long number, long sentNanos, long nowNanos) {
        long lateness = nowNanos - sentNanos - delay.latestNanos();
        reordering.learn(Math.max(0, lateness), ranges.largest() - number, nowNanos);
        for (int i = 0; i < REPEATS; i++) {
            toldBelow[i] = Math.min(toldBelow[i], number);
        }
    }

    private void settle(long nowNanos, boolean byTime) {
        ranges.settle(reordering.nanos(), nowNanos, byTime);
        if (ranges.settled() > horizonNumber && horizonDueNanos != NEVER) {
            ranges.settle(ranges.settled(), horizonSentNanos);
            horizonDueNanos = NEVER;
        }
    }

    void handleHorizon(long lastNumberLow, long lastSentNanos, long carrierSentNanos, long nowNanos) {
        long last = Serial.expand(Math.max(ranges.largest(), ranges.settled() - 1), lastNumberLow, NUMBER_BITS);
        if (last < ranges.settled()) {
            if (last >= ranges.largest()) {
                ranges.settle(ranges.settled(), carrierSentNanos);
            }
            return;
        }
        if (horizonDueNanos != NEVER && last < horizonNumber) {
            return;
        }
        horizonNumber = last;
        horizonSentNanos = carrierSentNanos;
        long patience = HORIZON_MARGIN_NANOS + 4 * delay.deviationNanos() + reordering.nanos();
        horizonDueNanos = ranges.count() == 0
                ? nowNanos + Reordering.MAX_NANOS
                : Math.max(nowNanos, lastSentNanos + delay.smoothedNanos()) + patience;
    }

    /** Gaps and horizons settle by time too. */
    void handleTimeout(long nowNanos) {
        long before = ranges.settled();
        settle(nowNanos, true);
        if (horizonDueNanos != NEVER && nowNanos - horizonDueNanos >= 0) {
            ranges.settle(horizonNumber + 1, horizonSentNanos);
            horizonDueNanos = NEVER;
        }
        if (ranges.settled() != before && packets > 0) {
            cadence.onUrgent(nowNanos); // the sender need not wait for its own timers
        }
    }

    long pollTimeout() {
        long gap = ranges.oldestGapNanos();
        long gapDue = gap == NEVER ? NEVER : gap + reordering.nanos();
        return Math.min(gapDue, horizonDueNanos);
    }

    void requestAck(long nowNanos) {
        cadence.onUrgent(nowNanos);
    }

    boolean fillAck(AckBlock block, long nowNanos) {
        if (ranges.count() == 0) {
            return false;
        }
        long largest = ranges.largest();
        long arrival = arrivalNanos(largest);
        block.clear();
        block.linkId = linkId;
        block.largest = largest;
        block.arrivalMicros = PeerClock.stamp(arrival);
        block.delayUnits = (int) Math.min(AckBlock.MAX_DELAY_UNITS, Math.max(0, nowNanos - arrival) / UNIT_NANOS);
        block.receivedBytes = bytes;
        block.settled = ranges.settled();
        block.congestionMarks = congestionMarks & 0xFFFF;
        fillRanges(block);
        fillDeltas(block, largest, arrival);
        return true;
    }

    private void fillRanges(AckBlock block) {
        int top = ranges.count() - 1;
        long run = ranges.high(top) - ranges.low(top);
        block.firstRun = (int) Math.min(AckBlock.MAX_RUN, run);
        if (run > AckBlock.MAX_RUN) {
            return;
        }
        for (int i = top - 1; i >= 0; i--) {
            long missing = ranges.low(i + 1) - ranges.high(i) - 1;
            long received = ranges.high(i) - ranges.low(i) + 1;
            if (!block.addRange(missing, Math.min(AckBlock.MAX_RUN, received)) || received > AckBlock.MAX_RUN) {
                return;
            }
        }
    }

    private void fillDeltas(AckBlock block, long largest, long largestArrival) {
        int wanted = Math.min(AckBlock.MAX_DELTAS, newSinceAck - 1);
        long later = largestArrival;
        int range = ranges.count() - 1;
        long number = largest;
        for (int i = 0; i < wanted; i++) {
            number--;
            if (number < ranges.low(range)) {
                if (--range < 0 || range < ranges.count() - 1 - block.rangeCount()) {
                    return;
                }
                number = ranges.high(range);
            }
            if (recentNumber[slot(number)] != number) {
                return;
            }
            long units = (later - arrivalNanos(number)) / UNIT_NANOS;
            if (units < 0 || units >= AckBlock.UNKNOWN_DELTA) {
                return; // overtaken: the chain of differences ends here
            }
            block.addDelta((int) units);
            later -= units * UNIT_NANOS; // what the peer will compute, so that rounding does not add up
        }
    }

    void onAckSent() {
        cadence.onAckSent();
        newSinceAck = 0;
        toldBelow[toldIndex] = ranges.settled();
        toldIndex = (toldIndex + 1) % REPEATS;
        ranges.forgetBelow(toldBelow[toldIndex]);
    }

    boolean ackPending() {
        return cadence.pending();
    }

    int ackWaiting() {
        return cadence.waiting();
    }

    boolean ackUrgent() {
        return cadence.urgent();
    }

    long ackDueNanos() {
        return cadence.dueNanos();
    }

    long settledSentNanos() {
        return ranges.settledSentNanos();
    }

    long settled() {
        return ranges.settled();
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }

    private long arrivalNanos(long number) {
        return recentNanos[slot(number)];
    }

    private static int slot(long number) {
        return (int) (number & (RECENT - 1));
    }
}
