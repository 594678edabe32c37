package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.api.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Four scenarios as the lab runs them, one transfer of ten seconds each way with the start in it: what docs/benchmarks.md says
 * of the simulator beside the lab still holds, and the two do not differ by more than 15 %. When they do, the model is wrong
 * and must be mended before it is believed elsewhere.
 */
class LabComparisonTest {
    private static final double MOST_DIFFERENCE = 0.15;
    private static final double STALE = 0.03; // small changes of the engine need no new table
    private static final Duration TRANSFER = Duration.ofSeconds(10);
    private static final String PAIR = " (\\d+\\.\\d) / (\\d+\\.\\d) \\|";
    private static final Pattern ROW = Pattern.compile("\\| (`\\w+`[^|]*) \\|" + PAIR + PAIR + "\n");
    private static final Map<String, Scenario> SCENARIOS = Map.of(
            "`homog`", Scenario.HOMOG,
            "`homog`, link 1 alone", new Scenario("one", Scenario.HOMOG.links().subList(0, 1)),
            "`hetero`", Scenario.HETERO,
            "`lossy`", Scenario.LOSSY);

    @Test
    void simulatorSaysWhatTheLabDoes() throws IOException {
        String document = Files.readString(document());
        List<Matcher> rows =
                ROW.matcher(document).results().map(row -> match(row.group())).toList();
        assertThat(rows).extracting(row -> row.group(1)).containsExactlyInAnyOrderElementsOf(SCENARIOS.keySet());
        for (Matcher row : rows) {
            assertThat(document)
                    .as("what the lab's own table says")
                    .containsPattern(Pattern.quote("| " + row.group(1) + " | ") + "\\d+ \\| "
                            + Pattern.quote(row.group(2) + " / " + row.group(3) + " |"));
            compare(row, Role.SLAVE, 2);
            compare(row, Role.MASTER, 3);
        }
    }

    private static Matcher match(String row) {
        Matcher matcher = ROW.matcher(row);
        assertThat(matcher.matches()).isTrue();
        return matcher;
    }

    /** A column of the lab, and two further on the simulator's. */
    private static void compare(Matcher row, Role from, int column) {
        double lab = Double.parseDouble(row.group(column));
        double told = Double.parseDouble(row.group(column + 2));
        double found = mbit(SCENARIOS.get(row.group(1)), from);
        assertThat(found)
                .as("%s from the %s, in the document", row.group(1), from)
                .isCloseTo(told, within(STALE * told));
        assertThat(found)
                .as("%s from the %s, in the lab", row.group(1), from)
                .isCloseTo(lab, within(MOST_DIFFERENCE * lab));
    }

    private static double mbit(Scenario scenario, Role from) {
        SimBond bond = scenario.bond(1).build();
        bond.awaitUp(Duration.ofSeconds(10));
        bond.runFor(Duration.ofSeconds(1));
        GreedyFlow flow = GreedyFlow.start(bond, from, InnerControl.BBR); // as the lab's kernel has
        bond.runFor(TRANSFER);
        return flow.result().goodputMbit();
    }

    private static Path document() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, path -> path != null, Path::getParent)
                .map(path -> path.resolve("docs/benchmarks.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }
}
