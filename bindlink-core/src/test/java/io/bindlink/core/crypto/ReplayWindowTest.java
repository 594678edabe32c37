package io.bindlink.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bindlink.core.base.Seeds;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    @Test
    void agreesWithASetOfAllNumbersSeen() {
        Seeds.forEach(200, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            int bits = random.nextInt(1, 400);
            ReplayWindow window = new ReplayWindow(bits);
            Set<Long> seen = new HashSet<>();
            long highest = -1;
            long around = random.nextBoolean() ? 0 : random.nextLong(1L << 62);
            for (int i = 0; i < 2_000; i++) {
                around += random.nextInt(10) == 0 ? random.nextInt(3 * bits) : random.nextInt(3);
                long number = around + random.nextInt(-2 * bits, bits);
                boolean fresh = number >= 0 && number > highest - bits && !seen.contains(number);

                assertThat(window.check(number))
                        .as("number %d, highest %d", number, highest)
                        .isEqualTo(fresh);
                if (fresh && random.nextInt(4) != 0) { // the others are not authentic
                    window.mark(number);
                    seen.add(number);
                    highest = Math.max(highest, number);
                }
                assertThat(window.highest()).isEqualTo(highest);
            }
        });
    }

    @Test
    void reachesBackExactlyItsWidth() {
        ReplayWindow window = new ReplayWindow(64);
        window.mark(1_000);

        assertThat(window.check(1_000 - 63)).isTrue();
        assertThat(window.check(1_000 - 64)).isFalse();
        assertThat(window.check(0)).isFalse();
    }

    @Test
    void aLeapForgetsWhatLiesBehindAndKeepsNothingStale() {
        ReplayWindow window = new ReplayWindow(128);
        for (long number = 0; number < 300; number++) {
            window.mark(number);
        }
        long leap = 1L << 40;
        window.mark(leap);

        for (long number = leap - 127; number < leap; number++) {
            assertThat(window.check(number)).isTrue();
        }
        assertThat(window.check(leap)).isFalse();
    }

    @Test
    void checkingChangesNothing() {
        ReplayWindow window = new ReplayWindow(64);

        assertThat(window.check(Long.MAX_VALUE)).isTrue();
        assertThat(window.check(0)).isTrue();
        assertThat(window.highest()).isEqualTo(-1);
    }

    @Test
    void negativeNumbersAreNeverFresh() {
        assertThat(new ReplayWindow(64).check(-1)).isFalse();
        assertThat(new ReplayWindow(64).check(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void theLastNumberOfAllFits() {
        ReplayWindow window = new ReplayWindow(64);
        window.mark(Long.MAX_VALUE);

        assertThat(window.check(Long.MAX_VALUE)).isFalse();
        assertThat(window.check(Long.MAX_VALUE - 63)).isTrue();
        assertThat(window.check(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void markingTwiceIsOurBug() {
        ReplayWindow window = new ReplayWindow(64);
        window.mark(5);

        assertThatIllegalStateException().isThrownBy(() -> window.mark(5));
    }

    @Test
    void widthsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReplayWindow(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReplayWindow(1 << 25));
    }
}
