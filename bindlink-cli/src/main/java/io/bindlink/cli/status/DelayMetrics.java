package io.bindlink.cli.status;

import io.bindlink.api.Counter;
import io.bindlink.api.DelayHistogram;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Stats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Metrics that are not one number: how long round trips took, and how long pieces waited for their turn. */
final class DelayMetrics {
    private static final double MICROS_PER_SECOND = 1e6;

    /** The counter of each range of waiting, and its upper end in seconds. */
    private static final Map<Counter, Double> WAITS = new LinkedHashMap<>();

    static {
        WAITS.put(Counter.MUX_REORDERED_1MS, 0.001);
        WAITS.put(Counter.MUX_REORDERED_5MS, 0.005);
        WAITS.put(Counter.MUX_REORDERED_20MS, 0.02);
        WAITS.put(Counter.MUX_REORDERED_50MS, 0.05);
        WAITS.put(Counter.MUX_REORDERED_100MS, 0.1);
        WAITS.put(Counter.MUX_REORDERED_200MS, 0.2);
        WAITS.put(Counter.MUX_REORDERED_500MS, 0.5);
        WAITS.put(Counter.MUX_REORDERED_LONGER, Double.POSITIVE_INFINITY);
    }

    /** The library's counters that are shown here, by name. */
    static final Set<String> COUNTERS = Stream.concat(
                    WAITS.keySet().stream(), Stream.of(Counter.MUX_HELD, Counter.MUX_REORDERED_MICROS))
            .map(Counter::label)
            .collect(Collectors.toUnmodifiableSet());

    private DelayMetrics() {}

    /** All of them at one moment. */
    static List<MetricSnapshot> snapshots(Stats stats) {
        return List.of(roundTrips(stats.links()), waits(stats), waiting(stats));
    }

    private static MetricSnapshot roundTrips(List<LinkStats> links) {
        HistogramSnapshot.Builder all =
                HistogramSnapshot.builder().name("bindlink_link_rtt_seconds").help("Round-trip times measured.");
        for (LinkStats link : links) {
            DelayHistogram rtt = link.rtt();
            List<Double> bounds = new ArrayList<>();
            rtt.boundsNanos().forEach(nanos -> bounds.add(nanos / MetricTable.NANOS_PER_SECOND));
            bounds.add(Double.POSITIVE_INFINITY);
            all.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(MetricTable.labels(link))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, rtt.counts()))
                    .sum(rtt.sumNanos() / MetricTable.NANOS_PER_SECOND)
                    .build());
        }
        return all.build();
    }

    private static MetricSnapshot waits(Stats stats) {
        List<Long> counts = WAITS.keySet().stream().map(stats::counter).toList();
        return HistogramSnapshot.builder()
                .name("bindlink_reorder_delay_seconds")
                .help("How long pieces were held back for order, of those that were.")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(List.copyOf(WAITS.values()), counts))
                        .sum(stats.counter(Counter.MUX_REORDERED_MICROS) / MICROS_PER_SECOND)
                        .build())
                .build();
    }

    private static MetricSnapshot waiting(Stats stats) {
        long released = WAITS.keySet().stream().mapToLong(stats::counter).sum();
        return GaugeSnapshot.builder()
                .name("bindlink_reorder_buffer_packets")
                .help("Pieces held back for order now.")
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.EMPTY)
                        .value(stats.counter(Counter.MUX_HELD) - (double) released)
                        .build())
                .build();
    }
}
