package io.bindlink.api;

import java.util.List;
import java.util.Map;

/**
 * Figures of a node at one moment. Immutable.
 *
 * @param role which end this is
 * @param sessionUp whether a session with the peer is up
 * @param sessions sessions begun since the node started
 * @param links every link of the running session, in the user's order
 * @param counters every counter of the node by name, cumulative since it started: those of {@link Counter}, and what a
 *     multiplexer of the user's own adds
 * @param efficiency where the links' capacity went in the last ten seconds or so of the newest session
 * @param efficiencyTotal the same since the node started; its bytes never fall
 */
public record Stats(
        Role role,
        boolean sessionUp,
        long sessions,
        List<LinkStats> links,
        Map<String, Long> counters,
        Efficiency efficiency,
        Efficiency efficiencyTotal) {
    /**
     * Copies the collections.
     *
     * @param role as the component
     * @param sessionUp as the component
     * @param sessions as the component
     * @param links as the component
     * @param counters as the component
     * @param efficiency as the component
     * @param efficiencyTotal as the component
     */
    public Stats {
        links = List.copyOf(links);
        counters = Map.copyOf(counters);
    }

    /**
     * Figures of a node that has sent nothing.
     *
     * @param role as the component
     * @param sessionUp as the component
     * @param sessions as the component
     * @param links as the component
     * @param counters as the component
     */
    public Stats(Role role, boolean sessionUp, long sessions, List<LinkStats> links, Map<String, Long> counters) {
        this(role, sessionUp, sessions, links, counters, Efficiency.NONE, Efficiency.NONE);
    }

    /**
     * These figures with other counters.
     *
     * @param replacement all of them
     * @return the rest as it is here
     */
    public Stats withCounters(Map<String, Long> replacement) {
        return new Stats(role, sessionUp, sessions, links, replacement, efficiency, efficiencyTotal);
    }

    /**
     * One counter.
     *
     * @param name its name
     * @return its value, 0 when nothing was ever counted under this name
     */
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    /**
     * One of the library's own counters.
     *
     * @param counter which
     * @return its value, 0 when it never counted
     */
    public long counter(Counter counter) {
        return counter(counter.label());
    }
}
