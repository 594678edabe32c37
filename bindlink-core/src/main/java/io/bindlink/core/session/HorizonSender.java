package io.bindlink.core.session;

import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.link.PeerClock;
import io.bindlink.core.wire.FrameWriter;
import java.nio.ByteBuffer;

/**
 * Tells the peer, on another link, that nothing newer was sent on a link that carried data and fell quiet. Without it the
 * receiver would have to wait for what a quiet link might still bring. Confined to its session.
 */
final class HorizonSender {
    /** How long a link must be quiet; a link's own spacing of datagrams counts twice. */
    private static final long QUIET_NANOS = 1_500_000L;

    private final Session session;
    private long lastPayloadNanos = Long.MIN_VALUE;

    HorizonSender(Session session) {
        this.session = session;
    }

    /** A payload went out on some link. */
    void onPayload(SessionLink link, long nowNanos) {
        link.horizonDue(true);
        lastPayloadNanos = nowNanos;
    }

    /** When a link that carried data will have been quiet for long enough. */
    long pollTimeout() {
        long due = Long.MAX_VALUE;
        for (SessionLink link : session.links().all()) {
            if (owed(link)) {
                due = Math.min(due, quietAtNanos(link));
            }
        }
        return due;
    }

    void handleTimeout(long nowNanos) {
        for (SessionLink link : session.links().all()) {
            if (owed(link) && nowNanos - quietAtNanos(link) >= 0) {
                send(link);
            }
        }
    }

    /** While no other link sent anything since, the receiver waits for nothing behind this one. */
    private boolean owed(SessionLink link) {
        return link.horizonDue() && lastPayloadNanos - link.lastUsedNanos() > 0;
    }

    private long quietAtNanos(SessionLink link) {
        if (link.state() != LinkState.UP) {
            return link.lastUsedNanos(); // nothing more will come on it: say so at once
        }
        long spacing = Rates.nanosFor(link.mtu().datagramBytes(), link.rateBytesPerSecond());
        return link.lastUsedNanos() + Math.max(QUIET_NANOS, 2 * spacing);
    }

    private void send(SessionLink quiet) {
        quiet.horizonDue(false);
        ByteBuffer frames = session.writer().beginSmall(session.links().quickestBut(quiet));
        if (frames == null) {
            return;
        }
        FrameWriter.linkHorizon(
                frames,
                quiet.id().value(),
                quiet.path().lastSentNumber(),
                PeerClock.stamp(quiet.path().lastSentNanos()));
        session.writer().finish(false, false);
    }
}
