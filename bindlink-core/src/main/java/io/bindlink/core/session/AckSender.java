package io.bindlink.core.session;

import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.AckBlock;
import io.bindlink.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when acknowledgements go out, and on which link: they are cumulative and speak of all active links, those with
 * news first, and travel on the link that brings them soonest, every fourth on the second too, lest one dying link
 * silences all. Confined to its session.
 */
final class AckSender {
    private static final int COPY_EVERY = 4;
    private static final long ACTIVE_NANOS = Rates.NANOS_PER_SECOND;

    private final Session session;
    private final AckBlock block = new AckBlock();
    private long sent;

    AckSender(Session session) {
        this.session = session;
    }

    long pollTimeout() {
        long due = Long.MAX_VALUE;
        for (SessionLink link : session.links().all()) {
            due = Math.min(due, link.path().ackDueNanos());
        }
        return due == Long.MAX_VALUE || session.links().anyReachable() ? due : Long.MAX_VALUE;
    }

    /** Sends an acknowledgement if one is due. */
    void flush(long nowNanos) {
        long due = pollTimeout();
        if (due == Long.MAX_VALUE || nowNanos - due < 0) {
            return;
        }
        SessionLink best = session.links().quickest();
        if (!send(best, nowNanos)) {
            return;
        }
        sent++;
        if (sent % COPY_EVERY == 0) {
            send(session.links().quickestBut(best), nowNanos);
        }
        for (SessionLink link : session.links().all()) {
            if (link.path().ackPending()) {
                link.path().onAckSent(nowNanos);
            }
        }
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
        session.writer().finish(false, false);
        return true;
    }

    private void addBlocks(ByteBuffer frames, int start, boolean news, long nowNanos) {
        for (SessionLink link : session.links().all()) {
            boolean active = nowNanos - link.path().lastHeardNanos() < ACTIVE_NANOS;
            boolean wanted = link.path().ackPending() == news && (news || active);
            if (wanted && link.path().fillAck(block, nowNanos)) {
                FrameWriter.addAckBlock(frames, start, block);
            }
        }
    }
}
