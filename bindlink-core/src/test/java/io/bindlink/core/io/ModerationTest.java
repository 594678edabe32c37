package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long SECOND = 1_000_000_000;
    private static final long LATER = Long.MAX_VALUE;

    private final List<Long> rests = new ArrayList<>();
    private final Moderation moderation = new Moderation(rests::add);
    private long now;

    @Test
    void slowTrafficIsNeverHeldUp() {
        serve(1, 500, LATER);
        assertThat(rests).isEmpty();
    }

    @Test
    void packetsThatComeThickButOneByOneAreGathered() {
        serve(1, 3_000, LATER);
        assertThat(rests).hasSizeGreaterThan(2_000).containsOnly(Moderation.REST_NANOS);
    }

    @Test
    void packetsThatComeTogetherNeedNoRest() {
        serve(8, 1_000, LATER);
        assertThat(rests).isEmpty();
    }

    @Test
    void fastTrafficIsNotHeldUp() {
        serve(4, 10_000, LATER);
        rests.clear();
        serve(4, 10_000, LATER);
        assertThat(rests).isEmpty();
    }

    @Test
    void restEndsWhenSomethingIsDue() {
        serve(1, 3_000, 300_000);
        assertThat(rests).isNotEmpty().containsOnly(300_000L);
        rests.clear();
        serve(1, 3_000, 0);
        assertThat(rests).isEmpty();
    }

    @Test
    void burstAfterAPauseIsServedAtOnce() {
        serve(1, 3_000, LATER);
        rests.clear();
        now += SECOND;
        moderation.served(3, now, LATER);
        assertThat(rests).isEmpty();
    }

    /** A second of packets, so many at a time. */
    private void serve(int together, int timesPerSecond, long untilNanos) {
        for (int i = 0; i < timesPerSecond; i++) {
            now += SECOND / timesPerSecond;
            moderation.served(together, now, untilNanos);
        }
    }
}
