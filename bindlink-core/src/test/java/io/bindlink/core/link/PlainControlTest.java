package io.bindlink.core.link;

import static io.bindlink.core.link.LinkBench.MILLI;
import static io.bindlink.core.link.LinkBench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainControlTest {
    private static final long RTT = 40 * MILLI;
    private static final int DATAGRAM_BYTES = 1400;

    private final PlainControl control = new PlainControl();
    private final AckSample sample = new AckSample();
    private long now = 5 * SECOND;

    PlainControlTest() {
        control.datagramBytes(DATAGRAM_BYTES);
    }

    @Test
    void windowDoublesEachRoundUntilAQueueShows() {
        long before = control.windowBytes();
        rounds(3, 20 * MILLI);
        assertThat(control.windowBytes()).isEqualTo(8 * before);

        rounds(1, 60 * MILLI);
        assertThat(control.windowBytes()).isBetween(6 * before, 7 * before);
        assertThat(control.queueNanos()).isEqualTo(40 * MILLI);
    }

    @Test
    void growsSlowlyAfterTheFirstQueue() {
        rounds(3, 20 * MILLI);
        rounds(1, 60 * MILLI);
        long before = control.windowBytes();
        rounds(1, 20 * MILLI);
        assertThat(control.windowBytes()).isBetween(before + DATAGRAM_BYTES, before * 11 / 10);
    }

    @Test
    void oneQuickPacketInARoundIsProofOfNoQueue() {
        rounds(3, 20 * MILLI);
        long before = control.windowBytes();
        ack(60 * MILLI, now - RTT);
        ack(21 * MILLI, now - RTT);
        rounds(1, 60 * MILLI);
        assertThat(control.windowBytes()).isGreaterThan(before);
    }

    @Test
    void sourceThatHasNothingToSendDoesNotRaiseIt() {
        sample.appLimited = true;
        long before = control.windowBytes();
        rounds(5, 20 * MILLI);
        assertThat(control.windowBytes()).isEqualTo(before);
    }

    @Test
    void onlyMuchLossIsCongestion() {
        long before = control.windowBytes();
        sample.lossRatio = 0.05;
        rounds(1, 20 * MILLI);
        assertThat(control.windowBytes()).isGreaterThan(before);
        sample.lossRatio = 0.2;
        rounds(50, 20 * MILLI);
        assertThat(control.windowBytes()).isEqualTo(4 * DATAGRAM_BYTES);
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms")
    @CsvSource({"2, 50", "20, 20", "20, 100", "50, 40"})
    void fillsALink(double megabits, double rttMillis) {
        LinkBench bench = new LinkBench(1, megabits, rttMillis, control);
        bench.run(5 * SECOND);
        bench.measure();
        bench.run(20 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
        assertThat(bench.queueMillis(0.95)).isLessThan(100);
    }

    /** Acknowledgements of packets that were sent in one round each, all with the same delay. */
    private void rounds(int count, long delayNanos) {
        for (int i = 0; i < count; i++) {
            long sent = now;
            now += RTT;
            ack(delayNanos, sent);
        }
    }

    private void ack(long delayNanos, long sentNanos) {
        sample.nowNanos = now;
        sample.sentNanos = sentNanos;
        sample.oneWayDelayNanos = delayNanos;
        sample.rttNanos = RTT;
        control.onAcked(sample);
    }
}
