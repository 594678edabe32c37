package io.bindlink.core.session;

import io.bindlink.api.Arrival;
import io.bindlink.api.ControlPacket;
import io.bindlink.api.Counter;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.link.PeerClock;
import io.bindlink.core.wire.AckBlock;
import io.bindlink.core.wire.FrameReader;
import io.bindlink.core.wire.FrameVisitor;
import io.bindlink.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Acts on the frames of one authentic datagram. The payload, always last, is handed on only after the link has counted
 * the datagram, so that what the multiplexer sends in answer acknowledges it. Confined to its session.
 */
final class FrameHandler implements FrameVisitor {
    private static final int ANSWER_ON_ALL = 0;

    private final Session session;
    private final NodeContext node;
    private final FrameReader reader = new FrameReader();
    private @Nullable SessionLink current;
    private long sentNanos;
    private int datagramBytes;
    private boolean ackEliciting;
    private boolean probed;
    private @Nullable ByteBuffer payload;
    private int payloadStart;
    private int payloadEnd;

    FrameHandler(Session session, NodeContext node) {
        this.session = session;
        this.node = node;
    }

    /**
     * Takes a datagram apart.
     *
     * @param from the link it came through
     * @param number its packet number
     * @param sent when it was sent, on the peer's clock
     * @param bytes its size
     * @param frames its frames
     */
    void handle(SessionLink from, long number, long sent, int bytes, ByteBuffer frames) {
        current = from;
        sentNanos = sent;
        datagramBytes = bytes;
        ackEliciting = false;
        probed = false;
        payload = null;
        long now = session.nowNanos();
        DropReason malformed = reader.parse(frames, this);
        if (malformed != null) {
            node.counters.add(malformed);
        }
        from.path().onReceived(number, sent, bytes, ackEliciting, false, now);
        if (probed) {
            from.path().requestAck(now);
        }
        ByteBuffer rest = payload;
        if (rest != null) {
            rest.limit(payloadEnd).position(payloadStart);
            session.multiplexer().received(from, new Arrival(number, sent, now), rest);
        }
        session.multiplexer().settled(from, from.path().settledSentNanos());
    }

    private SessionLink link() {
        return Objects.requireNonNull(current, "no datagram is being handled");
    }

    @Override
    public void onPayload(ByteBuffer frame) {
        ackEliciting = true;
        payload = frame;
        payloadStart = frame.position();
        payloadEnd = frame.limit();
    }

    @Override
    public void onAck(AckBlock block) {
        SessionLink acked = session.links().find(block.linkId);
        if (acked != null) {
            acked.path().handleAck(block, session.nowNanos(), acked);
        }
    }

    @Override
    public void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow) {
        SessionLink quiet = session.links().find(linkId);
        if (quiet != null) {
            long lastSent = session.peerClock().expand(sentMicrosLow);
            quiet.path().handleHorizon(lastNumberLow, lastSent, sentNanos, session.nowNanos());
            session.multiplexer().settled(quiet, quiet.path().settledSentNanos());
        }
    }

    @Override
    public void onLinkState(long sequence, int linkId, int flags) {
        ackEliciting = true;
        session.states().handle(sequence, session.links().find(linkId), flags, sentNanos, session.nowNanos());
    }

    @Override
    public void onClose(int code, String reason) {
        session.end(reason.isEmpty() ? "closed by the peer" : "closed by the peer: " + reason);
    }

    @Override
    public void onHandshake(int step, int receiver, ByteBuffer noiseMessage) {
        ackEliciting = true;
        session.rekey().handle(step, receiver, noiseMessage, session.nowNanos());
    }

    @Override
    public void onControl(ControlPacket report) {
        ackEliciting = true;
        session.control().handle(link(), report);
    }

    @Override
    public void onProbe(int token, ByteBuffer linkIds) {
        ackEliciting = true;
        probed = true;
        if (linkIds.remaining() == ANSWER_ON_ALL) {
            for (SessionLink on : session.links().all()) {
                answer(on, token);
            }
            return;
        }
        while (linkIds.hasRemaining()) {
            SessionLink on = session.links().find(linkIds.get() & 0xFF);
            if (on != null) {
                answer(on, token);
            }
        }
    }

    private void answer(SessionLink on, int token) {
        ByteBuffer frames = session.writer().beginSmall(on);
        if (frames != null) {
            FrameWriter.probeReply(
                    frames, token, link().id().value(), datagramBytes, PeerClock.stamp(session.nowNanos()));
            session.writer().finish(false, false);
        }
    }

    @Override
    public void onProbeReply(int token, int linkId, int bytes, long arrivalMicrosLow) {
        SessionLink asked = session.links().find(linkId);
        if (asked != null) {
            asked.path().onProbeReply(token & 0xFFFF_FFFFL, session.nowNanos());
            asked.onMtuReply(bytes);
        }
    }

    @Override
    public void onPathChallenge(long token) {
        ackEliciting = true;
        ByteBuffer frames = session.writer().beginSmall(link());
        if (frames != null) {
            FrameWriter.pathResponse(frames, token);
            session.writer().finish(true, false);
        }
    }

    @Override
    public void onPathResponse(long token) {
        ackEliciting = true;
        for (SessionLink asked : session.links().all()) {
            PathAddress candidate = asked.candidate();
            if (candidate != null && candidate.answer(token)) {
                asked.adopt(candidate);
                node.counters.add(Counter.ADDRESSES_LEARNT, 1);
            }
            PathAddress first = asked.address();
            if (first != null) {
                first.answer(token);
            }
        }
    }

    @Override
    public void onUnknown(int code, int lengthBytes) {
        ackEliciting = true;
        node.counters.add(Counter.UNKNOWN_FRAMES, 1);
    }
}
