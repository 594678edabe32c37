package io.bindlink.core.session;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.AckBlock;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.TransportHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when acknowledgements go out, and on which link: they are cumulative and speak of all active links, those with
 * news first, and travel on the link that brings them soonest, every fourth on the second too, lest one dying link
 * silences all. Where a payload leaves by a quick link anyway, they ride with it: a datagram of their own costs both ends
 * as much as one full of data. Confined to its session.
 */
final class AckSender {
    private static final int COPY_EVERY = 4;
    private static final long ACTIVE_NANOS = Rates.NANOS_PER_SECOND;

    /** Packets to be acknowledged that are worth a few bytes in a payload's datagram. */
    private static final int RIDE_PACKETS = 4;

    private final Session session;
    private final AckBlock block = new AckBlock();
    private final AckBudget budget = new AckBudget();
    private final boolean[] told = new boolean[LinkId.MAX + 1]; // by link id: in the acknowledgement being sent
    private long sent;

    AckSender(Session session) {
        this.session = session;
    }

    long pollTimeout() {
        long due = dueNanos();
        return due == Long.MAX_VALUE ? due : allowedNanos(due, session.links().quickest());
    }

    /** When the first link wants to acknowledge. */
    private long dueNanos() {
        long due = Long.MAX_VALUE;
        for (SessionLink link : session.links().all()) {
            due = Math.min(due, link.path().ackDueNanos());
        }
        return due;
    }

    /** When the way back has room for it: {@code due} or later. */
    private long allowedNanos(long due, @Nullable SessionLink best) {
        if (best == null) {
            return Long.MAX_VALUE;
        }
        boolean urgent = false;
        for (SessionLink link : session.links().all()) {
            urgent |= link.path().ackUrgent();
        }
        return budget.allowedNanos(due, urgent, best.rateBytesPerSecond());
    }

    /** Sends an acknowledgement if one is due. */
    void flush(long nowNanos) {
        long due = dueNanos();
        if (due == Long.MAX_VALUE || nowNanos - due < 0) {
            return;
        }
        SessionLink best = session.links().quickest();
        long allowed = allowedNanos(due, best);
        if (allowed == Long.MAX_VALUE || nowNanos - allowed < 0 || !send(best, nowNanos)) {
            return;
        }
        sent++;
        if (sent % COPY_EVERY == 0) {
            send(session.links().quickestBut(best), nowNanos);
        }
        settleTold(nowNanos);
    }

    /**
     * Puts what is worth telling into a datagram that was begun, as far as there is room.
     *
     * @param on the link it leaves by
     * @param frames its frames
     * @param reservedBytes what is to follow
     */
    void ride(SessionLink on, ByteBuffer frames, int reservedBytes, long nowNanos) {
        int limit = frames.limit();
        int room = limit - frames.position() - reservedBytes;
        if (room < FrameWriter.MIN_ACK_BYTES || !worthARide(nowNanos) || !isQuick(on)) {
            return;
        }
        frames.limit(limit - reservedBytes);
        int start = FrameWriter.beginAck(frames);
        addBlocks(frames, start, true, nowNanos);
        FrameWriter.endAck(frames, start);
        frames.limit(limit);
        settleTold(nowNanos);
    }

    private boolean worthARide(long nowNanos) {
        for (SessionLink link : session.links().all()) {
            if (link.path().ackWaiting() >= RIDE_PACKETS
                    || nowNanos - link.path().ackDueNanos() >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether an acknowledgement by this link is hardly later than by the quickest. */
    private boolean isQuick(SessionLink link) {
        SessionLink best = session.links().quickest();
        return best == link
                || (best != null
                        && link.state() == LinkState.UP
                        && link.rttNanos() <= best.rttNanos() * 5 / 4 + Rates.NANOS_PER_MILLI);
    }

    private boolean send(@Nullable SessionLink on, long nowNanos) {
        ByteBuffer frames = session.writer().beginSmall(on);
        if (frames == null) {
            return false;
        }
        int start = FrameWriter.beginAck(frames);
        addBlocks(frames, start, true, nowNanos);
        addBlocks(frames, start, false, nowNanos);
        FrameWriter.endAck(frames, start);
        budget.onSent(frames.position() - start + TransportHeader.OVERHEAD_BYTES, nowNanos);
        session.writer().finish(false, false);
        return true;
    }

    private void addBlocks(ByteBuffer frames, int start, boolean news, long nowNanos) {
        for (SessionLink link : session.links().all()) {
            boolean active = nowNanos - link.path().lastHeardNanos() < ACTIVE_NANOS;
            boolean wanted = link.path().ackPending() == news && (news || active);
            if (wanted && link.path().fillAck(block, nowNanos) && FrameWriter.addAckBlock(frames, start, block)) {
                told[link.path().id()] = true;
            }
        }
    }

    /** What did not fit stays due. */
    private void settleTold(long nowNanos) {
        for (SessionLink link : session.links().all()) {
            int id = link.path().id();
            if (told[id] && link.path().ackPending()) {
                link.path().onAckSent(nowNanos);
            }
            told[id] = false;
        }
    }
}
