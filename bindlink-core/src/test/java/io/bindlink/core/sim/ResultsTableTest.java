package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Makes the table of results in docs/benchmarks.md, all of it when told to write, and else a few of its lines to see whether
 * it still says what the bond does. The simulator gives the same figures on every machine and JDK.
 */
class ResultsTableTest {
    private static final String COMMAND = "mvn -q test -pl bindlink-core -am -Dtest=ResultsTableTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dbindlink.results=write";
    private static final String BEGIN = "<!-- results: written by ResultsTableTest -->\n";
    private static final String END = "<!-- end of results -->\n";
    private static final Path DOCUMENT = root().resolve("docs/benchmarks.md");

    @Test
    void tableSaysWhatTheBondDoes() throws IOException {
        String document = Files.readString(DOCUMENT);
        if ("write".equals(System.getProperty("bindlink.results"))) {
            Files.writeString(DOCUMENT, replaced(document, table()));
            return;
        }
        List<String> missing = ResultsCase.all().stream()
                .map(line -> line.quick() ? line(line) : head(line))
                .filter(line -> !document.contains(line))
                .toList();

        assertThat(missing)
                .as("lines of the table in %s that do not say this any more; it is stale, run%n%s%n", DOCUMENT, COMMAND)
                .isEmpty();
    }

    private static String replaced(String document, String table) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        assertThat(begin).as("the line %s in %s", BEGIN, DOCUMENT).isNotNegative();
        assertThat(end).as("the line %s in %s", END, DOCUMENT).isGreaterThan(begin);
        return document.substring(0, begin + BEGIN.length()) + table + document.substring(end);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("""
                | varied | value | goodput, % | probe, ms | links' queue, ms | way, ms | order, ms | copies, % | gap, ms |
                |---|---|---|---|---|---|---|---|---|
                """);
        ResultsCase.all().forEach(line -> table.append(line(line)));
        return table.toString();
    }

    private static String line(ResultsCase line) {
        List<ResultsRun.Figures> runs = new ArrayList<>();
        for (ResultsRun.Bulk bulk : ResultsRun.Bulk.values()) {
            runs.add(ResultsRun.of(line, bulk));
        }
        return head(line)
                + cell(runs, run -> run.share())
                + cell(runs, run -> tenths(run.probeMicros()))
                + cell(runs, run -> tenths(run.queueMicros()))
                + cell(runs, run -> tenths(run.wayMicros()))
                + cell(runs, run -> tenths(run.orderMicros()))
                + cell(runs, run -> run.copies())
                + cell(runs, run -> run.gapMicros() < 0 ? -1 : tenths(run.gapMicros()))
                + "\n";
    }

    private static String head(ResultsCase line) {
        return "| " + line.group() + " | " + line.name() + " |";
    }

    /** Tenths of a millisecond. */
    private static long tenths(long micros) {
        return (micros + 50) / 100;
    }

    /** A figure of each run, told in tenths; under 0: there is none. */
    private static String cell(List<ResultsRun.Figures> runs, ToLongFunction<ResultsRun.Figures> figure) {
        return runs.stream().map(run -> decimal(figure.applyAsLong(run))).collect(Collectors.joining(" / ", " ", " |"));
    }

    /** Written by hand: how a number is rounded to text has changed between JDKs. */
    private static String decimal(long tenths) {
        return tenths < 0 ? "-" : tenths >= 1000 ? String.valueOf((tenths + 5) / 10) : tenths / 10 + "." + tenths % 10;
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, path -> path != null, Path::getParent)
                .filter(path -> Files.exists(path.resolve("docs/benchmarks.md")))
                .findFirst()
                .orElseThrow();
    }
}
