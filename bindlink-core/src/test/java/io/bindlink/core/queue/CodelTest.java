package io.bindlink.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The control law of RFC 8289 against times computed by hand, with its target of 5 ms and interval of 100 ms. */
class CodelTest {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long MUCH_BYTES = 100_000;

    private final Aim aim = new Aim();
    private final Codel codel = new Codel();

    /** One packet each millisecond, all of which waited for so long; answers when signals were given, in ms. */
    private List<Long> signals(long fromMillis, long toMillis, long waitedMillis) {
        List<Long> signals = new ArrayList<>();
        for (long at = fromMillis; at < toMillis; at++) {
            if (codel.judge(waitedMillis * MILLI, MUCH_BYTES, at * MILLI, aim)) {
                signals.add(at);
            }
        }
        return signals;
    }

    @Test
    void signalsComeAtTheIntervalOverTheRootOfTheirCount() {
        // above since 0; first at 100; then + 100/sqrt(1) = 200, + 70.7 = 270.7, + 57.7 = 328.4, + 50 = 378.4,
        // + 44.7 = 423.2, + 40.8 = 464.0 (463.97)
        assertThat(signals(0, 480, 20)).containsExactly(100L, 200L, 271L, 329L, 379L, 424L, 464L);
    }

    @Test
    void burstShorterThanAnIntervalIsLetThrough() {
        assertThat(signals(0, 100, 500)).isEmpty();
        assertThat(signals(100, 101, 4)).isEmpty();
        assertThat(signals(101, 201, 500)).isEmpty();
        assertThat(signals(201, 202, 500)).containsExactly(201L);
    }

    @Test
    void shortWaitEndsTheSignals() {
        assertThat(signals(0, 201, 20)).containsExactly(100L, 200L);
        assertThat(codel.judge(5 * MILLI - 1, MUCH_BYTES, 201 * MILLI, aim)).isFalse();
        assertThat(signals(202, 302, 20)).isEmpty();
    }

    @Test
    void queueThatComesBackSoonIsMetWithTheRateThatHelped() {
        assertThat(signals(0, 400, 20)).containsExactly(100L, 200L, 271L, 329L, 379L); // count is 5
        assertThat(signals(400, 401, 1)).isEmpty();
        // above since 401; 501: 5 - 1 = 4 signals since the count began, so on with 4: 100/sqrt(4) = 50, 44.7, 40.8
        assertThat(signals(401, 650, 20)).containsExactly(501L, 551L, 596L, 637L);
    }

    @Test
    void queueThatComesBackLateIsANewOne() {
        assertThat(signals(0, 400, 20)).hasSize(5);
        assertThat(signals(400, 401, 1)).isEmpty();
        long again = 424 + 16 * 100; // the sixth signal was due at 423.2
        assertThat(signals(again - 100, again + 110, 20)).containsExactly(again, again + 100);
    }

    @Test
    void queueThatComesBackAfterOneSignalStartsAnew() {
        assertThat(signals(0, 150, 20)).containsExactly(100L);
        assertThat(signals(150, 151, 1)).isEmpty();
        assertThat(signals(151, 360, 20)).containsExactly(251L, 351L);
    }

    @Test
    void lateJudgementCatchesUpFromWhenSignalsWereDue() {
        assertThat(signals(0, 101, 20)).containsExactly(100L);
        // due at 200, 270.7, 328.4: three packets that come to the head together
        long now = 329 * MILLI;
        assertThat(codel.judge(20 * MILLI, MUCH_BYTES, now, aim)).isTrue();
        assertThat(codel.judge(20 * MILLI, MUCH_BYTES, now, aim)).isTrue();
        assertThat(codel.judge(20 * MILLI, MUCH_BYTES, now, aim)).isTrue();
        assertThat(codel.judge(20 * MILLI, MUCH_BYTES, now, aim)).isFalse();
    }

    @Test
    void lastPacketNeverTellsOfAQueue() {
        for (long at = 0; at < 5_000; at++) {
            assertThat(codel.judge(900 * MILLI, Codel.MTU_BYTES, at * MILLI, aim))
                    .isFalse();
        }
        assertThat(signals(5_000, 5_101, 20)).containsExactly(5_100L);
        assertThat(codel.judge(900 * MILLI, 0, 5_200 * MILLI, aim)).isFalse();
    }

    @Test
    void clockMayBeginAnywhere() {
        for (long start : new long[] {Long.MAX_VALUE - 50 * MILLI, -150 * MILLI, 0}) {
            Codel anywhere = new Codel();
            int signals = 0;
            for (int i = 0; i < 300; i++) {
                signals += anywhere.judge(20 * MILLI, MUCH_BYTES, start + i * MILLI, aim) ? 1 : 0;
            }
            assertThat(signals).as("%s", start).isEqualTo(3);
        }
    }

    @Test
    void aimFollowsTheLinks() {
        aim.tune(5_000_000, MILLI, 0); // 3,000 bytes in 0.6 ms
        assertThat(aim.targetNanos()).isEqualTo(5 * MILLI);
        aim.tune(5_000_000, 20 * MILLI, 0);
        assertThat(aim.targetNanos()).isEqualTo(20 * MILLI);
        assertThat(aim.intervalNanos()).isEqualTo(100 * MILLI);
        assertThat(aim.pacingNanos()).isEqualTo(MILLI);
        aim.tune(37_500, 20 * MILLI, 0); // 0.3 Mbit/s: 80 ms
        assertThat(aim.targetNanos()).isEqualTo(80 * MILLI);
        assertThat(aim.pacingNanos()).isEqualTo(80 * MILLI);
        assertThat(aim.stallNanos()).isEqualTo(320 * MILLI);
        aim.tune(5_000_000, 240 * MILLI, 0);
        assertThat(aim.targetNanos()).isEqualTo(240 * MILLI);
        assertThat(aim.intervalNanos()).isEqualTo(240 * MILLI);
        assertThat(aim.stallNanos()).isEqualTo(20 * MILLI);
        aim.tune(0, 0, 0);
        assertThat(aim.intervalNanos()).as("nothing is known").isEqualTo(240 * MILLI);
        aim.tune(1, 100_000 * MILLI, 0);
        assertThat(aim.targetNanos()).isEqualTo(Aim.MOST_NANOS);
        assertThat(aim.intervalNanos()).isEqualTo(Aim.MOST_NANOS);
    }

    @Test
    void rateThatGrowsByAQuarterIsARampForAnInterval() {
        assertThat(aim.isRamping(0)).isFalse();
        aim.tune(1_000_000, 20 * MILLI, 0);
        assertThat(aim.isRamping(99 * MILLI)).isTrue();
        assertThat(aim.isRamping(100 * MILLI)).isFalse();
        aim.tune(1_240_000, 20 * MILLI, 200 * MILLI);
        assertThat(aim.isRamping(200 * MILLI)).isFalse();
        aim.tune(1_250_000, 20 * MILLI, 220 * MILLI);
        assertThat(aim.isRamping(319 * MILLI)).isTrue();
        aim.tune(900_000, 20 * MILLI, 400 * MILLI);
        assertThat(aim.isRamping(400 * MILLI)).isFalse();
        aim.tune(1_200_000, 20 * MILLI, 500 * MILLI);
        assertThat(aim.isRamping(500 * MILLI)).as("grew from what it fell to").isTrue();
    }

    @Test
    void servedClockStandsStillInAStall() {
        ServedClock clock = new ServedClock(aim);
        clock.onIdle(1_000 * MILLI);
        assertThat(clock.at(1_010 * MILLI)).isEqualTo(1_010 * MILLI);
        clock.onServed(1_010 * MILLI);
        assertThat(clock.at(1_030 * MILLI)).isEqualTo(1_030 * MILLI);
        assertThat(clock.at(1_400 * MILLI)).isEqualTo(1_030 * MILLI);
        clock.onServed(1_400 * MILLI);
        assertThat(clock.at(1_400 * MILLI)).isEqualTo(1_030 * MILLI);
        assertThat(clock.at(1_400 * MILLI + MICRO)).isEqualTo(1_030 * MILLI + MICRO);
        clock.onIdle(2_000 * MILLI);
        assertThat(clock.at(2_000 * MILLI)).isEqualTo(1_630 * MILLI);
    }
}
