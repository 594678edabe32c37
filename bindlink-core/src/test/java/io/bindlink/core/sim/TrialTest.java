package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkView;
import io.bindlink.api.Scheduler;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final Scheduler FIRST_ALONE = (packet, links, picks) -> {
        for (LinkView link : links) {
            if (link.rank() == 0) {
                picks.add(link);
            }
        }
    };

    @Test
    void aSchedulerThatUsesOneLinkGetsThatLinkAndLosesItWhenItIsCut() {
        List<Trial> trials = Trial.compare("first alone", () -> FIRST_ALONE, List.of(Scenario.HOMOG));
        Trial adaptive = trials.get(0);
        Trial alone = trials.get(1);
        assertThat(adaptive.scheduler()).isEqualTo(Trial.DEFAULT_SCHEDULER);
        assertThat(alone.goodput()).isBetween(0.3, 0.5);
        assertThat(adaptive.goodput()).isGreaterThan(1.5 * alone.goodput());
        assertThat(adaptive.gapNanos()).isLessThan(alone.gapNanos());
        assertThat(Trial.table(trials))
                .startsWith("| scenario | scheduler | goodput, % |")
                .contains("\n| homog | adaptive | ")
                .contains("\n| homog | first alone | ")
                .hasLineCount(4);
        assertThat(Trial.run(Scenario.HOMOG, "first alone", () -> FIRST_ALONE, 1))
                .isEqualTo(alone);
    }
}
