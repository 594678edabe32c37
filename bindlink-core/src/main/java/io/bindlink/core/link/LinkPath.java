package io.bindlink.core.link;

import io.bindlink.api.DelayHistogram;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.AckBlock;

/**
 * One link's mechanics, both ways: numbers, acknowledgements, loss, delay, rate, pacing and liveness. It seals nothing and
 * writes no frames. Confined to its session.
 */
public final class LinkPath {
    private final int id;
    private final CongestionControl control;
    private final Sender sender;
    private final Receiver receiver;
    private final Liveness liveness;
    private long newestNanos;

    /**
     * A link on which nothing was sent or received yet.
     *
     * @param id its number, 1..255
     * @param control decides how fast it is sent on
     * @param peerClock the session's view of the peer's clock, shared by its links
     * @param answers what the peer answers, shared by its links
     * @param firstNumber number of the first packet
     * @param nowNanos the time now
     */
    public LinkPath(
            int id,
            CongestionControl control,
            PeerClock peerClock,
            PeerAnswers answers,
            long firstNumber,
            long nowNanos) {
        this.id = id;
        this.control = control;
        sender = new Sender(control, peerClock, firstNumber, nowNanos);
        receiver = new Receiver(id);
        liveness = new Liveness(id, answers, sender.rtt().timeoutNanos(), nowNanos);
        newestNanos = nowNanos;
    }

    /** {@return number of the link, 1..255} */
    public int id() {
        return id;
    }

    /** {@return number of the next packet} */
    public long nextNumber() {
        return sender.nextNumber();
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
    public void onSent(long number, int bytes, boolean ackEliciting, boolean payload, long nowNanos) {
        sender.onSent(number, bytes, ackEliciting, payload, nowNanos);
        newestNanos = nowNanos;
        if (ackEliciting) {
            liveness.onSent(nowNanos);
        }
    }

    /**
     * Whether window and pacer allow a full datagram now.
     *
     * @param nowNanos the time now
     * @return whether window and pacer allow a full datagram now
     */
    public boolean hasRoom(long nowNanos) {
        return sender.hasRoom(nowNanos);
    }

    /** {@return when the pacer next allows a datagram} */
    public long readyAtNanos() {
        return sender.readyAtNanos();
    }

    /**
     * The source has nothing more to send though the link {@link #hasRoom has room}: samples of the rate that span this moment may raise the estimate, never lower it. To be called after each drain that ends so.
     *
     * @param nowNanos the time now
     */
    public void onAppLimited(long nowNanos) {
        sender.onAppLimited();
    }

    /** Something was to be sent and the link had no room for it. */
    public void onRefused() {
        sender.onRefused();
    }

    /**
     * Size of a full datagram from now on.
     *
     * @param bytes without UDP and IP headers
     */
    public void datagramBytes(int bytes) {
        sender.datagramBytes(bytes);
    }

    /** {@return number of the newest packet sent; before the first, one less than its number} */
    public long lastSentNumber() {
        return sender.nextNumber() - 1;
    }

    /** {@return when it was sent; {@link Long#MIN_VALUE} before the first} */
    public long lastSentNanos() {
        return sender.lastSentNanos();
    }

    /**
     * An authentic acknowledgement of this link's packets came, through whichever link. Old, absurd or repeated ones do
     * no harm.
     *
     * @param block what it says
     * @param ackArrivalNanos when it came
     * @param out told the fate of payload packets
     */
    public void handleAck(AckBlock block, long ackArrivalNanos, LinkFeedback out) {
        newestNanos = ackArrivalNanos;
        long answeredNanos = sender.handleAck(block, ackArrivalNanos, out);
        if (answeredNanos == Long.MIN_VALUE) {
            return;
        }
        LinkState before = liveness.state();
        liveness.timeout(sender.rtt().timeoutNanos());
        liveness.onAnswered(answeredNanos, sender.underWay(), ackArrivalNanos);
        restartIfBack(before, ackArrivalNanos);
    }

    /**
     * Time has passed: declares losses and changes of state.
     *
     * @param nowNanos the time now
     * @param out told the fate of payload packets
     */
    public void handleTimeout(long nowNanos, LinkFeedback out) {
        newestNanos = nowNanos;
        sender.handleTimeout(nowNanos, out);
        receiver.handleTimeout(nowNanos);
        LinkState before = liveness.state();
        liveness.handleTimeout(nowNanos);
        if (before != LinkState.DOWN && liveness.state() == LinkState.DOWN) {
            sender.loseAll(nowNanos, out);
        }
    }

    /** {@return when {@link #handleTimeout} must be called next; {@link Long#MAX_VALUE} for never} */
    public long pollTimeout() {
        return Math.min(liveness.pollTimeout(), Math.min(sender.pollTimeout(), receiver.pollTimeout()));
    }

    /** {@return CONNECTING, UP, SUSPECT or DOWN, by what the peer answered} */
    public LinkState state() {
        return liveness.state();
    }

    /**
     * Whether a PROBE should be sent now.
     *
     * @param nowNanos the time now
     * @return whether a PROBE should be sent now
     */
    public boolean wantsProbe(long nowNanos) {
        return liveness.wantsProbe(nowNanos);
    }

    /**
     * Whether answers are missing for so long that the link must be asked.
     *
     * @param nowNanos the time now
     * @return whether it is in doubt
     */
    public boolean doubtful(long nowNanos) {
        return liveness.doubtful(nowNanos);
    }

    /**
     * Whether an answer is late.
     *
     * @param nowNanos the time now
     * @return whether an answer is late
     */
    public boolean overdue(long nowNanos) {
        return liveness.overdue(nowNanos);
    }

    /** {@return whether something on this link is still to be answered} */
    public boolean awaitsAnswer() {
        return sender.underWay() != UnderWay.NOTHING;
    }

    /**
     * A PROBE was sent on this link.
     *
     * @param token its token, to be found again in the reply
     * @param nowNanos when
     */
    public void onProbeSent(long token, long nowNanos) {
        liveness.onProbeSent(token, nowNanos);
    }

    /**
     * A PROBE_REPLY to this link's probe came, through whichever link.
     *
     * @param token the probe's token; unknown ones are ignored
     * @param nowNanos when
     */
    public void onProbeReply(long token, long nowNanos) {
        LinkState before = liveness.state();
        liveness.onProbeReply(token, sender.underWay(), nowNanos);
        restartIfBack(before, nowNanos);
    }

    private void restartIfBack(LinkState before, long nowNanos) {
        if (before == LinkState.DOWN && liveness.state() == LinkState.UP) {
            control.onRestart(nowNanos);
        }
    }

    /**
     * The peer says it does not hear us on this link: an UP link becomes SUSPECT and is probed.
     *
     * @param nowNanos the time now
     */
    public void suspect(long nowNanos) {
        liveness.suspect(nowNanos);
    }

    /**
     * The socket failed: the link is DOWN at once and all in flight is lost.
     *
     * @param nowNanos the time now
     * @param out told the fate of payload packets
     */
    public void fail(long nowNanos, LinkFeedback out) {
        liveness.fail(nowNanos);
        sender.loseAll(nowNanos, out);
    }

    /** {@return how long an answer may take} */
    public long probeTimeoutNanos() {
        return sender.rtt().timeoutNanos();
    }

    /** {@return when an authentic datagram last came through this link; {@link Long#MIN_VALUE} for never} */
    public long lastHeardNanos() {
        return receiver.lastHeardNanos();
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
    public void onReceived(long number, long sentNanos, int bytes, boolean ackEliciting, boolean ce, long nowNanos) {
        newestNanos = nowNanos;
        receiver.onReceived(number, sentNanos, bytes, ackEliciting, ce, nowNanos);
    }

    /**
     * A LINK_HORIZON of this link came, through whichever link: nothing newer had been sent when it was.
     *
     * @param lastNumberLow low 32 bits of the last number sent
     * @param lastSentNanos when that was sent, on the peer's clock
     * @param horizonSentNanos when the datagram that carries the horizon was sent, on the peer's clock
     * @param nowNanos when it came
     */
    public void handleHorizon(long lastNumberLow, long lastSentNanos, long horizonSentNanos, long nowNanos) {
        receiver.handleHorizon(lastNumberLow, lastSentNanos, horizonSentNanos, nowNanos);
    }

    /** {@return the peer's send time up to which all sent on this link has arrived or will not; {@link Long#MIN_VALUE} when unknown. It never falls} */
    public long settledSentNanos() {
        return receiver.settledSentNanos();
    }

    /** {@return whether there is something to acknowledge that was not yet} */
    public boolean ackPending() {
        return receiver.ackPending();
    }

    /** {@return packets that ask to be acknowledged and were not yet} */
    public int ackWaiting() {
        return receiver.ackWaiting();
    }

    /** {@return whether it tells of a gap or a mark, or was asked for} */
    public boolean ackUrgent() {
        return receiver.ackUrgent();
    }

    /** {@return when an acknowledgement must go out at the latest; {@link Long#MAX_VALUE} when none is due} */
    public long ackDueNanos() {
        return receiver.ackDueNanos();
    }

    /**
     * Makes an acknowledgement due at once: a probe asks for it.
     *
     * @param nowNanos the time now
     */
    public void requestAck(long nowNanos) {
        receiver.requestAck(nowNanos);
    }

    /**
     * Fills a block with all there is to say of what arrived.
     *
     * @param block the block to fill, whatever was in it
     * @param nowNanos when the acknowledgement is sent
     * @return false when nothing has arrived yet
     */
    public boolean fillAck(AckBlock block, long nowNanos) {
        return receiver.fillAck(block, nowNanos);
    }

    /**
     * The block of {@link #fillAck} was sent.
     *
     * @param nowNanos when
     */
    public void onAckSent(long nowNanos) {
        receiver.onAckSent();
    }

    /**
     * The round-trip times measured so far.
     *
     * @return an immutable copy
     */
    public DelayHistogram roundTrips() {
        return sender.rtt().histogram();
    }

    /** {@return smoothed round-trip time; 0 before the first sample} */
    public long rttNanos() {
        return sender.rtt().smoothedNanos();
    }

    /** {@return least round-trip time lately; 0 before the first sample} */
    public long minRttNanos() {
        return sender.rtt().minNanos();
    }

    /** {@return least one-way delay lately, as the peer's clock minus ours: only differences between links mean something. {@link Long#MIN_VALUE} before the first sample} */
    public long oneWayDelayNanos() {
        return sender.oneWayDelayNanos(newestNanos);
    }

    /**
     * Mean deviation of the one-way delay. What was learnt fades while nothing new is: a link left alone for its jitter
     * gets another try.
     *
     * @param nowNanos the time now
     * @return nanoseconds
     */
    public long jitterNanos(long nowNanos) {
        return sender.jitterNanos(nowNanos);
    }

    /** {@return share of packets lost lately, 0.0..1.0} */
    public double lossRatio() {
        return sender.lossRatio();
    }

    /** {@return estimated rate at which the link delivers, over 0} */
    public long rateBytesPerSecond() {
        return control.rateBytesPerSecond();
    }

    /**
     * Bytes the link would like, to learn its rate.
     *
     * @param nowNanos the time now
     * @return bytes, in datagrams' worth; 0 when the rate is known
     */
    public long fillBytes(long nowNanos) {
        return control.isProven(nowNanos) ? 0 : control.windowBytes();
    }

    /** {@return estimated delay by the queue in the path: the standing one, and what late answers show} */
    public long queueNanos() {
        return control.queueNanos() + sender.lateNanos(newestNanos);
    }

    /** {@return estimated standing queue in the path, in bytes} */
    public long queuedBytes() {
        return Rates.bytesIn(queueNanos(), control.rateBytesPerSecond());
    }

    /** {@return most bytes that may be in flight} */
    public long windowBytes() {
        return control.windowBytes();
    }

    /** {@return bytes sent and neither acknowledged nor lost} */
    public long inFlightBytes() {
        return sender.inFlightBytes();
    }

    /** {@return datagrams sent} */
    public long sentPackets() {
        return sender.sentPackets();
    }

    /** {@return bytes of datagrams sent} */
    public long sentBytes() {
        return sender.sentBytes();
    }

    /** {@return datagrams lost: given up, less those that came after all} */
    public long lostPackets() {
        return sender.lostPackets();
    }

    /** {@return authentic datagrams received, each once} */
    public long receivedPackets() {
        return receiver.packets();
    }

    /** {@return their bytes} */
    public long receivedBytes() {
        return receiver.bytes();
    }
}
