package io.bindlink.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Counter;
import io.bindlink.api.DelayHistogram;
import io.bindlink.api.Efficiency;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricTableTest {
    private static final DelayHistogram RTT =
            new DelayHistogram(List.of(10_000_000L, 20_000_000L), List.of(3L, 2L, 1L), 90_000_000);
    private static final Pattern CODE = Pattern.compile("`([a-z0-9_]+)`");

    @Test
    void linkWithoutASampleHasNoRoundTripTime() throws IOException {
        Exposition shown = shown(stats(link(LinkState.CONNECTING, 0), Map.of()));
        assertThat(shown.samples("bindlink_link_smoothed_rtt_seconds")).isEmpty();
        assertThat(shown.value("bindlink_link_up", "link", "7", "type", "socks5"))
                .isZero();
        assertThat(shown.value("bindlink_link_state", "link", "7", "type", "socks5", "state", "connecting"))
                .isEqualTo(1);
    }

    @Test
    void figuresAreInBaseUnits() throws IOException {
        Exposition shown = shown(stats(link(LinkState.UP, 25_000_000), Map.of("queue_overflow", 3L)));
        assertThat(shown.value("bindlink_link_smoothed_rtt_seconds", "link", "7", "type", "socks5"))
                .isEqualTo(0.025);
        assertThat(shown.value("bindlink_dropped_packets_total", "reason", "queue_full"))
                .isEqualTo(3);
    }

    @Test
    void roundTripsAreShownByTheirRange() throws IOException {
        Exposition shown = shown(stats(link(LinkState.UP, 1), Map.of()));
        assertThat(shown.value("bindlink_link_rtt_seconds_bucket", "link", "7", "type", "socks5", "le", "0.01"))
                .isEqualTo(3);
        assertThat(shown.value("bindlink_link_rtt_seconds_bucket", "link", "7", "type", "socks5", "le", "+Inf"))
                .isEqualTo(6);
        assertThat(shown.value("bindlink_link_rtt_seconds_sum", "link", "7", "type", "socks5"))
                .isEqualTo(0.09);
        assertThat(shown.value("bindlink_link_retransmitted_packets_total", "link", "7", "type", "socks5"))
                .isEqualTo(15);
    }

    @Test
    void waitsForOrderAreShownByTheirRangeAndWhatStillWaits() throws IOException {
        Map<String, Long> counters = Map.of(
                "mux_held",
                9L,
                "mux_reordered_5ms",
                4L,
                "mux_reordered_longer",
                2L,
                "mux_reordered_micros",
                3_000_000L);
        Exposition shown = shown(stats(link(LinkState.UP, 1), counters));
        assertThat(shown.value("bindlink_reorder_delay_seconds_bucket", "le", "0.02"))
                .isEqualTo(4);
        assertThat(shown.value("bindlink_reorder_delay_seconds_count")).isEqualTo(6);
        assertThat(shown.value("bindlink_reorder_delay_seconds_sum")).isEqualTo(3);
        assertThat(shown.value("bindlink_reorder_buffer_packets")).isEqualTo(3);
    }

    @Test
    void associationsAreCountedForEachLink() throws IOException {
        Exposition shown = shown(stats(link(LinkState.UP, 1), Map.of()));
        assertThat(shown.value(
                        "bindlink_socks5_associations_total", "link", "7", "result", "granted", "type", "socks5"))
                .isEqualTo(16);
        assertThat(shown.value("bindlink_socks5_associations_total", "link", "7", "result", "failed", "type", "socks5"))
                .isEqualTo(17);
    }

    @Test
    void capacityIsShownByWhereItWent() throws IOException {
        Efficiency total =
                new Efficiency(1000, Map.of(Efficiency.Cause.GOODPUT, 900L, Efficiency.Cause.NO_DEMAND, 40L));
        Stats stats = new Stats(Role.SLAVE, true, 1, List.of(), Map.of("sent_goodput_bytes", 900L), total, total);
        Exposition shown = shown(stats);
        assertThat(shown.value("bindlink_capacity_bytes_total")).isEqualTo(1000);
        assertThat(shown.value("bindlink_capacity_used_bytes_total", "cause", "goodput"))
                .isEqualTo(900);
        assertThat(shown.value("bindlink_capacity_used_bytes_total", "cause", "no_demand"))
                .isEqualTo(40);
        assertThat(shown.value("bindlink_capacity_used_bytes_total", "cause", "repaired"))
                .isZero();
        assertThat(shown.samples("bindlink_counter_total"))
                .isEmpty(); // the multiplexer's part of it is no counter of its own
    }

    @Test
    void nothingSecretIsShown() throws IOException {
        assertThat(text(stats(link(LinkState.UP, 1), Map.of())))
                .doesNotContain("someone")
                .doesNotContain("secret")
                .doesNotContain("phone.example");
    }

    @Test
    void counterOfAStrangersMultiplexerIsShownByItsName() throws IOException {
        Exposition shown = shown(stats(link(LinkState.UP, 1), Map.of("its \"own\"", 5L, "dropped_new", 2L)));
        assertThat(shown.value("bindlink_counter_total", "name", "its \\\"own\\\""))
                .isEqualTo(5);
        assertThat(shown.value("bindlink_dropped_packets_total", "reason", "new"))
                .isEqualTo(2);
    }

    @Test
    void everyCounterOfTheLibraryHasAMetric() {
        assertThat(Counter.values()).allMatch(counter -> MetricTable.lists(counter.label()));
    }

    @Test
    void whatRunsIsTold() throws IOException {
        assertThat(shown(stats(link(LinkState.UP, 1), Map.of())).samples("bindlink_build_info"))
                .singleElement()
                .asString()
                .contains("0.1.0");
    }

    @Test
    void everyMetricIsExplained() throws IOException {
        Set<String> published =
                shown(stats(link(LinkState.UP, 1), Map.of("mine", 1L))).types().keySet();
        Set<String> explained = CODE.matcher(section("Metrics"))
                .results()
                .map(match -> match.group(1))
                .filter(word -> word.startsWith("bindlink_"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(explained).containsExactlyInAnyOrderElementsOf(published);
    }

    /** {@code -Dbindlink.metrics=write} writes what there is. */
    @Test
    void whatIsPublishedStaysAsItIs() throws IOException {
        Map<String, Long> one = Map.of("mine", 1L);
        List<String> now = shown(stats(link(LinkState.UP, 1), one)).shapes();
        Path file = project().resolve("bindlink-cli/src/test/resources/metrics.txt");
        if ("write".equals(System.getProperty("bindlink.metrics"))) {
            Files.write(file, now);
        }
        assertThat(now)
                .as("names, types and labels are final: some are added, and none changes")
                .containsExactlyElementsOf(Files.readAllLines(file));
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath(); // the module's directory, or the project's
        return Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
    }

    private static String section(String title) throws IOException {
        String document = Files.readString(project().resolve("docs/operating.md"));
        int start = document.indexOf("\n## " + title + "\n");
        assertThat(start).as("section " + title).isPositive();
        int end = document.indexOf("\n## ", start + 1);
        return document.substring(start, end < 0 ? document.length() : end);
    }

    private static LinkStats link(LinkState state, long rttNanos) {
        LinkUri uri = LinkUri.parse("socks5://someone@phone.example:1080").withPassword("secret");
        return new LinkStats(
                new LinkId(7),
                uri,
                state,
                "",
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                rttNanos,
                rttNanos,
                8,
                9,
                10,
                11,
                12,
                1300,
                13,
                14,
                15,
                16,
                17,
                RTT);
    }

    private static Stats stats(LinkStats link, Map<String, Long> counters) {
        return new Stats(Role.SLAVE, true, 1, List.of(link), counters);
    }

    private static Exposition shown(Stats stats) throws IOException {
        return Exposition.parse(text(stats));
    }

    private static String text(Stats stats) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, new MetricTable(1000).snapshots(stats));
        return out.toString(StandardCharsets.UTF_8);
    }
}
