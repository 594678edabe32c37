package io.bindlink.api;

/**
 * One link as its user sees it: its figures, and what they came to of late. Rates count bytes of datagrams, without UDP and
 * IP headers, like those of {@link LinkStats}. Immutable.
 *
 * @param stats the figures
 * @param receivedBytesPerSecond received over the last second or so
 * @param sentBytesPerSecond sent over the last second or so
 * @param lossRatio datagrams given up as lost over those sent, of the last ten seconds or so: 0.0 to 1.0
 * @param share its part of all bytes that the links received and sent over the last second or so: 0.0 to 1.0
 */
public record LinkStatus(
        LinkStats stats, long receivedBytesPerSecond, long sentBytesPerSecond, double lossRatio, double share) {}
