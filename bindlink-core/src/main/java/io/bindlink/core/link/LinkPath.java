package io.bindlink.core.link;

import io.bindlink.api.LinkState;
import io.bindlink.core.wire.AckBlock;

/**
 * One link's mechanics, both ways: numbers, acknowledgements, loss, delay, rate, pacing and liveness. It seals nothing and
 * writes no frames. Confined to its session.
 */
public final class LinkPath {
    /**
     * A link on which nothing was sent or received yet.
     *
     * @param id its number, 1..255
     * @param control decides how fast it is sent on
     * @param peerClock the session's view of the peer's clock, shared by its links
     * @param nowNanos the time now
     */
    public LinkPath(int id, CongestionControl control, PeerClock peerClock, long nowNanos) {}

    /**
     * Number of the link, 1..255.
     *
     * @return number of the link, 1
     */
    public int id() {
        return 0;
    }

    /**
     * Number of the next packet.
     *
     * @return number of the next packet
     */
    public long nextNumber() {
        return 0;
    }

    /**
     * A packet was sent: every datagram on this link, in order of numbers.
     *
     * @param number its number: {@link #nextNumber}
     * @param bytes size of the datagram
     * @param ackEliciting whether it carries anything but acknowledgements, horizons and padding
     * @param payload whether its fate is told to {@link LinkFeedback}
     * @param nowNanos when; the same time that is stamped into it
     */
    public void onSent(long number, int bytes, boolean ackEliciting, boolean payload, long nowNanos) {}

    /**
     * Whether window and pacer allow a full datagram now.
     *
     * @param nowNanos the time now
     * @return whether window and pacer allow a full datagram now
     */
    public boolean hasRoom(long nowNanos) {
        return true;
    }

    /**
     * When the pacer next allows a datagram.
     *
     * @return when the pacer next allows a datagram
     */
    public long readyAtNanos() {
        return 0;
    }

    /**
     * The source has nothing more to send though the link {@link #hasRoom has room}: samples of the rate that span this moment may raise the estimate, never lower it. To be called after each drain that ends so.
     *
     * @param nowNanos the time now
     */
    public void onAppLimited(long nowNanos) {}

    /**
     * Size of a full datagram from now on.
     *
     * @param bytes without UDP and IP headers
     */
    public void datagramBytes(int bytes) {}

    /**
     * Number of the newest packet sent; -1 before the first.
     *
     * @return number of the newest packet sent
     */
    public long lastSentNumber() {
        return -1;
    }

    /**
     * When it was sent; {@link Long#MIN_VALUE} before the first.
     *
     * @return when it was sent
     */
    public long lastSentNanos() {
        return Long.MIN_VALUE;
    }

    /**
     * An authentic acknowledgement of this link's packets came, through whichever link. Older than what is known, absurd or repeated ones do no harm.
     *
     * @param block what it says
     * @param ackArrivalNanos when it came
     * @param out told the fate of payload packets
     */
    public void handleAck(AckBlock block, long ackArrivalNanos, LinkFeedback out) {}

    /**
     * Time has passed: declares losses and changes of state.
     *
     * @param nowNanos the time now
     * @param out told the fate of payload packets
     */
    public void handleTimeout(long nowNanos, LinkFeedback out) {}

    /**
     * When {@link #handleTimeout} must be called next; {@link Long#MAX_VALUE} for never.
     *
     * @return when {@link #handleTimeout} must be called next
     */
    public long pollTimeout() {
        return Long.MAX_VALUE;
    }

    /**
     * CONNECTING, UP, SUSPECT or DOWN, by what the peer answered.
     *
     * @return cONNECTING, UP, SUSPECT or DOWN, by what the peer answered
     */
    public LinkState state() {
        return LinkState.CONNECTING;
    }

    /**
     * Whether a PROBE should be sent now.
     *
     * @param nowNanos the time now
     * @return whether a PROBE should be sent now
     */
    public boolean wantsProbe(long nowNanos) {
        return false;
    }

    /**
     * A PROBE was sent on this link.
     *
     * @param token its token, to be found again in the reply
     * @param nowNanos when
     */
    public void onProbeSent(long token, long nowNanos) {}

    /**
     * A PROBE_REPLY to this link's probe came, through whichever link.
     *
     * @param token the probe's token; unknown ones are ignored
     * @param nowNanos when
     */
    public void onProbeReply(long token, long nowNanos) {}

    /**
     * The peer says it does not hear us on this link: an UP link becomes SUSPECT and is probed.
     *
     * @param nowNanos the time now
     */
    public void suspect(long nowNanos) {}

    /**
     * The socket failed: the link is DOWN at once and all in flight is lost.
     *
     * @param nowNanos the time now
     * @param out told the fate of payload packets
     */
    public void fail(long nowNanos, LinkFeedback out) {}

    /**
     * How long an answer may take.
     *
     * @return how long an answer may take
     */
    public long probeTimeoutNanos() {
        return 0;
    }

    /**
     * When an authentic datagram last came through this link; {@link Long#MIN_VALUE} for never.
     *
     * @return when an authentic datagram last came through this link
     */
    public long lastHeardNanos() {
        return Long.MIN_VALUE;
    }

    /**
     * An authentic datagram came, for the first time.
     *
     * @param number its full packet number
     * @param sentNanos its send time on the peer's clock
     * @param bytes its size
     * @param ackEliciting whether it asks to be acknowledged
     * @param ce whether it was marked congestion experienced
     * @param nowNanos when it came
     */
    public void onReceived(long number, long sentNanos, int bytes, boolean ackEliciting, boolean ce, long nowNanos) {}

    /**
     * A LINK_HORIZON of this link came, through whichever link: nothing newer had been sent when it was.
     *
     * @param lastNumberLow low 32 bits of the last number sent
     * @param lastSentNanos when that was sent, on the peer's clock
     * @param horizonSentNanos when the datagram that carries the horizon was sent, on the peer's clock
     * @param nowNanos when it came
     */
    public void handleHorizon(long lastNumberLow, long lastSentNanos, long horizonSentNanos, long nowNanos) {}

    /**
     * The peer's send time up to which all sent on this link has arrived or will not; {@link Long#MIN_VALUE} when unknown. It never falls.
     *
     * @return the peer's send time up to which all sent on this link has arrived or will not
     */
    public long settledSentNanos() {
        return Long.MIN_VALUE;
    }

    /**
     * Whether there is something to acknowledge that was not yet.
     *
     * @return whether there is something to acknowledge that was not yet
     */
    public boolean ackPending() {
        return false;
    }

    /**
     * When an acknowledgement must go out at the latest; {@link Long#MAX_VALUE} when none is due.
     *
     * @return when an acknowledgement must go out at the latest
     */
    public long ackDueNanos() {
        return Long.MAX_VALUE;
    }

    /**
     * Makes an acknowledgement due at once: a probe asks for it.
     *
     * @param nowNanos the time now
     */
    public void requestAck(long nowNanos) {}

    /**
     * Fills a block with all there is to say of what arrived.
     *
     * @param block the block to fill, whatever was in it
     * @param nowNanos when the acknowledgement is sent
     * @return fills a block with all there is to say of what arrived
     */
    public boolean fillAck(AckBlock block, long nowNanos) {
        return false;
    }

    /**
     * The block of {@link #fillAck} was sent.
     *
     * @param nowNanos when
     */
    public void onAckSent(long nowNanos) {}

    /**
     * Smoothed round-trip time; 0 before the first sample.
     *
     * @return smoothed round-trip time
     */
    public long rttNanos() {
        return 0;
    }

    /**
     * Least round-trip time lately; 0 before the first sample.
     *
     * @return least round-trip time lately
     */
    public long minRttNanos() {
        return 0;
    }

    /**
     * Least one-way delay lately, as the peer's clock minus ours: only differences between links mean something. {@link Long#MIN_VALUE} before the first sample.
     *
     * @return least one-way delay lately, as the peer's clock minus ours
     */
    public long oneWayDelayNanos() {
        return Long.MIN_VALUE;
    }

    /**
     * Mean deviation of the one-way delay.
     *
     * @return mean deviation of the one-way delay
     */
    public long jitterNanos() {
        return 0;
    }

    /**
     * Share of packets lost lately, 0.0..1.0.
     *
     * @return share of packets lost lately, 0
     */
    public double lossRatio() {
        return 0;
    }

    /**
     * Estimated rate at which the link delivers, over 0.
     *
     * @return estimated rate at which the link delivers, over 0
     */
    public long rateBytesPerSecond() {
        return 0;
    }

    /**
     * Estimated delay by the standing queue in the path.
     *
     * @return estimated delay by the standing queue in the path
     */
    public long queueNanos() {
        return 0;
    }

    /**
     * Estimated standing queue in the path, in bytes.
     *
     * @return estimated standing queue in the path, in bytes
     */
    public long queuedBytes() {
        return 0;
    }

    /**
     * Most bytes that may be in flight.
     *
     * @return most bytes that may be in flight
     */
    public long windowBytes() {
        return 0;
    }

    /**
     * Bytes sent and neither acknowledged nor lost.
     *
     * @return bytes sent and neither acknowledged nor lost
     */
    public long inFlightBytes() {
        return 0;
    }

    /**
     * Datagrams sent.
     *
     * @return datagrams sent
     */
    public long sentPackets() {
        return 0;
    }

    /**
     * Bytes of datagrams sent.
     *
     * @return bytes of datagrams sent
     */
    public long sentBytes() {
        return 0;
    }

    /**
     * Datagrams lost: given up, less those that came after all.
     *
     * @return datagrams lost
     */
    public long lostPackets() {
        return 0;
    }

    /**
     * Authentic datagrams received, each once.
     *
     * @return authentic datagrams received, each once
     */
    public long receivedPackets() {
        return 0;
    }

    /**
     * Their bytes.
     *
     * @return their bytes
     */
    public long receivedBytes() {
        return 0;
    }
}
