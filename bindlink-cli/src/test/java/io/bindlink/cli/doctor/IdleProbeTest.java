package io.bindlink.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.IdleTimeout.Outcome;
import io.bindlink.core.IdleTimeout.Silence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleProbeTest {
    @Test
    void longestSilenceIsAmongTheUsualOnes() {
        assertThat(IdleProbe.lengths(Duration.ofSeconds(3))).containsExactly(Duration.ofSeconds(3));
        assertThat(IdleProbe.lengths(Duration.ofSeconds(30)))
                .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(IdleProbe.lengths(Duration.ofSeconds(200)))
                .extracting(Duration::toSeconds)
                .containsExactly(10L, 30L, 60L, 120L, 200L);
    }

    @Test
    void timeIsToldAsExactlyAsItIsKnown() {
        assertThat(text(Outcome.KEPT, Outcome.KEPT)).isEqualTo("an idle mapping is kept for 30 s and more");
        assertThat(text(Outcome.KEPT, Outcome.CHANGED))
                .isEqualTo(
                        "an idle mapping is kept for 10 to 30 s; afterwards a new one is made; a bond is never idle");
        assertThat(text(Outcome.LOST, Outcome.LOST))
                .isEqualTo("an idle mapping is kept for less than 10 s; afterwards nothing comes through;"
                        + " a bond is never idle");
        assertThat(text(Outcome.KEPT, Outcome.UNKNOWN)).isEqualTo("an idle mapping is kept for 10 s and more");
        assertThat(text(Outcome.UNKNOWN)).isEqualTo("how long an idle mapping is kept could not be told");
        assertThat(text()).isEqualTo("how long an idle mapping is kept could not be told");
    }

    private static String text(Outcome... outcomes) {
        List<Silence> silences = new ArrayList<>();
        int[] seconds = {10, 30};
        for (int i = 0; i < outcomes.length; i++) {
            silences.add(new Silence(Duration.ofSeconds(seconds[i]), outcomes[i]));
        }
        return IdleProbe.text(silences);
    }
}
