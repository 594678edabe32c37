package io.bindlink.core.sim;

import java.util.Arrays;
import java.util.BitSet;

/** Counts what becomes of a flow's packets, which are numbered from 0 as they are sent. Confined to its flow. */
final class FlowMeter {
    private final BitSet delivered = new BitSet();
    private int sent;
    private int highest = -1;

    private int firstMeasured; // numbers below were sent before the measurement
    private long sinceNanos;
    private long lastNanos;
    private long longestGapNanos;
    private long duplicates;
    private long reordered;
    private long altered;
    private long goodputBytes;
    private long[] delaysNanos = new long[1024];
    private int delays;

    FlowMeter(long nowNanos) {
        measure(nowNanos);
    }

    /** Forgets what was measured; packets under way count neither as sent nor as missing. */
    void measure(long nowNanos) {
        firstMeasured = sent;
        sinceNanos = nowNanos;
        lastNanos = nowNanos;
        longestGapNanos = 0;
        duplicates = 0;
        reordered = 0;
        altered = 0;
        goodputBytes = 0;
        delays = 0;
    }

    /** Number for the next packet. */
    int nextNumber() {
        return sent;
    }

    void onSent() {
        sent++;
    }

    /** A packet came out; true when it did for the first time. */
    boolean onDelivered(long number, boolean intact, long delayNanos, long nowNanos) {
        longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
        lastNanos = nowNanos;
        if (!intact || number < 0 || number >= sent) {
            altered++;
            return false;
        }
        int index = (int) number;
        if (delivered.get(index)) {
            duplicates++;
            return false;
        }
        delivered.set(index);
        reordered += index < highest ? 1 : 0;
        highest = Math.max(highest, index);
        addDelay(delayNanos);
        return true;
    }

    void onGoodput(long bytes) {
        goodputBytes += bytes;
    }

    FlowResult result(long nowNanos) {
        long[] sorted = Arrays.copyOf(delaysNanos, delays);
        Arrays.sort(sorted);
        int arrived =
                delivered.get(firstMeasured, Math.max(firstMeasured, sent)).cardinality();
        return new FlowResult(
                nowNanos - sinceNanos,
                sent - firstMeasured,
                arrived,
                sent - firstMeasured - arrived,
                duplicates,
                reordered,
                altered,
                goodputBytes,
                percentile(sorted, 0.5),
                percentile(sorted, 0.95),
                percentile(sorted, 0.99),
                percentile(sorted, 1),
                Math.max(longestGapNanos, nowNanos - lastNanos));
    }

    private void addDelay(long delayNanos) {
        if (delays == delaysNanos.length) {
            delaysNanos = Arrays.copyOf(delaysNanos, delays * 2);
        }
        delaysNanos[delays++] = delayNanos;
    }

    private static long percentile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
