package io.bindlink.core.link;

import static io.bindlink.core.link.LinkBench.MILLI;
import static io.bindlink.core.link.LinkBench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links whose rate comes and goes, as that of radio does. */
class RateRecoveryTest {
    @ParameterizedTest(name = "{0} Mbit/s, {1} ms, away for {2} ms")
    @CsvSource({"20, 40, 300", "20, 40, 900", "5, 60, 900", "20, 100, 600", "2, 50, 600"})
    void rateIsBackSoonAfterAStall(double megabits, double rttMillis, long awayMillis) {
        LinkBench bench = new LinkBench(1, megabits, rttMillis);
        bench.run(5 * SECOND);
        bench.stall(awayMillis * MILLI);
        bench.run(7 * SECOND + awayMillis * MILLI);
        bench.measure();
        bench.run(9 * SECOND + awayMillis * MILLI);

        assertThat(bench.utilisation()).isGreaterThan(0.85);
    }

    @ParameterizedTest(name = "{0} ms")
    @ValueSource(doubles = {10, 40, 100})
    void collapseIsFollowedWithinASecond(double rttMillis) {
        LinkBench bench = new LinkBench(1, 20, rttMillis);
        bench.run(5 * SECOND);
        bench.rate(2);
        bench.run(6500 * MILLI);
        assertThat(bench.sender.rateBytesPerSecond()).isLessThan(2 * 250_000L);
        bench.run(10 * SECOND);
        bench.measure();
        bench.run(20 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.9);
        assertThat(bench.queueMillis(0.95)).isLessThan(150);
    }

    @Test
    void linkThatWasSlowForLongIsFoundToBeFast() {
        LinkBench bench = new LinkBench(1, 0.2, 50);
        bench.run(15 * SECOND);
        bench.rate(6);
        bench.run(20 * SECOND);
        bench.measure();
        bench.run(25 * SECOND);

        assertThat(bench.utilisation()).isGreaterThan(0.85);
    }

    @Test
    void rateIsAGuessUntilTheLinkWasFilledAndAgainAMinuteLater() {
        LinkBench bench = new LinkBench(1, 20, 320);
        bench.offeredBytesPerSecond = 10_000; // copies of a call, say
        bench.run(20 * SECOND);
        assertThat(bench.sender.fillBytes(bench.now)).isPositive();
        bench.offeredBytesPerSecond = Long.MAX_VALUE;
        bench.run(28 * SECOND);
        assertThat(bench.sender.fillBytes(bench.now)).isZero();
        bench.offeredBytesPerSecond = 10_000;
        bench.run(60 * SECOND);
        assertThat(bench.sender.fillBytes(bench.now)).isZero();
        bench.run(95 * SECOND);
        assertThat(bench.sender.fillBytes(bench.now)).isPositive();
    }

    @Test
    void lateAnswersShowAsAQueue() {
        LinkBench bench = new LinkBench(1, 20, 40);
        bench.run(5 * SECOND);
        assertThat(bench.sender.queueNanos()).isLessThan(20 * MILLI);
        bench.cut = true;
        bench.run(5 * SECOND + 200 * MILLI);
        assertThat(bench.sender.queueNanos()).isBetween(50 * MILLI, 250 * MILLI);
    }

    @Test
    void startedAnewLessAndLessOftenWhileThatIsInVain() {
        Recovery recovery = new Recovery();
        recovery.clear(0);
        assertThat(recovery.due(0)).isTrue();
        long now = 0;
        for (long millis : new long[] {500, 1000, 2000, 2000}) {
            recovery.onStart(1000);
            recovery.onStartEnded(now, 1100);
            assertThat(recovery.due(now + millis * MILLI - 1)).isFalse();
            now += millis * MILLI;
            assertThat(recovery.due(now)).isTrue();
        }
        recovery.onStart(1000);
        recovery.onStartEnded(now, 1500);
        assertThat(recovery.due(now + 250 * MILLI)).isTrue();
    }

    @Test
    void arrivalsOfABusyLinkTellItsRateWhateverWasSent() {
        DeliveryRate rate = new DeliveryRate();
        rate.leastBytes(8000);
        for (int i = 0; i < 100; i++) { // sent within 10 ms after a stall, delivered at 1 MB/s
            rate.add(i, i * MILLI / 10, SECOND + i * MILLI, i * 1000L, 20 * MILLI);
        }
        assertThat(rate.arrivalRate()).isBetween(990_000L, 1_010_000L);
        assertThat(rate.rate()).isZero(); // no span of sending as long as that
    }
}
