package io.bindlink.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import io.bindlink.core.wire.AckBlock;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReceiverTest {
    private static final long MILLI = 1_000_000;
    private static final long DELAY = 30 * MILLI;
    private static final long NEVER = Long.MAX_VALUE;

    private final Receiver receiver = new Receiver(7);
    private final AckBlock block = new AckBlock();

    @Test
    void nothingReceivedIsNothingToSay() {
        assertThat(receiver.fillAck(block, 0)).isFalse();
        assertThat(receiver.settledSentNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(receiver.pollTimeout()).isEqualTo(NEVER);
    }

    @Test
    void gapIsSettledAtOnceOnALinkThatKeepsOrder() {
        receive(0, 0);
        receive(2, 2);

        assertThat(receiver.settled()).isEqualTo(3);
        assertThat(receiver.settledSentNanos()).isEqualTo(2 * MILLI);
        assertThat(receiver.ackDueNanos()).isEqualTo(2 * MILLI + DELAY);
    }

    @Test
    void lateArrivalTeachesPatience() {
        receive(0, 0);
        receive(2, 2);
        receiveAt(1, 1, 8 + 30); // seven milliseconds slower than its neighbours
        receive(4, 10);

        assertThat(receiver.settled()).isEqualTo(3);
        assertThat(receiver.settledSentNanos()).isEqualTo(2 * MILLI);
        long due = receiver.pollTimeout();
        assertThat(due - (10 * MILLI + DELAY)).isBetween(5 * MILLI, 10 * MILLI);
        receiver.handleTimeout(due);
        assertThat(receiver.settled()).isEqualTo(5);
        assertThat(receiver.ackDueNanos()).isLessThanOrEqualTo(due);
    }

    @Test
    void packetSentMuchLaterSettlesAGapBeforeItsTimer() {
        receive(0, 0);
        receive(2, 2);
        receiveAt(1, 1, 8 + 30);
        receive(4, 10);
        receive(5, 30);

        assertThat(receiver.settled()).isEqualTo(6);
    }

    @Test
    void filledGapIsSettledWithoutTheTimer() {
        receive(0, 0);
        receive(2, 2);
        receiveAt(1, 1, 8 + 30);
        receive(4, 10);
        receiveAt(3, 9, 12 + 30);

        assertThat(receiver.settled()).isEqualTo(5);
        assertThat(receiver.settledSentNanos()).isEqualTo(10 * MILLI);
    }

    @Test
    void patienceFades() {
        receive(0, 0);
        receive(2, 2);
        receiveAt(1, 1, 8 + 30);
        long number = 3;
        for (int second = 1; second < 60; second++) {
            receive(number++, 1000L * second);
        }
        receive(number + 1, 60_000);

        assertThat(receiver.settled()).isEqualTo(number + 2);
    }

    @Test
    void horizonExtendsWhatIsSettled() {
        receive(0, 0);
        receive(1, 1);
        receiver.handleHorizon(1, MILLI, 20 * MILLI, 50 * MILLI);

        assertThat(receiver.settledSentNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void horizonAheadOfItsPacketsWaitsForThem() {
        receive(0, 0);
        receiver.handleHorizon(2, 2 * MILLI, 10 * MILLI, 20 * MILLI);
        assertThat(receiver.settledSentNanos()).isZero();

        receive(1, 1);
        receive(2, 2);
        assertThat(receiver.settledSentNanos()).isEqualTo(10 * MILLI);
    }

    @Test
    void horizonSettlesAMissingTailInTime() {
        receive(0, 0);
        receiver.handleHorizon(2, 2 * MILLI, 10 * MILLI, 20 * MILLI);
        long due = receiver.pollTimeout();
        assertThat(due).isBetween(2 * MILLI + DELAY, 100 * MILLI);
        receiver.handleTimeout(due);

        assertThat(receiver.settled()).isEqualTo(3);
        assertThat(receiver.settledSentNanos()).isEqualTo(10 * MILLI);
        assertThat(receiver.pollTimeout()).isEqualTo(NEVER);
    }

    @Test
    void horizonBeforeAnythingWasSentSaysSo() {
        receiver.handleHorizon(0xFFFF_FFFFL, 0, 10 * MILLI, 20 * MILLI);

        assertThat(receiver.settledSentNanos()).isEqualTo(10 * MILLI);
    }

    @Test
    void numbersGoOnWhenTheirLowBitsWrap() {
        long wrap = 1L << 32;
        receive(wrap - 1, 0);
        receiver.handleHorizon(1, 2 * MILLI, 9 * MILLI, 20 * MILLI);
        receive(wrap, 1);
        receive(wrap + 1, 2);

        assertThat(receiver.settled()).isEqualTo(wrap + 2);
        assertThat(receiver.settledSentNanos()).isEqualTo(9 * MILLI);
    }

    @Test
    void staleHorizonChangesNothing() {
        receive(0, 0);
        receive(1, 1);
        receive(2, 30);
        receiver.handleHorizon(1, MILLI, 20 * MILLI, 70 * MILLI);

        assertThat(receiver.settledSentNanos()).isEqualTo(30 * MILLI);
    }

    @Test
    void everyEighthPacketIsAcknowledgedAtOnceAndOthersSoon() {
        receive(0, 0);
        assertThat(receiver.ackDueNanos()).isEqualTo(DELAY + 5 * MILLI);
        for (int number = 1; number < 7; number++) {
            receive(number, 1);
        }
        assertThat(receiver.ackDueNanos()).isEqualTo(DELAY + 5 * MILLI);
        receive(7, 2);
        assertThat(receiver.ackDueNanos()).isEqualTo(DELAY + 2 * MILLI);
        receiver.onAckSent();
        assertThat(receiver.ackPending()).isFalse();
    }

    @Test
    void acknowledgementsAreNotAcknowledged() {
        receiver.onReceived(5, 0, 60, false, false, DELAY);

        assertThat(receiver.ackPending()).isFalse();
    }

    @Test
    void blockDescribesGapsAndArrivalTimes() {
        receive(0, 0);
        receive(1, 4);
        receive(4, 10);
        receive(5, 11);
        assertThat(receiver.fillAck(block, DELAY + 13 * MILLI)).isTrue();

        assertThat(block.largest).isEqualTo(5);
        assertThat(block.firstRun).isEqualTo(1);
        assertThat(block.delayUnits).isEqualTo(2000 / AckBlock.UNIT_MICROS);
        assertThat(block.rangeCount()).isEqualTo(1);
        assertThat(block.gap(0)).isEqualTo(2);
        assertThat(block.run(0)).isEqualTo(2);
        assertThat(block.deltaCount()).isEqualTo(3);
        assertThat(block.delta(0)).isEqualTo(1000 / AckBlock.UNIT_MICROS);
        assertThat(block.delta(1)).isEqualTo(6000 / AckBlock.UNIT_MICROS);
        assertThat(block.settled).isEqualTo(6);
        assertThat(block.receivedBytes).isEqualTo(4000);
    }

    @Test
    void oldGapsAreNotRepeatedForEver() {
        receive(0, 0);
        receive(2, 2);
        long number = 3;
        for (int i = 0; i < 20; i++) {
            receive(number++, i + 3);
            receiver.onAckSent();
        }
        receiver.fillAck(block, 100 * MILLI);

        assertThat(block.rangeCount()).isZero();
    }

    @Test
    void memoryIsBoundedByWhatFallsOutBeingSettled() {
        for (int i = 0; i < 1000; i++) {
            receive(2L * i, i);
        }
        assertThat(receiver.settled()).isEqualTo(1999);
        assertThat(receiver.fillAck(block, 2000 * MILLI)).isTrue();
        assertThat(block.rangeCount()).isEqualTo(AckBlock.MAX_RANGES);
    }

    @Test
    void settledNeverFallsAndRangesHoldOnlyWhatCame() {
        Seeds.forEach(50, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Receiver tried = new Receiver(1);
            TreeSet<Long> came = new TreeSet<>();
            long settled = 0;
            long sent = Long.MIN_VALUE;
            for (int i = 0; i < 2000; i++) {
                long number = Math.max(0, i + random.nextInt(20) - random.nextInt(20));
                if (random.nextInt(8) == 0 || !came.add(number)) {
                    continue;
                }
                long now = i * MILLI + DELAY;
                tried.onReceived(number, number * MILLI, 10, true, false, now);
                tried.handleTimeout(now);
                assertThat(tried.settled()).isGreaterThanOrEqualTo(settled);
                assertThat(tried.settledSentNanos()).isGreaterThanOrEqualTo(sent);
                settled = tried.settled();
                sent = tried.settledSentNanos();
                tried.fillAck(block, now);
                assertThat(came).containsAll(listed(block));
                if (random.nextInt(4) == 0) {
                    tried.onAckSent();
                }
            }
        });
    }

    private static Set<Long> listed(AckBlock block) {
        TreeSet<Long> numbers = new TreeSet<>();
        long low = block.largest - block.firstRun;
        for (long n = low; n <= block.largest; n++) {
            numbers.add(n);
        }
        for (int i = 0; i < block.rangeCount(); i++) {
            long high = low - block.gap(i) - 1;
            low = high - block.run(i) + 1;
            for (long n = low; n <= high; n++) {
                numbers.add(n);
            }
        }
        return numbers;
    }

    private void receive(long number, long sentMillis) {
        receiver.onReceived(number, sentMillis * MILLI, 1000, true, false, sentMillis * MILLI + DELAY);
    }

    private void receiveAt(long number, long sentMillis, long nowMillis) {
        receiver.onReceived(number, sentMillis * MILLI, 1000, true, false, nowMillis * MILLI);
    }
}
