package io.bindlink.core.session;

import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.link.LinkPath;

/**
 * What one link could have carried, and what it did, in bytes of IP packets. Confined to its session.
 */
final class LinkAccount {
    /**
     * What is sent in bursts, or a little faster than the rate for a round trip to probe it, makes up for a pause of this length
     * before it: unused is only what is never made up for.
     */
    private static final long SMOOTHING_NANOS = 100 * Rates.NANOS_PER_MILLI;

    private static final double SIZE_WEIGHT = 1.0 / 64;

    private double payloadDatagramBytes; // of late, on average; 0: none yet
    private double payloadBytes; // of such a datagram
    private long payloadSentBytes; // since the last look
    private long sentBytes; // all these: as seen last
    private long sentPackets;
    private long lostPackets;
    private long inFlightBytes;
    private double spareBytes; // capacity not used yet: 0 or less

    double costOfPayload = 1; // what a byte of payload costs on the link, headers included

    // What the last look found, since the one before.
    double capacityBytes;
    double usedBytes;
    double unusedBytes;
    double lostBytes;
    double underWayBytes; // more than before; less if negative
    double arrivedPayloadBytes; // but for what is still under way

    /** A datagram with a payload left. */
    void onPayload(int datagramBytes, int payload) {
        if (payloadDatagramBytes == 0) {
            payloadDatagramBytes = datagramBytes;
            payloadBytes = payload;
        }
        payloadDatagramBytes += (datagramBytes - payloadDatagramBytes) * SIZE_WEIGHT;
        payloadBytes += (payload - payloadBytes) * SIZE_WEIGHT;
        payloadSentBytes += payload;
    }

    /** Finds what has happened since the last time. */
    void look(SessionLink link, long elapsedNanos) {
        LinkPath path = link.path();
        int headerBytes = PathAddress.headerBytes(link.address());
        double meanBytes =
                payloadDatagramBytes > 0 ? payloadDatagramBytes : link.mtu().datagramBytes();
        costOfPayload = payloadBytes > 0 ? (meanBytes + headerBytes) / payloadBytes : 1;
        double onTheWire = 1 + headerBytes / meanBytes;
        usedBytes = path.sentBytes() - sentBytes + (double) headerBytes * (path.sentPackets() - sentPackets);
        lostBytes = (path.lostPackets() - lostPackets) * (meanBytes + headerBytes);
        underWayBytes = (path.inFlightBytes() - inFlightBytes) * onTheWire;
        arrivedPayloadBytes = payloadSentBytes - (lostBytes + underWayBytes) / costOfPayload;
        payloadSentBytes = 0;
        sentBytes = path.sentBytes();
        sentPackets = path.sentPackets();
        lostPackets = path.lostPackets();
        inFlightBytes = path.inFlightBytes();
        double rate = link.state() == LinkState.UP ? path.rateBytesPerSecond() * onTheWire : 0;
        weigh(rate, elapsedNanos);
    }

    private void weigh(double rate, long elapsedNanos) {
        capacityBytes = rate * elapsedNanos / Rates.NANOS_PER_SECOND;
        spareBytes += capacityBytes - usedBytes;
        unusedBytes = Math.max(0, spareBytes);
        spareBytes -= unusedBytes;
        double leastBytes = -rate * SMOOTHING_NANOS / Rates.NANOS_PER_SECOND;
        if (spareBytes < leastBytes) {
            capacityBytes += leastBytes - spareBytes; // it could, since it did
            spareBytes = leastBytes;
        }
    }
}
