package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The receiving half of a modelled QUIC connection: acknowledges every second packet, or after 25 ms, and at once what is
 * out of order (RFC 9000 section 13.2). Confined to its flow.
 */
final class QuicReceiver {
    static final int MAX_RANGES = 32;
    private static final long DELAYED_NANOS = 25 * Rates.NANOS_PER_MILLI;
    private static final int PACKETS_PER_ACK = 2;

    private final TreeMap<Long, Long> numbers = new TreeMap<>(); // first to last
    private final TreeMap<Long, Long> ahead = new TreeMap<>(); // begin to end of the stream's bytes
    private long expected; // of the stream
    private long largestNanos; // when the highest number arrived
    private int unacknowledged;
    private long deadlineNanos = Long.MAX_VALUE;

    /** Takes a packet; answers how many bytes of the stream have come into order by it. */
    long handlePacket(long number, long offset, int bytes, long nowNanos) {
        boolean inOrder = numbers.isEmpty() || number == numbers.lastEntry().getValue() + 1;
        if (numbers.isEmpty() || number > numbers.lastEntry().getValue()) {
            largestNanos = nowNanos;
        }
        insert(numbers, number, number, 1);
        while (numbers.size() > MAX_RANGES) {
            numbers.pollFirstEntry();
        }
        unacknowledged++;
        deadlineNanos = inOrder && unacknowledged < PACKETS_PER_ACK
                ? Math.min(deadlineNanos, nowNanos + DELAYED_NANOS)
                : nowNanos;
        long before = expected;
        if (offset + bytes > expected) {
            insert(ahead, offset, offset + bytes, 0);
        }
        while (!ahead.isEmpty() && ahead.firstKey() <= expected) {
            expected = Math.max(expected, ahead.pollFirstEntry().getValue());
        }
        return expected - before;
    }

    long pollTimeout() {
        return deadlineNanos;
    }

    /** Since when the highest number has waited for its acknowledgement. */
    long largestNanos() {
        return largestNanos;
    }

    /** Ranges of numbers, first and last, the highest first; an acknowledgement tells them now. */
    long[] takeRanges() {
        unacknowledged = 0;
        deadlineNanos = Long.MAX_VALUE;
        long[] ranges = new long[2 * numbers.size()];
        int i = 0;
        for (Map.Entry<Long, Long> range : numbers.descendingMap().entrySet()) {
            ranges[i++] = range.getKey();
            ranges[i++] = range.getValue();
        }
        return ranges;
    }

    /** Adds an interval to a map of them, joining what touches; {@code gap} is how far apart neighbours may be. */
    private static void insert(NavigableMap<Long, Long> intervals, long begin, long end, int gap) {
        long from = begin;
        long to = end;
        Map.Entry<Long, Long> left = intervals.floorEntry(begin);
        if (left != null && left.getValue() + gap >= begin) {
            from = left.getKey();
            to = Math.max(to, left.getValue());
        }
        Map.Entry<Long, Long> right = intervals.ceilingEntry(from);
        while (right != null && right.getKey() <= to + gap) {
            to = Math.max(to, right.getValue());
            intervals.remove(right.getKey());
            right = intervals.ceilingEntry(from);
        }
        intervals.put(from, to);
    }
}
