package io.bindlink.core.io;

import io.bindlink.api.Counter;
import io.bindlink.core.base.DropReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What happens outside the engine and is counted rather than logged. Thread-safe. */
final class IoCounters {
    /** A send failed: no route, no buffer, interface down. The datagram is lost like any other. */
    final LongAdder sendFailed = new LongAdder();

    /** The system's send buffer was full. The datagram is lost like any other. */
    final LongAdder sendBufferFull = new LongAdder();

    /** A datagram was larger than the way out takes. It is lost like any other. */
    final LongAdder tooLarge = new LongAdder();

    /** A read failed; the socket was kept. */
    final LongAdder receiveFailed = new LongAdder();

    /** A SOCKS header that makes no sense, or a fragment. */
    final LongAdder socks = new LongAdder();

    /** A datagram that did not come from the relay. */
    final LongAdder source = new LongAdder();

    /** Bytes on a connection that are no datagrams. It was closed. */
    final LongAdder framing = new LongAdder();

    /** A connection that had proved nothing yet and was closed because newer ones came. */
    final LongAdder connectionsDisplaced = new LongAdder();

    /** A connection through which nothing authentic came in time. */
    final LongAdder connectionsTimedOut = new LongAdder();

    /** An event that a slow listener did not get. */
    final LongAdder eventsDropped = new LongAdder();

    /** Bytes the device took, and packets. */
    final LongAdder tunReceivedBytes = new LongAdder();

    final LongAdder tunReceivedPackets = new LongAdder();

    /** Bytes the device gave, and packets. */
    final LongAdder tunSentBytes = new LongAdder();

    final LongAdder tunSentPackets = new LongAdder();

    private final Map<Counter, LongAdder> rare = new EnumMap<>(Counter.class); // filled here and then only read

    IoCounters() {
        for (LinkFailure failure : LinkFailure.values()) {
            rare.put(failure.counter(), new LongAdder());
        }
        rare.put(Counter.LINK_RECONNECTS, new LongAdder());
    }

    /** Counts something that does not happen for each packet. */
    void add(Counter counter) {
        LongAdder adder = rare.get(counter);
        if (adder == null) {
            throw new IllegalArgumentException(counter + " is not counted here");
        }
        adder.increment();
    }

    /** The node's counters with these added. */
    Map<String, Long> mergedWith(Map<String, Long> counters) {
        Map<String, Long> merged = new TreeMap<>(counters);
        rare.forEach((counter, adder) -> add(merged, counter.label(), adder));
        add(merged, Counter.TUN_RECEIVE_BYTES.label(), tunReceivedBytes);
        add(merged, Counter.TUN_RECEIVE_PACKETS.label(), tunReceivedPackets);
        add(merged, Counter.TUN_TRANSMIT_BYTES.label(), tunSentBytes);
        add(merged, Counter.TUN_TRANSMIT_PACKETS.label(), tunSentPackets);
        add(merged, Counter.SEND_FAILED.label(), sendFailed);
        add(merged, Counter.SEND_BUFFER_FULL.label(), sendBufferFull);
        add(merged, Counter.DROPPED_MTU.label(), tooLarge);
        add(merged, Counter.RECEIVE_FAILED.label(), receiveFailed);
        add(merged, DropReason.SOCKS.counter(), socks);
        add(merged, DropReason.SOURCE.counter(), source);
        add(merged, Counter.EVENTS_DROPPED.label(), eventsDropped);
        add(merged, DropReason.FRAMING.counter(), framing);
        add(merged, Counter.CONNECTIONS_DISPLACED.label(), connectionsDisplaced);
        add(merged, Counter.CONNECTIONS_TIMED_OUT.label(), connectionsTimedOut);
        return merged;
    }

    private static void add(Map<String, Long> merged, String counter, LongAdder adder) {
        merged.merge(counter, adder.sum(), Long::sum);
    }
}
