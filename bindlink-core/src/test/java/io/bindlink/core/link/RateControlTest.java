package io.bindlink.core.link;

import static io.bindlink.core.link.LinkBench.MILLI;
import static io.bindlink.core.link.LinkBench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateControlTest {
    @ParameterizedTest(name = "{0} Mbit/s, {1} ms")
    @CsvSource({
        "0.3, 1",
        "0.3, 30",
        "0.3, 300",
        "1, 1",
        "1, 30",
        "1, 300",
        "3, 10",
        "3, 90",
        "5, 60",
        "8, 30",
        "20, 1",
        "20, 20",
        "20, 100",
        "20, 300",
        "50, 40",
        "100, 1",
        "100, 10",
        "100, 30",
        "100, 300"
    })
    void cleanLinkIsFilledAndItsQueueStaysShort(double megabits, double rttMillis) {
        LinkBench bench = new LinkBench(1, megabits, rttMillis);
        settleAndMeasure(bench);

        assertThat(bench.utilisation()).isGreaterThan(0.96);
        assertThat(bench.queueMillis(0.95)).isLessThan(30 + 5 * datagramMillis(megabits));
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms, {2} loss")
    @CsvSource({"0.3, 30, 0.05", "3, 90, 0.02", "5, 60, 0.01", "20, 20, 0.02", "20, 300, 0.05", "100, 30, 0.05"})
    void randomLossIsNotCongestion(double megabits, double rttMillis, double loss) {
        Seeds.forEach(2, seed -> {
            LinkBench bench = new LinkBench(seed, megabits, rttMillis);
            bench.loss = loss;
            settleAndMeasure(bench);

            assertThat(bench.utilisation()).isGreaterThan(0.95 * (1 - loss) - 0.02);
            assertThat(bench.queueMillis(0.95)).isLessThan(35 + 6 * datagramMillis(megabits));
        });
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms")
    @CsvSource({"1, 30", "3, 90", "8, 30", "20, 40", "20, 300", "100, 30"})
    void jitterIsNotAQueue(double megabits, double rttMillis) {
        Seeds.forEach(2, seed -> {
            LinkBench bench = new LinkBench(seed, megabits, rttMillis);
            bench.jitterNanos = 15 * MILLI;
            settleAndMeasure(bench);

            assertThat(bench.utilisation()).isGreaterThan(0.9);
            assertThat(bench.meanQueueMillis()).isLessThan(30 + 3 * datagramMillis(megabits) + rttMillis / 20);
        });
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms")
    @CsvSource({"8, 30", "20, 20", "20, 100", "50, 40"})
    void startIsQuick(double megabits, double rttMillis) {
        LinkBench bench = new LinkBench(1, megabits, rttMillis);
        bench.run(2 * SECOND);
        bench.measure();
        bench.run(3 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
        assertThat(bench.queueMillis(0.95)).isLessThan(50);
    }

    @ParameterizedTest(name = "{0} ms")
    @CsvSource({"10", "40", "100", "200"})
    void halvedRateIsFoundWithinTwoSeconds(double rttMillis) {
        LinkBench bench = new LinkBench(1, 20, rttMillis);
        bench.run(5 * SECOND);
        bench.rate(10);
        bench.run(7 * SECOND);
        bench.measure();
        bench.run(10 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
        assertThat(bench.queueMillis(0.95)).isLessThan(60);
        assertThat(bench.sender.rateBytesPerSecond()).isBetween(1_150_000L, 1_350_000L);
    }

    @ParameterizedTest(name = "{0} ms")
    @CsvSource({"10", "40", "100", "200"})
    void doubledRateIsFoundWithinThreeSeconds(double rttMillis) {
        LinkBench bench = new LinkBench(1, 10, rttMillis);
        bench.run(5 * SECOND);
        bench.rate(20);
        bench.run(8 * SECOND);
        bench.measure();
        bench.run(10 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
    }

    @Test
    void littleTrafficDoesNotLowerTheEstimate() {
        LinkBench bench = new LinkBench(1, 20, 40);
        bench.run(3 * SECOND);
        long proven = bench.sender.rateBytesPerSecond();
        bench.offeredBytesPerSecond = 20_000;
        bench.run(20 * SECOND);
        assertThat(bench.sender.rateBytesPerSecond()).isGreaterThanOrEqualTo(proven * 9 / 10);

        bench.offeredBytesPerSecond = Long.MAX_VALUE;
        bench.measure();
        bench.run(22 * SECOND);
        assertThat(bench.utilisation()).isGreaterThan(0.85);
    }

    @Test
    void sourceSlowerThanTheLinkIsNotHeldUp() {
        LinkBench bench = new LinkBench(1, 20, 40);
        bench.offeredBytesPerSecond = 1_250_000;
        bench.run(3 * SECOND);
        bench.measure();
        bench.run(8 * SECOND);

        assertThat(bench.utilisation()).isBetween(0.49, 0.52);
    }

    @ParameterizedTest(name = "{0} ms more")
    @CsvSource({"10", "40", "150"})
    void longerPathBecomesTheNewBase(double moreMillis) {
        LinkBench bench = new LinkBench(1, 20, 40);
        bench.run(5 * SECOND);
        bench.delayNanos += (long) (moreMillis * MILLI);
        bench.run(8 * SECOND);
        bench.measure();
        bench.run(14 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.85);
    }

    @Test
    void slowerWayBackDoesNotStarveTheWayThere() {
        LinkBench bench = new LinkBench(1, 20, 20);
        bench.run(5 * SECOND);
        bench.returnDelayNanos = 150 * MILLI;
        bench.run(7 * SECOND);
        bench.measure();
        bench.run(12 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
    }

    @Test
    void lostAcknowledgementsCostLittle() {
        LinkBench bench = new LinkBench(1, 20, 40);
        bench.ackLoss = 0.2;
        settleAndMeasure(bench);

        assertThat(bench.utilisation()).isGreaterThan(0.93);
        assertThat(bench.lost).isZero();
    }

    private static void settleAndMeasure(LinkBench bench) {
        bench.queueBytes = Math.max(30_000, bench.bytesPerSecond / 4);
        bench.timerSlopNanos = MILLI / 10;
        bench.run(5 * SECOND);
        bench.measure();
        bench.run(20 * SECOND);
    }

    private static double datagramMillis(double megabits) {
        return LinkBench.DATAGRAM_BYTES * 8 / megabits / 1000;
    }
}
