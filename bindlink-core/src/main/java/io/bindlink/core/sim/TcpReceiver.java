package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The receiving half of a modelled TCP connection: order, delayed acknowledgements (RFC 1122 section 4.2.3.2), selective
 * ones (RFC 2018), news of copies (RFC 2883) and timestamps (RFC 7323). Confined to its flow.
 */
final class TcpReceiver {
    static final int MAX_BLOCKS = 3; // what fits the options beside a timestamp

    private static final long DELAYED_NANOS = 40 * Rates.NANOS_PER_MILLI; // Linux's least
    private static final int SEGMENTS_PER_ACK = 2;
    private static final int RECENT = 256; // segments whose blocks can be found again

    private final TreeMap<Long, Long> ahead = new TreeMap<>(); // begin to end of what came before its turn
    private final List<long[]> blocks = new ArrayList<>();
    private long expected;
    private final Deque<Long> latest = new ArrayDeque<>(); // of what came before its turn, the newest first
    private int unacknowledged;
    private long acknowledged; // the edge that was told last
    private long echoMillis; // when the segment that moved or began there was sent
    private long copyBegin; // what came again since the last acknowledgement; none while the end is 0
    private long copyEnd;
    private long deadlineNanos = Long.MAX_VALUE;

    /** Takes a segment; answers how many bytes have come into order by it. */
    long handleSegment(long sequence, int bytes, long sentMillis, long nowNanos) {
        unacknowledged++;
        if (sequence <= acknowledged) {
            echoMillis = Math.max(echoMillis, sentMillis);
        }
        boolean hole = !ahead.isEmpty();
        long before = expected;
        if (isHere(sequence, sequence + bytes)) {
            copyBegin = sequence;
            copyEnd = sequence + bytes;
        } else if (sequence > expected) {
            remember(sequence);
            insert(sequence, sequence + bytes);
        } else if (sequence + bytes > expected) {
            expected = sequence + bytes;
            absorb();
        }
        boolean inOrder = !hole && ahead.isEmpty() && expected > before;
        deadlineNanos = inOrder && unacknowledged < SEGMENTS_PER_ACK
                ? Math.min(deadlineNanos, nowNanos + DELAYED_NANOS)
                : nowNanos;
        return expected - before;
    }

    /** When an acknowledgement is due. */
    long pollTimeout() {
        return deadlineNanos;
    }

    void onAckSent() {
        unacknowledged = 0;
        acknowledged = expected;
        copyEnd = 0;
        deadlineNanos = Long.MAX_VALUE;
    }

    /** The sequence all below which is here. */
    long expected() {
        return expected;
    }

    /** The time of sending that an acknowledgement echoes. */
    long echoMillis() {
        return echoMillis;
    }

    /**
     * Begin and end of what came again, if any did, and of what came before its turn, the newest first; at most three. So
     * each block is told of three times, and acknowledgements may be lost (RFC 2018 section 4).
     */
    List<long[]> blocks() {
        blocks.clear();
        if (copyEnd > 0) {
            blocks.add(new long[] {copyBegin, copyEnd});
        }
        for (Iterator<Long> recent = latest.iterator(); recent.hasNext() && blocks.size() < MAX_BLOCKS; ) {
            Map.Entry<Long, Long> block = ahead.floorEntry(recent.next());
            if (block == null) {
                recent.remove(); // it has come into order
            } else if (blocks.stream().noneMatch(told -> told[0] == block.getKey())) {
                blocks.add(new long[] {block.getKey(), block.getValue()});
            }
        }
        return blocks;
    }

    private void remember(long sequence) {
        latest.addFirst(sequence);
        if (latest.size() > RECENT) {
            latest.removeLast();
        }
    }

    private boolean isHere(long begin, long end) {
        Map.Entry<Long, Long> block = ahead.floorEntry(begin);
        return end <= expected || (block != null && block.getValue() >= end);
    }

    private void insert(long begin, long end) {
        long from = begin;
        long to = end;
        Map.Entry<Long, Long> left = ahead.floorEntry(begin);
        if (left != null && left.getValue() >= begin) {
            from = left.getKey();
            to = Math.max(to, left.getValue());
        }
        for (Map.Entry<Long, Long> right = ahead.ceilingEntry(from);
                right != null && right.getKey() <= to;
                right = ahead.ceilingEntry(from)) {
            to = Math.max(to, right.getValue());
            ahead.remove(right.getKey());
        }
        ahead.put(from, to);
    }

    private void absorb() {
        while (!ahead.isEmpty() && ahead.firstKey() <= expected) {
            expected = Math.max(expected, ahead.pollFirstEntry().getValue());
        }
    }
}
