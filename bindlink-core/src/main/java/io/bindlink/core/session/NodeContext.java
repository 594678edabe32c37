package io.bindlink.core.session;

import io.bindlink.api.Event;
import io.bindlink.core.base.Counters;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/**
 * What all parts of a node share: its configuration, the way to the device, and where outputs gather until they are
 * polled. Confined to its node.
 */
final class NodeContext {
    /** Packets that one set of keys may seal, in both directions together; far below what either cipher allows. */
    static final long PACKETS_PER_KEYS = 1L << 30;

    /** Number of the first packet of every link, at both ends. */
    static final long FIRST_NUMBER = 0;

    final NodeConfig config;
    final NodeEdge edge;
    final TransmitPool pool;
    final RandomGenerator random;
    final long packetsPerKeys;
    final long firstNumber;
    final Counters counters = new Counters();
    final CapacityAccount capacity = new CapacityAccount(counters);
    final Connections connections = new Connections();
    final ArrayDeque<Transmit> outbox = new ArrayDeque<>();
    final ArrayDeque<Event> events = new ArrayDeque<>();

    NodeContext(
            NodeConfig config,
            NodeEdge edge,
            TransmitPool pool,
            RandomGenerator random,
            long packetsPerKeys,
            long firstNumber) {
        this.config = config;
        this.edge = edge;
        this.pool = pool;
        this.random = random;
        this.packetsPerKeys = packetsPerKeys;
        this.firstNumber = firstNumber;
    }

    /** A receiver index: any number but 0, which means "none". */
    int newReceiverIndex() {
        int index = random.nextInt();
        while (index == 0) {
            index = random.nextInt();
        }
        return index;
    }
}
