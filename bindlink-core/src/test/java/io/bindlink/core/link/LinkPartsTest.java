package io.bindlink.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkPartsTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    @Test
    void peerClockRunsOnWhenItsStampsWrap() {
        PeerClock clock = new PeerClock();
        long first = clock.expand(0xFFFF_FFF0L);
        long later = clock.expand(0x10);
        long late = clock.expand(0xFFFF_FFF8L);

        assertThat(later - first).isEqualTo(32_000);
        assertThat(late - first).isEqualTo(8_000);
        assertThat(PeerClock.stamp(-1)).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void pacerKeepsTheRateAndItsBurstsShort() {
        Pacer pacer = new Pacer(0);
        long rate = 1_000_000;
        long now = 0;
        long sent = 0;
        while (now < SECOND) {
            now = Math.max(now + 1, pacer.readyAtNanos());
            pacer.onSent(1000, 1000, rate, now);
            sent += 1000;
        }
        assertThat(sent).isBetween(rate - 5000, rate + 5000);
    }

    @Test
    void pacerMakesUpForLateTimersButNotForIdleness() {
        Pacer pacer = new Pacer(0);
        pacer.onSent(1000, 1000, 1_000_000, 10 * SECOND);
        int burst = 1;
        while (pacer.readyAtNanos() <= 10 * SECOND) {
            pacer.onSent(1000, 1000, 1_000_000, 10 * SECOND);
            burst++;
        }
        assertThat(burst).isEqualTo(2);
    }

    @Test
    void windowedMinForgetsWhatIsOldAndAgreesWithAPlainList() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            WindowedMin window = new WindowedMin(10, 10);
            List<long[]> all = new ArrayList<>();
            long now = random.nextLong(-1000, 1000);
            for (int i = 0; i < 500; i++) {
                now += random.nextInt(30);
                long value = random.nextInt(1000);
                window.add(value, now);
                all.add(new long[] {now, value});
                long least = window.least(now);
                assertThat(least).isLessThanOrEqualTo(leastSince(all, now - 90));
                assertThat(least).isGreaterThanOrEqualTo(leastSince(all, now - 100));
            }
            assertThat(window.least(now + 200)).isEqualTo(WindowedMin.NONE);
        });
    }

    private static long leastSince(List<long[]> all, long since) {
        return all.stream()
                .filter(e -> e[0] >= since)
                .mapToLong(e -> e[1])
                .min()
                .orElse(WindowedMin.NONE);
    }

    @Test
    void roundTripTimeoutFollowsItsVariation() {
        RttEstimator rtt = new RttEstimator();
        assertThat(rtt.timeoutNanos()).isEqualTo(300 * MILLI);
        for (int i = 0; i < 100; i++) {
            rtt.add(50 * MILLI, i * MILLI);
        }
        assertThat(rtt.smoothedNanos()).isEqualTo(50 * MILLI);
        assertThat(rtt.timeoutNanos()).isBetween(60 * MILLI, 65 * MILLI);
        rtt.add(100 * MILLI, 200 * MILLI);
        assertThat(rtt.timeoutNanos()).isGreaterThan(100 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void deliveryRateIsThatOfTheSlowerEnd() {
        DeliveryRate rate = new DeliveryRate();
        for (int i = 0; i <= 100; i++) {
            rate.add(i, i * MILLI / 2, i * MILLI, i * 1000L, 20 * MILLI);
        }
        assertThat(rate.rate()).isBetween(990_000L, 1_010_000L);
        assertThat(rate.appLimited()).isFalse();
    }

    @Test
    void compressedArrivalsDoNotRaiseTheRateAboveWhatWasSent() {
        DeliveryRate rate = new DeliveryRate();
        long highest = 0;
        for (int i = 0; i <= 100; i++) {
            rate.add(i, i * MILLI, i / 20 * 20L * MILLI + i * 1000L, i * 1000L, 20 * MILLI);
            highest = Math.max(highest, rate.rate());
        }
        assertThat(highest).isLessThan(1_100_000);
    }

    @Test
    void pauseOfTheSourceMarksTheSamplesThatSpanIt() {
        DeliveryRate rate = new DeliveryRate();
        for (int i = 0; i <= 100; i++) {
            if (i == 50) {
                rate.onPauseBefore(50);
            }
            rate.add(i, i * MILLI, i * MILLI, i * 1000L, 20 * MILLI);
            if (i >= 25) {
                assertThat(rate.appLimited()).isEqualTo(i >= 50 && i <= 69);
            }
        }
    }

    @Test
    void ledgerAgreesWithItsModelWhileItGrows() {
        SentLedger ledger = new SentLedger(0);
        for (int i = 0; i < 5000; i++) {
            ledger.add(i, true, i % 2 == 0, false, i * MILLI);
            if (i % 3 == 0 && i > 0) {
                ledger.close(i - 1);
            }
        }
        ledger.raiseFloor();
        assertThat(ledger.floor()).isZero();
        for (int i = 0; i < 5000; i++) {
            assertThat(ledger.isOpen(i)).isEqualTo(!(i % 3 == 2 && i < 4999));
            assertThat(ledger.sentNanos(i)).isEqualTo(i * MILLI);
            assertThat(ledger.bytes(i)).isEqualTo(i);
            assertThat(ledger.isPayload(i)).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void reorderingIsLearntBoundedAndForgotten() {
        Reordering reordering = new Reordering();
        reordering.learn(40 * MILLI, 9, 0);
        assertThat(reordering.nanos()).isEqualTo(50 * MILLI);
        reordering.learn(10 * SECOND, 1_000_000, 0);
        assertThat(reordering.nanos()).isEqualTo(Reordering.MAX_NANOS);
        assertThat(reordering.packets()).isEqualTo(Reordering.MAX_PACKETS);
        for (int second = 1; second < 90; second++) {
            reordering.fade(second * SECOND);
        }
        assertThat(reordering.nanos()).isZero();
        assertThat(reordering.packets()).isZero();
    }

    @Test
    void oneDelayThatIsFarOffIsNoJitter() {
        DelaySpread delay = new DelaySpread();
        long now = 0;
        for (int i = 0; i < 10; i++) {
            delay.add(20 * MILLI + (i % 2) * MILLI, now += 200 * MILLI);
        }
        delay.add(1_000 * MILLI, now += 200 * MILLI);
        assertThat(delay.fadingDeviationNanos(now)).isLessThan(4 * MILLI);
        for (int i = 0; i < 10; i++) {
            delay.add(20 * MILLI + (i % 2) * MILLI, now += 200 * MILLI);
        }
        assertThat(delay.fadingDeviationNanos(now)).isLessThan(MILLI);
    }

    @Test
    void delaysOfAProcessThatCatchesUpAreNoJitter() {
        DelaySpread delay = new DelaySpread();
        long now = 0;
        for (long late = 200; late >= 0; late -= 50) {
            delay.add((20 + late) * MILLI, now += 50 * MILLI);
        }
        for (int i = 0; i < 3; i++) {
            delay.add(20 * MILLI + (i % 2) * MILLI, now += 200 * MILLI);
        }
        assertThat(delay.fadingDeviationNanos(now)).isLessThan(MILLI);
    }

    @Test
    void jitterThatIsNotSeenAgainFades() {
        DelaySpread delay = new DelaySpread();
        long now = 0;
        for (int i = 0; i < 100; i++) {
            delay.add(30 * MILLI + (i % 2) * 20 * MILLI, now += 20 * MILLI);
        }
        long then = delay.fadingDeviationNanos(now);
        assertThat(delay.fadingDeviationNanos(now + 500 * MILLI)).isEqualTo(then / 2);
        assertThat(delay.fadingDeviationNanos(now + 10_000 * MILLI)).isLessThan(then / 10);
    }

    @Test
    void jitterIsLearntAndForgottenInTimeHoweverManySamplesThereAre() {
        for (long spacing : new long[] {MILLI, 20 * MILLI, 200 * MILLI}) {
            DelaySpread delay = new DelaySpread();
            long now = 0;
            for (int i = 0; now < 3_000 * MILLI; i++) {
                delay.add(30 * MILLI + (i % 2) * 20 * MILLI, now += spacing);
            }
            assertThat(delay.fadingDeviationNanos(now))
                    .as("spacing %d", spacing)
                    .isBetween(8 * MILLI, 12 * MILLI);
            for (int i = 0; now < 6_000 * MILLI; i++) {
                delay.add(30 * MILLI, now += spacing);
            }
            assertThat(delay.fadingDeviationNanos(now))
                    .as("spacing %d", spacing)
                    .isLessThan(MILLI);
        }
    }
}
