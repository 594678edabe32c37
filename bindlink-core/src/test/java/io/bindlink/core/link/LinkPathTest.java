package io.bindlink.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.core.base.Seeds;
import io.bindlink.core.wire.AckBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinkPathTest {
    private static final long MILLI = 1_000_000;
    private static final int BYTES = 1000;

    /** Notes what it is told and checks that nothing is told twice. */
    private static final class Fates implements LinkFeedback {
        private final List<Long> acked = new ArrayList<>();
        private final List<Long> lost = new ArrayList<>();

        @Override
        public void acked(long number) {
            assertThat(acked).doesNotContain(number);
            acked.add(number);
        }

        @Override
        public void lost(long number) {
            assertThat(lost).doesNotContain(number);
            assertThat(acked).doesNotContain(number);
            lost.add(number);
        }
    }

    private final Fates fates = new Fates();
    private final PeerClock peerClock = new PeerClock();
    private final LinkPath path = new LinkPath(3, new RateControl(), peerClock, new PeerAnswers(), 0, 0);

    @Test
    void acknowledgedPayloadIsToldAndLeavesFlight() {
        send(4, 0);
        path.handleAck(block(3, 3, 4, 40), 50 * MILLI, fates);

        assertThat(fates.acked).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
        assertThat(path.inFlightBytes()).isZero();
        assertThat(path.rttNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void onlyPayloadIsTold() {
        path.onSent(0, BYTES, true, false, 0);
        path.handleAck(block(0, 0, 1, 40), 50 * MILLI, fates);

        assertThat(fates.acked).isEmpty();
        assertThat(path.inFlightBytes()).isZero();
    }

    @Test
    void settledNumbersAreLostAtOnce() {
        send(2, 0);
        path.handleAck(block(1, 0, 2, 40), 50 * MILLI, fates);

        assertThat(fates.lost).containsExactly(0L);
        assertThat(path.lostPackets()).isEqualTo(1);
    }

    @Test
    void threeLaterPacketsMakeALoss() {
        send(5, 0);
        path.handleAck(block(2, 1, 0, 40), 50 * MILLI, fates);
        assertThat(fates.lost).isEmpty();

        path.handleAck(block(4, 3, 0, 41), 51 * MILLI, fates);
        assertThat(fates.lost).containsExactly(0L);
    }

    @Test
    void laterPacketMakesALossInTime() {
        send(2, 0);
        path.handleAck(block(1, 0, 0, 40), 40 * MILLI, fates);
        assertThat(fates.lost).isEmpty();

        long due = path.pollTimeout();
        assertThat(due).isBetween(41 * MILLI, 50 * MILLI);
        path.handleTimeout(due, fates);
        assertThat(fates.lost).containsExactly(0L);
    }

    @Test
    void lateArrivalUndoesALoss() {
        send(2, 0);
        path.handleAck(block(1, 0, 2, 40), 50 * MILLI, fates);
        double ratio = path.lossRatio();
        path.handleAck(block(1, 1, 2, 41), 51 * MILLI, fates);

        assertThat(fates.acked).containsExactly(1L, 0L);
        assertThat(path.lostPackets()).isZero();
        assertThat(path.lossRatio()).isLessThan(ratio);
    }

    @Test
    void olderAcknowledgementDoesNotUndoANewerOne() {
        send(8, 0);
        path.handleAck(block(7, 7, 8, 40), 50 * MILLI, fates);
        long rtt = path.rttNanos();
        path.handleAck(block(3, 1, 2, 38), 60 * MILLI, fates);

        assertThat(path.rttNanos()).isEqualTo(rtt);
        assertThat(fates.lost).isEmpty();
        assertThat(fates.acked).hasSize(8);
    }

    @Test
    void acknowledgementOfWhatWasNeverSentIsIgnored() {
        send(2, 0);
        path.handleAck(block(7, 7, 8, 40), 50 * MILLI, fates);
        path.handleAck(block(0xFFFF_FFFFL, 0, 0, 40), 50 * MILLI, fates);
        path.handleAck(block(1, 1, 900, 40), 50 * MILLI, fates);

        assertThat(fates.acked).isEmpty();
        assertThat(path.inFlightBytes()).isEqualTo(2 * BYTES);
    }

    @Test
    void numbersAreSentInOrder() {
        assertThatThrownBy(() -> path.onSent(1, BYTES, true, true, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fullLedgerLeavesNoRoom() {
        LinkPath wide = new LinkPath(1, new FixedControl(), peerClock, new PeerAnswers(), 0, 0);
        for (int i = 0; i < SentLedger.MAX_OPEN; i++) {
            assertThat(wide.hasRoom(i)).isTrue();
            wide.onSent(i, 1, true, true, i);
        }
        assertThat(wide.hasRoom(SentLedger.MAX_OPEN)).isFalse();
    }

    @Test
    void pureAcknowledgementsNeverFillTheLedger() {
        for (int i = 0; i < 3 * SentLedger.MAX_OPEN; i++) {
            path.onSent(i, 60, false, false, i * MILLI);
        }
        assertThat(path.inFlightBytes()).isZero();
    }

    @Test
    void everyPacketHasOneFateWhateverTheNetworkDoes() {
        Seeds.forEach(40, seed -> new Disorder(seed, 0).run());
    }

    @Test
    void fatesAreKnownAcrossTheWrapOfTheNumbersOnTheWire() {
        Seeds.forEach(20, seed -> new Disorder(seed, (1L << 32) - 750).run());
    }

    /** Two ends with loss, reordering and duplicates of acknowledgements in between. */
    private static final class Disorder {
        private record Later(long at, long number, @Nullable AckBlock block) {}

        private static final long ON_THE_WIRE = 0xFFFF_FFFFL;

        private final SplittableRandom random;
        private final long firstNumber;
        private final Fates fates = new Fates();
        private final PeerClock clock = new PeerClock();
        private final LinkPath sender;
        private final LinkPath receiver = new LinkPath(1, new FixedControl(), new PeerClock(), new PeerAnswers(), 0, 0);
        private final List<Later> onTheWay = new ArrayList<>();
        private final List<Long> arrived = new ArrayList<>();

        Disorder(long seed, long firstNumber) {
            random = new SplittableRandom(seed);
            this.firstNumber = firstNumber;
            sender = new LinkPath(1, new FixedControl(), clock, new PeerAnswers(), firstNumber, 0);
        }

        void run() {
            long now = 0;
            for (int step = 0; step < 3000; step++) {
                now += random.nextLong(2 * MILLI);
                if (step < 1500) {
                    send(now);
                }
                deliver(now);
                receiver.handleTimeout(now, fates);
                if (receiver.ackDueNanos() <= now) {
                    acknowledge(now);
                }
                sender.handleTimeout(now, fates);
            }
            sender.fail(now, fates); // whatever of the tail no acknowledgement spoke of
            assertThat(sender.inFlightBytes()).isZero();
            assertThat(arrived).containsAll(fates.acked);
            for (long number = firstNumber; number <= sender.lastSentNumber(); number++) {
                assertThat(fates.acked.contains(number) || fates.lost.contains(number))
                        .isTrue();
            }
            assertThat(sender.lostPackets()).isEqualTo(sender.sentPackets() - fates.acked.size());
        }

        private void send(long now) {
            long number = sender.nextNumber();
            sender.onSent(number, BYTES, true, true, now);
            if (random.nextInt(10) > 0) {
                onTheWay.add(new Later(now + 10 * MILLI + random.nextLong(20 * MILLI), number, null));
            }
        }

        private void acknowledge(long now) {
            int copies = random.nextInt(3);
            for (int i = 0; i < copies; i++) {
                AckBlock block = new AckBlock();
                receiver.fillAck(block, now);
                block.largest &= ON_THE_WIRE;
                block.settled &= ON_THE_WIRE;
                onTheWay.add(new Later(now + 10 * MILLI + random.nextLong(40 * MILLI), -1, block));
            }
            receiver.onAckSent(now);
        }

        private void deliver(long now) {
            for (Later later : List.copyOf(onTheWay)) {
                if (later.at > now) {
                    continue;
                }
                onTheWay.remove(later);
                if (later.block != null) {
                    sender.handleAck(later.block, now, fates);
                } else {
                    arrived.add(later.number);
                    receiver.onReceived(later.number, later.at - 20 * MILLI, BYTES, true, false, now);
                }
            }
        }
    }

    private void send(int count, long now) {
        for (int i = 0; i < count; i++) {
            path.onSent(path.nextNumber(), BYTES, true, true, now);
        }
    }

    private static AckBlock block(long largest, int firstRun, long settled, long arrivalMillis) {
        AckBlock block = new AckBlock();
        block.linkId = 3;
        block.largest = largest;
        block.firstRun = firstRun;
        block.settled = settled;
        block.arrivalMicros = arrivalMillis * 1000;
        block.receivedBytes = (firstRun + 1L) * BYTES;
        return block;
    }
}
