package io.bindlink.api;

/**
 * When a datagram was sent and when it came. Immutable.
 *
 * @param number its packet number: per link and session, from 0
 * @param sentNanos when it was sent, on the peer's clock. The clock's zero is unknown, so only differences mean
 *     something; they are exact between links too
 * @param receivedNanos when it arrived, on this node's clock
 */
public record Arrival(long number, long sentNanos, long receivedNanos) {}
