package io.bindlink.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A node at one moment, as its user wants to see it: what {@link Stats} count, what they came to of late, and what happened.
 * Immutable.
 *
 * @param stats the figures
 * @param device name of the edge to the system, such as {@code bindlink0}
 * @param uptime since the node was made
 * @param links every link of the running session, in the user's order
 * @param events the last ones, the oldest first; at most {@value #MAX_EVENTS}
 */
public record Status(Stats stats, String device, Duration uptime, List<LinkStatus> links, List<Happening> events) {
    /** As many events are kept. */
    public static final int MAX_EVENTS = 50;

    /** A node's condition in a word. */
    public enum Health {
        /** A session is up, and so is every link that is not paused. */
        UP,
        /** A session is up, but not every link. */
        DEGRADED,
        /** There is no session with the peer. */
        DOWN
    }

    /**
     * An event and when it was heard of.
     *
     * @param at by the machine's clock
     * @param event what happened
     */
    public record Happening(Instant at, Event event) {}

    /**
     * Copies the lists.
     *
     * @param stats as the component
     * @param device as the component
     * @param uptime as the component
     * @param links as the component
     * @param events as the component
     */
    public Status {
        links = List.copyOf(links);
        events = List.copyOf(events);
    }

    /**
     * The node's condition in a word.
     *
     * @return by session and links
     */
    public Health health() {
        if (!stats.sessionUp()) {
            return Health.DOWN;
        }
        boolean allUp = links.stream()
                .map(link -> link.stats().state())
                .allMatch(state -> state == LinkState.UP || state == LinkState.PAUSED);
        return allUp ? Health.UP : Health.DEGRADED;
    }

    /**
     * What all links together received.
     *
     * @return bytes per second
     */
    public long receivedBytesPerSecond() {
        return links.stream().mapToLong(LinkStatus::receivedBytesPerSecond).sum();
    }

    /**
     * What all links together sent.
     *
     * @return bytes per second
     */
    public long sentBytesPerSecond() {
        return links.stream().mapToLong(LinkStatus::sentBytesPerSecond).sum();
    }
}
