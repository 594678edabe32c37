package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The model of QUIC, by the rules of RFC 9000 and 9002, and over a bond of one link. */
class QuicModelTest {
    private static final int BYTES = 1200;
    private static final long MILLI = Rates.NANOS_PER_MILLI;

    @Test
    void packetIsLostWhenOneThreeNumbersLaterArrived() {
        QuicSender sender = new QuicSender();
        send(sender, 5);

        sender.handleAck(new long[] {1, 2}, 1, 0, 50 * MILLI);
        assertThat(sender.lostPackets()).isZero();
        sender.handleAck(new long[] {1, 3}, 1, 0, 51 * MILLI);
        assertThat(sender.lostPackets()).isEqualTo(1);
    }

    @Test
    void packetIsLostAfterNineEighthsOfARoundTrip() {
        QuicSender sender = new QuicSender();
        send(sender, 3);

        sender.handleAck(new long[] {1, 1}, 1, 0, 40 * MILLI);
        sender.handleTimeout(44 * MILLI);
        assertThat(sender.lostPackets()).isZero();
        sender.handleTimeout(45 * MILLI);
        assertThat(sender.lostPackets()).isEqualTo(1);
    }

    @Test
    void patienceDoesNotGrowWithReordering() {
        QuicSender sender = new QuicSender();
        send(sender, 8);
        sender.handleAck(new long[] {3, 3}, 1, 0, 40 * MILLI); // loses 0
        sender.handleAck(new long[] {0, 3}, 1, 0, 41 * MILLI); // which only came late
        assertThat(sender.spuriousLosses()).isEqualTo(1);

        sender.handleAck(new long[] {7, 7, 0, 3}, 2, 0, 42 * MILLI);
        assertThat(sender.lostPackets()).isEqualTo(2); // 4, for the same reason
    }

    @Test
    void whatIsLostIsSentAgainUnderANewNumber() {
        QuicSender sender = new QuicSender();
        send(sender, 10);
        sender.handleAck(new long[] {1, 9}, 1, 0, 40 * MILLI);

        QuicSender.Sent again = sender.poll(BYTES, 41 * MILLI);
        assertThat(again).isEqualTo(new QuicSender.Sent(10, 0, 41 * MILLI));
    }

    @Test
    void twoProbesFollowSilence() {
        QuicSender sender = new QuicSender();
        send(sender, 10);
        long due = sender.pollTimeout();
        sender.handleTimeout(due);

        assertThat(due).isEqualTo(666 * MILLI);
        assertThat(sender.poll(BYTES, due)).isEqualTo(new QuicSender.Sent(10, 0, due));
        assertThat(sender.poll(BYTES, due)).isNotNull();
        assertThat(sender.poll(BYTES, due)).isNull();
    }

    @Test
    void everySecondPacketIsAcknowledgedAndWhatIsOutOfOrderAtOnce() {
        QuicReceiver receiver = new QuicReceiver();

        assertThat(receiver.handlePacket(0, 0, BYTES, 0)).isEqualTo(BYTES);
        assertThat(receiver.pollTimeout()).isEqualTo(25 * MILLI);
        assertThat(receiver.handlePacket(1, BYTES, BYTES, 5)).isEqualTo(BYTES);
        assertThat(receiver.pollTimeout()).isEqualTo(5);
        assertThat(receiver.takeRanges()).containsExactly(0, 1);
        assertThat(receiver.handlePacket(3, 3 * BYTES, BYTES, 6)).isZero();
        assertThat(receiver.pollTimeout()).isEqualTo(6);
        assertThat(receiver.takeRanges()).containsExactly(3, 3, 0, 1);
        assertThat(receiver.handlePacket(2, 2 * BYTES, BYTES, 7)).isEqualTo(2 * BYTES);
        assertThat(receiver.takeRanges()).containsExactly(0, 3);
    }

    @Test
    void fillsABondOfOneLink() {
        SimBond bond = Scenario.of(
                        "one",
                        LinkModel.builder()
                                .rateMbit(20)
                                .delay(Duration.ofMillis(10))
                                .build())
                .bond(1)
                .build();
        bond.awaitUp(Duration.ofSeconds(5));
        QuicFlow flow = QuicFlow.start(bond, Role.MASTER);
        bond.runFor(Duration.ofSeconds(5));
        flow.measure();
        bond.runFor(Duration.ofSeconds(5));

        assertThat(flow.result().goodputMbit()).as("%s", flow.result()).isBetween(16.0, 19.0);
        assertThat(flow.result().duplicatePackets()).isZero();
        assertThat(flow.result().alteredPackets()).isZero();
    }

    /** Lets packets out, all at time 0. */
    private static void send(QuicSender sender, int packets) {
        for (int i = 0; i < packets; i++) {
            assertThat(sender.poll(BYTES, 0)).isNotNull();
        }
    }
}
