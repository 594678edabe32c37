package io.bindlink.cli.demo;

import io.bindlink.api.LinkStats;
import io.bindlink.api.Stats;
import io.bindlink.core.sim.LinkModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What each link does at the moment: rates over the last second, state and round trip. Not thread-safe. */
final class LiveTable {
    private static final long WINDOW_NANOS = 1_000_000_000;
    private static final int BAR_CELLS = 20;

    private final List<Phone> phones;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Counts at a moment. */
    private record Sample(long nanos, long receivedBytes, Stats stats) {}

    LiveTable(List<Phone> phones) {
        this.phones = phones;
    }

    /** Takes a look. */
    void add(long nowNanos, long receivedBytes, Stats slave) {
        samples.add(new Sample(nowNanos, receivedBytes, slave));
        while (samples.size() > 2 && nowNanos - second().nanos() >= WINDOW_NANOS) {
            samples.remove();
        }
    }

    /** The table, for a terminal. */
    List<String> table(double seconds, double done, String remark) {
        List<String> lines = new ArrayList<>();
        lines.add(format("  LINK      VIA                       STATE       Mbit/s  SHARE%21s RTT ms", ""));
        double total = totalMbit();
        for (Phone phone : phones) {
            LinkStats now = link(samples.getLast(), phone);
            double mbit = linkMbit(phone);
            lines.add(format(
                    "  %-9s %-25s %-10s %7.1f  %s %3.0f %% %6.0f",
                    phone.model().name(),
                    now == null ? "" : now.uri(),
                    state(now),
                    mbit,
                    bar(mbit, total),
                    share(mbit, total),
                    now == null ? 0 : now.rttNanos() / 1e6));
        }
        lines.add(format("  %-46s %7.1f  of the file, %3.0f %% done", "bonded", fileMbit(), 100 * done));
        lines.add(format("  %4.1f s  %s", seconds, remark));
        return lines;
    }

    /** The same on one line. */
    String line(double seconds, double done, String remark) {
        StringBuilder line = new StringBuilder(160);
        line.append(format("%4.1f s  %3.0f %%  %5.1f Mbit/s", seconds, 100 * done, fileMbit()));
        double total = totalMbit();
        for (Phone phone : phones) {
            LinkStats now = link(samples.getLast(), phone);
            double mbit = linkMbit(phone);
            line.append(format(
                    " | %s %s %.1f (%.0f %%) %.0f ms",
                    phone.model().name(),
                    state(now),
                    mbit,
                    share(mbit, total),
                    now == null ? 0 : now.rttNanos() / 1e6));
        }
        return remark.isEmpty()
                ? line.toString()
                : line.append(" | ").append(remark).toString();
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }

    private double fileMbit() {
        return mbit(samples.getLast().receivedBytes() - samples.getFirst().receivedBytes());
    }

    private double totalMbit() {
        return phones.stream().mapToDouble(this::linkMbit).sum();
    }

    /** What a link carries of IP packets. */
    private double linkMbit(Phone phone) {
        return mbit(ipBytes(link(samples.getLast(), phone)) - ipBytes(link(samples.getFirst(), phone)));
    }

    private double mbit(long bytes) {
        long nanos = samples.getLast().nanos() - samples.getFirst().nanos();
        return nanos <= 0 ? 0 : Math.max(0, bytes) * 8e3 / nanos;
    }

    private static long ipBytes(@Nullable LinkStats link) {
        return link == null ? 0 : link.sentBytes() + link.sentPackets() * LinkModel.DEFAULT_OVERHEAD_BYTES;
    }

    private static @Nullable LinkStats link(Sample sample, Phone phone) {
        return sample.stats().links().stream()
                .filter(link -> link.uri().port() == phone.port())
                .findFirst()
                .orElse(null);
    }

    private static String state(@Nullable LinkStats link) {
        return link == null ? "-" : link.state().name().toLowerCase(Locale.ROOT);
    }

    private static double share(double mbit, double total) {
        return total > 0 ? 100 * mbit / total : 0;
    }

    private static String bar(double mbit, double total) {
        int filled = total > 0 ? (int) Math.round(BAR_CELLS * mbit / total) : 0;
        return "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
