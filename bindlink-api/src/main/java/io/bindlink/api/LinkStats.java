package io.bindlink.api;

/**
 * Figures of one link at one moment. Immutable. Counts are of the running session and never fall within it.
 *
 * @param id the link's number
 * @param uri what the link was made from
 * @param state its state
 * @param reason why it is not up, for people; empty when it is
 * @param sentPackets datagrams sent
 * @param sentBytes their bytes, without UDP and IP headers
 * @param receivedPackets authentic datagrams received, each once
 * @param receivedBytes their bytes
 * @param peerReceivedPackets what the peer reports it received
 * @param peerReceivedBytes the same in bytes
 * @param lostPackets datagrams given up as lost
 * @param rttNanos smoothed round-trip time; 0 before the first sample
 * @param minRttNanos least round-trip time seen lately; 0 before the first sample
 * @param jitterNanos mean deviation of the one-way delay
 * @param relativeDelayNanos delay towards the peer beyond that of the quickest link
 * @param rateBytesPerSecond estimated rate of delivery
 * @param queuedBytes estimated standing queue in the path
 * @param inFlightBytes sent and neither acknowledged nor lost
 * @param maxPayloadBytes largest payload of one datagram
 * @param congestionWindowBytes how many may be in flight; 0 before a session has used the link
 * @param duplicatePackets datagrams whose packet number had come before, or was too old to tell. They are not authenticated
 * @param retransmittedPackets datagrams sent that carried what had been sent before, here or on another link
 * @param socketsMade how often the link got a socket since it was named, whatever session was up; of a link with a proxy,
 *     how often the proxy granted an association or a connection. Always 0 at a master
 * @param socketsFailed attempts to get one that failed
 * @param rtt the round-trip times measured
 */
public record LinkStats(
        LinkId id,
        LinkUri uri,
        LinkState state,
        String reason,
        long sentPackets,
        long sentBytes,
        long receivedPackets,
        long receivedBytes,
        long peerReceivedPackets,
        long peerReceivedBytes,
        long lostPackets,
        long rttNanos,
        long minRttNanos,
        long jitterNanos,
        long relativeDelayNanos,
        long rateBytesPerSecond,
        long queuedBytes,
        long inFlightBytes,
        int maxPayloadBytes,
        long congestionWindowBytes,
        long duplicatePackets,
        long retransmittedPackets,
        long socketsMade,
        long socketsFailed,
        DelayHistogram rtt) {
    /**
     * Figures of a link that no session has used yet.
     *
     * @param id as the component
     * @param uri as the component
     * @param state as the component
     * @param reason as the component
     * @param socketsMade as the component
     * @param socketsFailed as the component
     * @return all other counts are 0
     */
    public static LinkStats unused(
            LinkId id, LinkUri uri, LinkState state, String reason, long socketsMade, long socketsFailed) {
        return new LinkStats(
                id,
                uri,
                state,
                reason,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                socketsMade,
                socketsFailed,
                DelayHistogram.NONE);
    }
}
