package io.bindlink.core.io;

import io.bindlink.core.base.DropReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What happens outside the engine and is counted rather than logged. Thread-safe. */
final class IoCounters {
    /** A send failed: no route, no buffer, interface down. The datagram is lost like any other. */
    final LongAdder sendFailed = new LongAdder();

    /** The system's send buffer was full. The datagram is lost like any other. */
    final LongAdder sendBufferFull = new LongAdder();

    /** A read failed; the socket was kept. */
    final LongAdder receiveFailed = new LongAdder();

    /** A SOCKS header that makes no sense, or a fragment. */
    final LongAdder socks = new LongAdder();

    /** A datagram that did not come from the relay. */
    final LongAdder source = new LongAdder();

    /** An event that a slow listener did not get. */
    final LongAdder eventsDropped = new LongAdder();

    /** The node's counters with these added. */
    Map<String, Long> mergedWith(Map<String, Long> counters) {
        Map<String, Long> merged = new TreeMap<>(counters);
        add(merged, "send_failed", sendFailed);
        add(merged, "send_buffer_full", sendBufferFull);
        add(merged, "receive_failed", receiveFailed);
        add(merged, DropReason.SOCKS.counter(), socks);
        add(merged, DropReason.SOURCE.counter(), source);
        add(merged, "events_dropped", eventsDropped);
        return merged;
    }

    private static void add(Map<String, Long> merged, String counter, LongAdder adder) {
        merged.merge(counter, adder.sum(), Long::sum);
    }
}
