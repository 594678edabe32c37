package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkStatus;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import io.bindlink.core.base.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node did of late: its last events, and counts taken whenever somebody asks, from which rates follow. Nothing is
 * kept of a session that is over but its events. Thread-safe.
 */
final class StatusHistory {
    private static final long RATE_NANOS = Rates.NANOS_PER_SECOND;
    private static final long LOSS_NANOS = 10 * Rates.NANOS_PER_SECOND;
    private static final long STEP_NANOS =
            Rates.NANOS_PER_SECOND / 5; // whoever asks more often gets no more samples kept

    private static final Counts NONE = new Counts(0, 0, 0, 0);

    private final String device;
    private final long startNanos;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<Status.Happening> events = new ArrayDeque<>();
    private long session;

    /** Counts of one link. */
    private record Counts(long received, long sent, long sentPackets, long lostPackets) {
        static Counts of(LinkStats link) {
            return new Counts(link.receivedBytes(), link.sentBytes(), link.sentPackets(), link.lostPackets());
        }
    }

    private record Sample(long nanos, Map<LinkId, Counts> links) {
        Counts of(LinkStats link) {
            return links.getOrDefault(link.id(), NONE);
        }
    }

    StatusHistory(String device, long nowNanos) {
        this.device = device;
        this.startNanos = nowNanos;
        samples.add(new Sample(nowNanos, Map.of()));
    }

    /** Something happened. */
    synchronized void handleEvent(Event event, Instant at) {
        if (events.size() == Status.MAX_EVENTS) {
            events.remove();
        }
        events.add(new Status.Happening(at, event));
    }

    /** The node as it is, with figures just taken. */
    synchronized Status status(Stats stats, long nowNanos) {
        if (stats.sessions() != session) {
            session = stats.sessions();
            samples.clear();
        }
        Sample now = new Sample(nowNanos, counts(stats));
        if (samples.isEmpty()) {
            samples.add(now);
        }
        Status status = new Status(
                stats,
                device,
                Duration.ofNanos(nowNanos - startNanos),
                links(stats, before(nowNanos - RATE_NANOS), before(nowNanos - LOSS_NANOS), nowNanos),
                new ArrayList<>(events));
        keep(now);
        return status;
    }

    private static Map<LinkId, Counts> counts(Stats stats) {
        Map<LinkId, Counts> counts = new HashMap<>();
        stats.links().forEach(link -> counts.put(link.id(), Counts.of(link)));
        return counts;
    }

    private void keep(Sample now) {
        if (now.nanos() - samples.getLast().nanos() >= STEP_NANOS) {
            samples.add(now);
        }
        while (samples.size() > 1 && now.nanos() - second().nanos() >= LOSS_NANOS) {
            samples.remove();
        }
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }

    /** The newest sample that is as old as this, else the oldest. */
    private Sample before(long nanos) {
        Sample found = samples.getFirst();
        for (Sample each : samples) {
            if (each.nanos() - nanos > 0) {
                break;
            }
            found = each;
        }
        return found;
    }

    private static List<LinkStatus> links(Stats stats, Sample forRate, Sample forLoss, long nowNanos) {
        double seconds = (double) (nowNanos - forRate.nanos()) / Rates.NANOS_PER_SECOND;
        long all = stats.links().stream()
                .mapToLong(link -> moved(link, forRate.of(link)))
                .sum();
        List<LinkStatus> links = new ArrayList<>();
        for (LinkStats link : stats.links()) {
            Counts rate = forRate.of(link);
            Counts loss = forLoss.of(link);
            links.add(new LinkStatus(
                    link,
                    perSecond(link.receivedBytes() - rate.received(), seconds),
                    perSecond(link.sentBytes() - rate.sent(), seconds),
                    ratio(link.lostPackets() - loss.lostPackets(), link.sentPackets() - loss.sentPackets()),
                    ratio(moved(link, rate), all)));
        }
        return links;
    }

    private static long moved(LinkStats link, Counts before) {
        return Math.max(link.receivedBytes() - before.received() + link.sentBytes() - before.sent(), 0);
    }

    private static long perSecond(long bytes, double seconds) {
        return seconds <= 0 ? 0 : Math.max(Math.round(bytes / seconds), 0);
    }

    private static double ratio(long part, long whole) {
        return whole <= 0 ? 0 : Math.min(Math.max((double) part / whole, 0), 1);
    }
}
