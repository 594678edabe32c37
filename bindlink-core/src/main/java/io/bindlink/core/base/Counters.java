package io.bindlink.core.base;

import io.bindlink.api.Counter;
import java.util.Map;
import java.util.TreeMap;

/** Cumulative counts by name. Confined to its owner; {@link #snapshot} may be handed on. */
public final class Counters {
    private final Map<String, long[]> counts = new TreeMap<>();

    /** No counts yet. */
    public Counters() {}

    /**
     * Adds to a counter.
     *
     * @param counter its name
     * @param n 0 or more
     */
    public void add(String counter, long n) {
        long[] cell = counts.get(counter);
        if (cell == null) {
            cell = new long[1];
            counts.put(counter, cell);
        }
        cell[0] += n;
    }

    /**
     * Adds to one of the library's own counters.
     *
     * @param counter which
     * @param n 0 or more
     */
    public void add(Counter counter, long n) {
        add(counter.label(), n);
    }

    /**
     * Counts a dropped datagram.
     *
     * @param reason why
     */
    public void add(DropReason reason) {
        add(reason.counter(), 1);
    }

    /**
     * One counter.
     *
     * @param counter its name
     * @return its value, 0 when never counted
     */
    public long get(String counter) {
        long[] cell = counts.get(counter);
        return cell == null ? 0 : cell[0];
    }

    /**
     * Whether a counter was ever added to, and be it 0.
     *
     * @param counter its name
     * @return whether there is one
     */
    public boolean has(String counter) {
        return counts.containsKey(counter);
    }

    /**
     * All counts now.
     *
     * @return an immutable copy
     */
    public Map<String, Long> snapshot() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((name, cell) -> copy.put(name, cell[0]));
        return Map.copyOf(copy);
    }
}
