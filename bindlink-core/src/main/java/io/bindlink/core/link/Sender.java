package io.bindlink.core.link;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Serial;
import io.bindlink.core.wire.AckBlock;

/**
 * The sending half of a link: what is in flight, what acknowledgements say of it, and what they teach about time, rate
 * and loss. Confined to its session.
 */
final class Sender {
    private static final int NUMBER_BITS = 32;
    private static final long UNIT_NANOS = AckBlock.UNIT_MICROS * Rates.NANOS_PER_MICRO;
    private static final long BYTES_MASK = (1L << 48) - 1;
    private static final int MARKS_MASK = 0xFFFF;
    private static final int LOSS_PACKETS = 3; // RFC 9002 section 6.1.1
    private static final int RATE_DATAGRAMS = 8; // fewer say little of a rate
    private static final int MUCH_DATAGRAMS = 8; // under way: an answer each eighth of a round trip
    private static final long IDLE_NANOS = 5 * Rates.NANOS_PER_MILLI; // timers and busy machines are not that late
    private static final double LOSS_WEIGHT = 1.0 / 128;
    private static final long NEVER = Long.MAX_VALUE;

    private final CongestionControl control;
    private final PeerClock peerClock;
    private final Pacer pacer;
    private final SentLedger ledger;
    private final LostNumbers lost = new LostNumbers();
    private final RttEstimator rtt = new RttEstimator();
    private final DelaySpread delay = new DelaySpread();
    private final WindowedMin leastDelay = new WindowedMin(5, 200 * Rates.NANOS_PER_MILLI);
    private final DeliveryRate delivery = new DeliveryRate();
    private final Reordering reordering = new Reordering();
    private final Demand demand = new Demand();
    private final AckSample sample = new AckSample();

    private int datagramBytes = MtuSearch.BASE_BYTES;
    private long sentBytes;
    private long lostPackets;
    private double lossRatio;

    private long largestAcked = -1;
    private long runLow = -1; // the first run of the newest block: all its numbers have their fate
    private long runHigh = -2;
    private long settled;
    private long receivedBytes;
    private int congestionMarks;

    private long ackedNow; // figures of the block at hand
    private long newestAckedNow;

    Sender(CongestionControl control, PeerClock peerClock, long firstNumber, long nowNanos) {
        this.control = control;
        this.peerClock = peerClock;
        this.ledger = new SentLedger(firstNumber);
        this.pacer = new Pacer(nowNanos);
        control.datagramBytes(datagramBytes);
    }

    // ---- sending ----

    void onSent(long number, int bytes, boolean eliciting, boolean payload, long nowNanos) {
        if (number != ledger.next()) {
            throw new IllegalStateException("packet " + number + " sent, but the next one is " + ledger.next());
        }
        boolean afterPause = demand.onSent(eliciting, payload, !ledger.hasOpen() && pacerWaits(nowNanos));
        ledger.add(bytes, eliciting, payload, afterPause, nowNanos);
        sentBytes += bytes;
        pacer.onSent(bytes, datagramBytes, control.pacingBytesPerSecond(), nowNanos);
        control.onSent(nowNanos, bytes, ledger.openBytes());
    }

    /** Whether the pacer has long let go, so that it was the source that sent nothing. */
    private boolean pacerWaits(long nowNanos) {
        return nowNanos - pacer.readyAtNanos() > IDLE_NANOS;
    }

    boolean hasRoom(long nowNanos) {
        return nowNanos - pacer.readyAtNanos() >= 0
                && ledger.openBytes() + datagramBytes <= control.windowBytes()
                && !ledger.isFull();
    }

    void onAppLimited() {
        demand.onPause();
    }

    void onRefused() {
        demand.onRefused();
    }

    void datagramBytes(int bytes) {
        datagramBytes = bytes;
        control.datagramBytes(bytes);
    }

    // ---- acknowledgements ----

    /**
     * Takes a block in. All it says are facts that stay true, so an older block only adds what it knows.
     *
     * @return when the newest of the packets it newly acknowledges was sent; {@link Long#MIN_VALUE} for none
     */
    long handleAck(AckBlock block, long nowNanos, LinkFeedback out) {
        long largest = Serial.expand(ledger.next() - 1, block.largest, NUMBER_BITS);
        long peerSettled = Serial.expand(ledger.next() - 1, block.settled, NUMBER_BITS);
        if (largest < 0 || largest >= ledger.next() || peerSettled > ledger.next() || !ledger.holds(largest)) {
            return Long.MIN_VALUE; // of packets never sent, or forgotten since
        }
        boolean newer = largest > largestAcked;
        long arrival = peerClock.expand(block.arrivalMicros);
        ackedNow = 0;
        newestAckedNow = -1;
        long leastNow = leastDelay(block, largest, arrival, newer, nowNanos);
        markAcked(block, largest, out);
        markLate(block, largest, nowNanos, out);
        settled = Math.max(settled, peerSettled);
        if (newer) {
            largestAcked = largest;
            measureRtt(block, largest, nowNanos);
        }
        updateReceivedBytes(block.receivedBytes);
        detectLosses(nowNanos, out);
        if (newer && ackedNow > 0) {
            delivery.leastBytes(RATE_DATAGRAMS * (long) datagramBytes);
            delivery.add(largest, ledger.sentNanos(largest), arrival, receivedBytes, control.rateSpanNanos());
            inform(block, largest, arrival, leastNow, nowNanos);
        }
        return newestAckedNow < 0 ? Long.MIN_VALUE : ledger.sentNanos(newestAckedNow);
    }

    /** Walks the arrival times the block gives, and returns the least delay among packets it newly acknowledges. */
    private long leastDelay(AckBlock block, long largest, long largestArrival, boolean newer, long nowNanos) {
        long least = NEVER;
        long arrival = largestArrival;
        long number = largest;
        long runLeft = block.firstRun;
        int range = 0;
        for (int i = 0; ledger.holds(number); i++) {
            if (ledger.isOpen(number) || (newer && number == largest)) {
                long oneWay = arrival - ledger.sentNanos(number);
                least = Math.min(least, oneWay);
                delay.add(oneWay, nowNanos);
                leastDelay.add(oneWay, nowNanos);
            }
            if (i == block.deltaCount() || block.delta(i) == AckBlock.UNKNOWN_DELTA) {
                break;
            }
            arrival -= block.delta(i) * UNIT_NANOS;
            number--;
            if (runLeft-- == 0) {
                if (range == block.rangeCount()) {
                    break;
                }
                number -= block.gap(range);
                runLeft = block.run(range++) - 1L;
            }
        }
        return least;
    }

    private void markAcked(AckBlock block, long largest, LinkFeedback out) {
        long low = largest - block.firstRun;
        if (runHigh <= largest && runLow >= low) {
            ackRun(runHigh + 1, largest, out);
            ackRun(low, runLow - 1, out);
        } else {
            ackRun(low, largest, out);
        }
        if (largest >= runHigh) {
            runLow = low;
            runHigh = largest;
        }
        for (int i = 0; i < block.rangeCount(); i++) {
            long high = low - block.gap(i) - 1;
            low = high - block.run(i) + 1;
            ackRun(low, high, out);
        }
        ledger.raiseFloor();
    }

    private void ackRun(long low, long high, LinkFeedback out) {
        for (long number = high; number >= Math.max(low, ledger.floor()); number--) {
            if (ledger.isOpen(number)) {
                ledger.close(number);
                ackedNow += ledger.bytes(number);
                newestAckedNow = Math.max(newestAckedNow, number);
                lossRatio -= lossRatio * LOSS_WEIGHT;
                tell(number, true, out);
                notePause(number);
            }
        }
    }

    /** Packets given up that the block says arrived. Both lists go downwards side by side. */
    private void markLate(AckBlock block, long largest, long nowNanos, LinkFeedback out) {
        long high = largest;
        long low = largest - block.firstRun;
        int range = 0;
        for (long i = lost.end() - 1; i >= lost.oldest(); i--) {
            long number = lost.number(i);
            while (number < low && range < block.rangeCount()) {
                high = low - block.gap(range) - 1;
                low = high - block.run(range++) + 1;
            }
            if (number < low) {
                break;
            }
            if (number <= high) {
                lost.remove(i);
                onLate(number, nowNanos, out);
            }
        }
        lost.forgetBefore(nowNanos - 4 * rtt.smoothedNanos() - Rates.NANOS_PER_SECOND / 4);
    }

    private void onLate(long number, long nowNanos, LinkFeedback out) {
        lostPackets--;
        lossRatio = Math.max(0, lossRatio - LOSS_WEIGHT);
        if (!ledger.holds(number)) {
            return;
        }
        newestAckedNow = Math.max(newestAckedNow, number);
        long lateness = nowNanos - ledger.sentNanos(number) - rtt.lossDelayNanos();
        reordering.learn(Math.max(0, lateness), largestAcked - number, nowNanos);
        tell(number, true, out);
    }

    private void measureRtt(AckBlock block, long largest, long nowNanos) {
        long roundTrip = nowNanos - ledger.sentNanos(largest) - block.delayUnits * UNIT_NANOS;
        if (block.delayUnits < AckBlock.MAX_DELAY_UNITS && roundTrip > 0) {
            rtt.add(roundTrip, nowNanos);
        }
    }

    private void updateReceivedBytes(long low) {
        long more = (low - receivedBytes) & BYTES_MASK;
        if (more <= sentBytes) { // else it is older than what is known
            receivedBytes += more;
        }
    }

    private void inform(AckBlock block, long largest, long arrival, long leastNow, long nowNanos) {
        int marks = (block.congestionMarks - congestionMarks) & MARKS_MASK;
        congestionMarks = block.congestionMarks;
        sample.nowNanos = nowNanos;
        sample.sentNanos = ledger.sentNanos(largest);
        sample.deliveredBytes = ackedNow;
        sample.rateBytesPerSecond = delivery.rate();
        sample.arrivalBytesPerSecond = delivery.arrivalRate();
        sample.appLimited = delivery.appLimited();
        sample.constrained = demand.constrained();
        sample.oneWayDelayNanos = leastNow;
        sample.wayBackNanos = nowNanos - arrival - block.delayUnits * UNIT_NANOS;
        sample.rttNanos = rtt.smoothedNanos();
        sample.inFlightBytes = ledger.openBytes();
        sample.lossRatio = lossRatio;
        sample.congestionMarks = marks;
        control.onAcked(sample);
    }

    // ---- losses ----

    void handleTimeout(long nowNanos, LinkFeedback out) {
        reordering.fade(nowNanos);
        detectLosses(nowNanos, out);
    }

    /** When the oldest packet below an acknowledged one is lost; {@link Long#MAX_VALUE} when there is none. */
    long pollTimeout() {
        return ledger.floor() < largestAcked ? lossDueNanos(ledger.floor()) : NEVER;
    }

    /** Gives up all in flight. */
    void loseAll(long nowNanos, LinkFeedback out) {
        loseBelow(ledger.next(), nowNanos, out);
    }

    /** What was sent earlier is lost earlier, so the lost ones are always the lowest. */
    private void detectLosses(long nowNanos, LinkFeedback out) {
        long patience = Math.max(LOSS_PACKETS, reordering.packets());
        long limit = Math.max(settled, largestAcked - patience + 1);
        loseBelow(Math.min(limit, ledger.next()), nowNanos, out);
        while (ledger.floor() < largestAcked && nowNanos - lossDueNanos(ledger.floor()) >= 0) {
            loseBelow(ledger.floor() + 1, nowNanos, out);
        }
    }

    private long lossDueNanos(long number) {
        return ledger.sentNanos(number) + rtt.lossDelayNanos() + reordering.nanos();
    }

    private void loseBelow(long limit, long nowNanos, LinkFeedback out) {
        long lostBytes = 0;
        while (ledger.floor() < limit) {
            long number = ledger.floor();
            ledger.close(number);
            ledger.raiseFloor();
            lostBytes += ledger.bytes(number);
            lostPackets++;
            lossRatio += (1 - lossRatio) * LOSS_WEIGHT;
            lost.add(number, nowNanos);
            notePause(number);
            tell(number, false, out);
        }
        if (lostBytes > 0) {
            control.onLost(nowNanos, lostBytes);
        }
    }

    private void notePause(long number) {
        if (ledger.isAfterPause(number)) {
            delivery.onPauseBefore(number);
        }
    }

    private void tell(long number, boolean arrived, LinkFeedback out) {
        if (!ledger.isPayload(number)) {
            return;
        }
        if (arrived) {
            out.acked(number);
        } else {
            out.lost(number);
        }
    }

    // ---- figures ----

    long nextNumber() {
        return ledger.next();
    }

    long readyAtNanos() {
        return pacer.readyAtNanos();
    }

    long lastSentNanos() {
        return sentPackets() == 0 ? Long.MIN_VALUE : ledger.sentNanos(ledger.next() - 1);
    }

    UnderWay underWay() {
        boolean much = ledger.openBytes() >= MUCH_DATAGRAMS * (long) datagramBytes;
        return !ledger.hasOpen() ? UnderWay.NOTHING : much ? UnderWay.MUCH : UnderWay.SOMETHING;
    }

    RttEstimator rtt() {
        return rtt;
    }

    long oneWayDelayNanos(long nowNanos) {
        long least = leastDelay.least(nowNanos);
        if (least != WindowedMin.NONE) {
            return least;
        }
        return delay.known() ? delay.latestNanos() : Long.MIN_VALUE;
    }

    long jitterNanos(long nowNanos) {
        return delay.fadingDeviationNanos(nowNanos);
    }

    /**
     * By how much the answer is late to the oldest of the packets sent after all acknowledged ones: so long, at least, it
     * has been waiting in a queue that no acknowledgement has told of yet.
     */
    long lateNanos(long nowNanos) {
        long next = largestAcked + 1;
        while (next < ledger.next() && !ledger.isOpen(next)) {
            next++; // acknowledgements are not answered
        }
        if (largestAcked < 0 || next >= ledger.next()) {
            return 0;
        }
        long due = ledger.sentNanos(next) + rtt.minNanos() + rtt.answerSpreadNanos() + control.queueNanos();
        return Math.max(0, nowNanos - due);
    }

    double lossRatio() {
        return lossRatio;
    }

    long inFlightBytes() {
        return ledger.openBytes();
    }

    long sentPackets() {
        return ledger.next() - ledger.first();
    }

    long sentBytes() {
        return sentBytes;
    }

    long lostPackets() {
        return lostPackets;
    }
}
