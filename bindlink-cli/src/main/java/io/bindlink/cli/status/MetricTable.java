package io.bindlink.cli.status;

import io.bindlink.api.Efficiency;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Stats;
import io.bindlink.core.Bindlink;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the library's figures is which metric. The names stay as they are; docs/operating.md explains each. A link
 * is told by its number and kind, since its address is nobody's business. Immutable.
 */
final class MetricTable {
    static final double NANOS_PER_SECOND = 1e9;
    private static final double UNKNOWN = Double.NaN; // a figure that is not known yet is left out

    /** A figure of each link. */
    private record LinkMetric(boolean cumulative, String name, String help, ToDoubleFunction<LinkStats> value) {}

    private static final List<LinkMetric> LINK_METRICS = List.of(
            gauge("link_up", "Whether the link is up.", link -> link.state() == LinkState.UP ? 1 : 0),
            counter("link_receive_bytes", "Bytes of authentic datagrams received.", LinkStats::receivedBytes),
            counter("link_receive_packets", "Authentic datagrams received.", LinkStats::receivedPackets),
            counter("link_transmit_bytes", "Bytes of datagrams sent.", LinkStats::sentBytes),
            counter("link_transmit_packets", "Datagrams sent.", LinkStats::sentPackets),
            counter("link_peer_receive_bytes", "Bytes the peer says it received.", LinkStats::peerReceivedBytes),
            counter(
                    "link_peer_receive_packets",
                    "Datagrams the peer says it received.",
                    LinkStats::peerReceivedPackets),
            counter("link_lost_packets", "Datagrams given up as lost.", LinkStats::lostPackets),
            counter(
                    "link_retransmitted_packets",
                    "Datagrams sent that carried what had been sent before, here or on another link.",
                    LinkStats::retransmittedPackets),
            gauge("link_smoothed_rtt_seconds", "Smoothed round-trip time.", link -> seconds(link.rttNanos())),
            gauge("link_min_rtt_seconds", "Least round-trip time of late.", link -> seconds(link.minRttNanos())),
            gauge(
                    "link_jitter_seconds",
                    "Mean deviation of the one-way delay.",
                    link -> link.jitterNanos() / NANOS_PER_SECOND),
            gauge(
                    "link_relative_delay_seconds",
                    "Delay towards the peer beyond that of the quickest link.",
                    link -> link.relativeDelayNanos() / NANOS_PER_SECOND),
            gauge("link_inflight_bytes", "Sent and neither acknowledged nor lost.", LinkStats::inFlightBytes),
            gauge("link_queued_bytes", "Estimated standing queue in the path.", LinkStats::queuedBytes),
            gauge(
                    "link_estimated_capacity_bytes_per_second",
                    "Estimated rate of delivery.",
                    LinkStats::rateBytesPerSecond),
            gauge("link_max_payload_bytes", "Largest payload of one datagram.", LinkStats::maxPayloadBytes),
            gauge("link_congestion_window_bytes", "How many may be in flight.", LinkStats::congestionWindowBytes),
            counter(
                    "link_duplicate_packets",
                    "Datagrams whose number had come before, or was too old to tell.",
                    LinkStats::duplicatePackets));

    /** Counters of the node that are one metric, told apart by a label; without a label there is one. */
    private record CounterMetric(String name, String help, String label, Map<String, String> counterOf) {}

    private static final String DROPPED = "dropped_packets";
    private static final String DROP_PREFIX = "dropped_"; // a counter of this kind that is not listed is a reason, too
    private static final String OTHER = "counter";

    private static final List<CounterMetric> COUNTER_METRICS = List.of(
            labelled(
                    DROPPED,
                    "Datagrams from the network and packets of users that were dropped.",
                    "reason",
                    "short=dropped_short version=dropped_version type=dropped_type receiver=dropped_receiver"
                            + " key=dropped_key auth=dropped_authentication replay=dropped_replay"
                            + " malformed=dropped_malformed budget=dropped_budget cookie=dropped_cookie"
                            + " socks=dropped_socks source=dropped_source framing=dropped_framing queue_full=queue_overflow mtu=dropped_mtu"
                            + " no_link=queue_aged queue_codel=queue_codel incomplete=mux_incomplete offload_refused=mux_offload_refused reorder_full=mux_held_overflow"
                            + " malformed_message=mux_malformed"),
            labelled(
                    "handshakes",
                    "Handshakes that were authentic, by what became of them.",
                    "result",
                    "completed=sessions refused=handshakes_refused"),
            plain("hellos_sent", "A slave's attempts at a handshake.", "hellos_sent"),
            plain("rekeys", "Renewals of keys.", "rekeys"),
            plain("links_learnt", "Links a master learnt of.", "links_learnt"),
            plain("addresses_learnt", "New addresses of links that were followed.", "addresses_learnt"),
            plain("marked_packets", "Packets of users that were marked instead of dropped.", "queue_ecn_marked"),
            plain("reorder_timeouts", "Missing chunks the receiver stopped waiting for.", "mux_holes_expired"),
            plain("duplicate_chunks", "Copies of what had arrived before.", "mux_duplicate"),
            plain("given_up_chunks", "Chunks lost for good, after they were sent again in vain.", "mux_given_up"),
            labelled(
                    "skipped_extensions",
                    "What a newer peer said and this node did not understand.",
                    "kind",
                    "frame=unknown_frames capability=unknown_capabilities message=mux_unknown"),
            labelled(
                    "socket_failures",
                    "What the system did not do with a datagram.",
                    "reason",
                    "send=send_failed send_buffer_full=send_buffer_full receive=receive_failed"),
            labelled(
                    "link_failures",
                    "Links that went down and attempts to make one that failed.",
                    "reason",
                    "timeout=link_failures_timeout refused=link_failures_refused auth=link_failures_auth"
                            + " no_udp=link_failures_no_udp control_closed=link_failures_control_closed"
                            + " icmp=link_failures_icmp other=link_failures_other"),
            plain("link_reconnects", "Times that a link came up again after it had been down.", "link_reconnects"),
            plain("tun_receive_bytes", "Bytes the device took from the bond.", "tun_receive_bytes"),
            plain("tun_receive_packets", "Packets the device took from the bond.", "tun_receive_packets"),
            plain("tun_transmit_bytes", "Bytes the device gave to the bond.", "tun_transmit_bytes"),
            plain("tun_transmit_packets", "Packets the device gave to the bond.", "tun_transmit_packets"),
            labelled(
                    "closed_connections",
                    "TCP connections of strangers that were closed.",
                    "reason",
                    "displaced=connections_displaced timed_out=connections_timed_out"),
            plain("tcp_fallbacks", "Times that TCP began to stand in for UDP.", "tcp_fallbacks"),
            plain("events_dropped", "Events a slow listener did not get.", "events_dropped"));

    private static final Set<String> IN_CAPACITY = Set.of( // where they come with the rest
            Efficiency.GOODPUT_COUNTER, Efficiency.COPIES_COUNTER, Efficiency.LATE_COUNTER, Efficiency.BACKLOG_COUNTER);

    private static final Set<String> LISTED = Stream.concat(
                    COUNTER_METRICS.stream().flatMap(metric -> metric.counterOf().values().stream()),
                    Stream.concat(IN_CAPACITY.stream(), DelayMetrics.COUNTERS.stream()))
            .collect(Collectors.toUnmodifiableSet());

    private final double startSeconds;

    /** Metrics of a node that was started at a time of the wall clock. */
    MetricTable(long startMillis) {
        startSeconds = startMillis / 1e3;
    }

    /** Whether a counter of the library's has a metric made for it. */
    static boolean lists(String counter) {
        return LISTED.contains(counter);
    }

    /** All metrics at one moment. */
    MetricSnapshots snapshots(Stats stats) {
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(build());
        all.add(gauge("tunnel_up", "Whether a session with the peer is up.", stats.sessionUp() ? 1 : 0));
        all.add(gauge("tunnel_start_time_seconds", "When the node was started, in Unix time.", startSeconds));
        all.add(states(stats.links()));
        LINK_METRICS.forEach(metric -> all.add(snapshot(metric, stats.links())));
        all.add(associations(stats.links()));
        addCapacity(stats.efficiencyTotal(), all);
        COUNTER_METRICS.forEach(metric -> all.add(snapshot(metric, stats)));
        all.addAll(DelayMetrics.snapshots(stats));
        others(stats).ifPresent(all::add);
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot build() {
        return InfoSnapshot.builder()
                .name("bindlink_build")
                .help("What is running.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version",
                                Bindlink.version(),
                                "revision",
                                Bindlink.revision(),
                                "jdk",
                                System.getProperty("java.version", "unknown")))
                        .build())
                .build();
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name("bindlink_" + name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static MetricSnapshot states(List<LinkStats> links) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("bindlink_link_state")
                .help("Which state the link is in: 1 for one of them.");
        for (LinkStats link : links) {
            for (LinkState state : LinkState.values()) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(link).add("state", state.name().toLowerCase(Locale.ROOT)))
                        .value(link.state() == state ? 1 : 0)
                        .build());
            }
        }
        return gauge.build();
    }

    private static MetricSnapshot associations(List<LinkStats> links) {
        Map<Labels, Double> asked = new LinkedHashMap<>();
        for (LinkStats link : links) {
            if (link.uri().scheme() == LinkUri.Scheme.SOCKS5) {
                asked.put(labels(link).add("result", "granted"), (double) link.socketsMade());
                asked.put(labels(link).add("result", "failed"), (double) link.socketsFailed());
            }
        }
        return counters("socks5_associations", "UDP associations asked of proxies.", asked);
    }

    private static void addCapacity(Efficiency total, List<MetricSnapshot> all) {
        Map<Labels, Double> used = new LinkedHashMap<>();
        total.bytes().forEach((cause, bytes) -> used.put(Labels.of("cause", cause.label()), (double) bytes));
        all.add(counters(
                "capacity_bytes",
                "What the links could have carried from here, as IP packets, by their estimated rates.",
                Map.of(Labels.EMPTY, (double) total.capacityBytes())));
        all.add(counters("capacity_used_bytes", "Where that went.", used));
    }

    private static MetricSnapshot snapshot(LinkMetric metric, List<LinkStats> links) {
        Map<Labels, Double> values = new LinkedHashMap<>();
        for (LinkStats link : links) {
            double value = metric.value().applyAsDouble(link);
            if (!Double.isNaN(value)) {
                values.put(labels(link), value);
            }
        }
        return metric.cumulative()
                ? counters(metric.name(), metric.help(), values)
                : gauges(metric.name(), metric.help(), values);
    }

    private static MetricSnapshot snapshot(CounterMetric metric, Stats stats) {
        Map<Labels, Double> values = new LinkedHashMap<>();
        metric.counterOf()
                .forEach((value, counter) ->
                        values.put(metric.label().isEmpty() ? Labels.EMPTY : Labels.of(metric.label(), value), (double)
                                stats.counter(counter)));
        if (metric.name().equals(DROPPED)) {
            stats.counters().forEach((counter, count) -> {
                if (counter.startsWith(DROP_PREFIX) && !lists(counter)) {
                    values.put(Labels.of("reason", counter.substring(DROP_PREFIX.length())), (double) count);
                }
            });
        }
        return counters(metric.name(), metric.help(), values);
    }

    /** What a multiplexer of the user's own counts. */
    private static Optional<MetricSnapshot> others(Stats stats) {
        Map<Labels, Double> values = new LinkedHashMap<>();
        new TreeMap<>(stats.counters()).forEach((counter, count) -> {
            if (!counter.startsWith(DROP_PREFIX) && !lists(counter)) {
                values.put(Labels.of("name", counter), (double) count);
            }
        });
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(counters(OTHER, "Counters of a multiplexer that is not built in.", values));
    }

    private static MetricSnapshot counters(String name, String help, Map<Labels, Double> values) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("bindlink_" + name).help(help);
        values.forEach((labels, value) -> counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return counter.build();
    }

    private static MetricSnapshot gauges(String name, String help, Map<Labels, Double> values) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("bindlink_" + name).help(help);
        values.forEach((labels, value) -> gauge.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return gauge.build();
    }

    /** What a link is told by. */
    static Labels labels(LinkStats link) {
        return Labels.of(
                "link", link.id().toString(), "type", link.uri().scheme().toString());
    }

    private static double seconds(long sampleNanos) {
        return sampleNanos == 0 ? UNKNOWN : sampleNanos / NANOS_PER_SECOND; // 0: there was no sample yet
    }

    private static LinkMetric gauge(String name, String help, ToDoubleFunction<LinkStats> value) {
        return new LinkMetric(false, name, help, value);
    }

    private static LinkMetric counter(String name, String help, ToDoubleFunction<LinkStats> value) {
        return new LinkMetric(true, name, help, value);
    }

    private static CounterMetric plain(String name, String help, String counter) {
        return new CounterMetric(name, help, "", Map.of("", counter));
    }

    /** {@code pairs} are {@code LABEL_VALUE=COUNTER}, with spaces between. */
    private static CounterMetric labelled(String name, String help, String label, String pairs) {
        Map<String, String> counterOf = new LinkedHashMap<>();
        for (String pair : pairs.split(" ", -1)) {
            counterOf.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return new CounterMetric(name, help, label, counterOf);
    }
}
