package io.bindlink.cli.demo;

import io.bindlink.api.Efficiency;
import io.bindlink.cli.terminal.Screen;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of it. Rates of links count IP packets, the bonded rate counts the file's bytes alone, so that even a bond
 * without any loss stays some percent under the sum. Immutable.
 *
 * @param sumMbit what the links could carry while the file was on its way, the cut taken out
 * @param bondedMbit the file's size over the time from connection to last byte
 * @param bestMbit what the fastest link could have carried alone, had it not been cut
 * @param longestGapNanos the longest time without data that touched the cut
 * @param hash the file's SHA-256, equal at both ends
 * @param efficiency the slave's own account of what its links could carry
 */
record Report(
        double sumMbit, double bondedMbit, double bestMbit, long longestGapNanos, String hash, Efficiency efficiency) {
    private static final double WORTH_A_WORD = 0.005;

    private static final long AFTER_CUT_NANOS = 1_000_000_000; // the return may disturb too

    static Report of(
            List<PhoneModel> phones,
            int cut,
            long cutNanos,
            long restoredNanos,
            Transfer transfer,
            Efficiency efficiency) {
        double seconds = transfer.durationNanos() / 1e9;
        long endNanos = transfer.startNanos() + transfer.durationNanos();
        double cutSeconds = Math.max(0, Math.min(restoredNanos - cutNanos, endNanos - cutNanos)) / 1e9;
        return new Report(
                mbit(capacityBytes(phones, seconds, cut, cutSeconds), seconds),
                mbit((double) transfer.receivedBytes(), seconds),
                phones.stream().mapToDouble(PhoneModel::rateMbit).max().orElseThrow(),
                transfer.longestGapNanos(cutNanos, restoredNanos + AFTER_CUT_NANOS),
                transfer.hash(),
                efficiency);
    }

    /** What phones can carry in a time, one of them cut for a part of it. */
    static double capacityBytes(List<PhoneModel> phones, double seconds, int cut, double cutSeconds) {
        return phones.stream().mapToDouble(PhoneModel::rateBytesPerSecond).sum() * seconds
                - phones.get(cut).rateBytesPerSecond() * cutSeconds;
    }

    void print(Screen screen) {
        screen.line("");
        line(screen, "sum of the links", "%.1f Mbit/s of IP packets, the time of the cut taken out", sumMbit);
        line(screen, "bonded rate", "%.1f Mbit/s of the file", bondedMbit);
        line(screen, "percent of the sum", "%.1f %%", 100 * bondedMbit / sumMbit);
        line(screen, "best single link", "%.1f Mbit/s of IP packets, if never cut", bestMbit);
        line(screen, "longest time without data at the cut", "%.2f s", longestGapNanos / 1e9);
        line(screen, "where the links' capacity went", "%s", causes());
        line(screen, "SHA-256", "ok, %s", hash);
    }

    private String causes() {
        return Stream.of(Efficiency.Cause.values())
                .filter(cause -> efficiency.share(cause) >= WORTH_A_WORD)
                .map(cause -> String.format(
                        Locale.ROOT, "%s %.0f %%", cause.label().replace('_', ' '), 100 * efficiency.share(cause)))
                .collect(Collectors.joining(", "));
    }

    private static void line(Screen screen, String what, String format, Object value) {
        screen.line(String.format(Locale.ROOT, "%-38s", what) + String.format(Locale.ROOT, format, value));
    }

    private static double mbit(double bytes, double seconds) {
        return bytes * 8e-6 / seconds;
    }
}
