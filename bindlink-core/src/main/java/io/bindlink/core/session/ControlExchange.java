package io.bindlink.core.session;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The control packets of both sides: every second a report on every live link; of what comes, the newest counts.
 * Confined to its session.
 */
final class ControlExchange {
    private static final long INTERVAL_NANOS = Rates.NANOS_PER_SECOND;
    private static final ByteBuffer NO_EXTENSION = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Session session;
    private long dueNanos;
    private long sequence;
    private long newestReceived = -1;

    ControlExchange(Session session, long nowNanos) {
        this.session = session;
        this.dueNanos = nowNanos + INTERVAL_NANOS;
    }

    long pollTimeout() {
        return dueNanos;
    }

    /** Sends the report on every live link when its time has come. */
    void handleTimeout(long nowNanos) {
        if (nowNanos - dueNanos < 0) {
            return;
        }
        dueNanos = nowNanos + INTERVAL_NANOS;
        ControlPacket crafted = session.multiplexer().craftControl();
        ControlPacket packet = crafted == null ? report(NO_EXTENSION) : crafted;
        for (SessionLink link : session.links().all()) {
            PathAddress to = link.address();
            if (to != null && (link.state() == LinkState.UP || link.state() == LinkState.PAUSED)) {
                send(link, to, packet);
            }
        }
    }

    /**
     * A report of many links takes several datagrams; the extension travels in the first. A link whose datagrams are too
     * small for that carries no report: without the extension it would pass for the whole one.
     */
    private void send(SessionLink link, PathAddress to, ControlPacket packet) {
        List<Map.Entry<LinkId, ControlPacket.Received>> entries =
                List.copyOf(packet.received().entrySet());
        ByteBuffer extension = packet.extension();
        int next = 0;
        do {
            ByteBuffer frames = session.writer().begin(link, to);
            next = FrameWriter.control(frames, packet.sequence(), entries, next, extension);
            if (next < 0) {
                session.writer().abandon();
                return;
            }
            session.writer().finish(true, false);
            extension = NO_EXTENSION;
        } while (next < entries.size());
    }

    /** A report with the next sequence number and the counts of every link. */
    ControlPacket report(ByteBuffer extension) {
        Map<LinkId, ControlPacket.Received> received = new HashMap<>();
        for (SessionLink link : session.links().all()) {
            received.put(
                    link.id(),
                    new ControlPacket.Received(
                            link.path().receivedPackets(), link.path().receivedBytes()));
        }
        ByteBuffer copy = ByteBuffer.allocate(extension.remaining());
        copy.put(extension.duplicate()).flip();
        return new ControlPacket(++sequence, received, copy);
    }

    /** Takes the peer's report unless a newer one was seen. A long report comes in parts of one sequence number. */
    void handle(SessionLink link, ControlPacket report) {
        report.received().forEach((id, counts) -> {
            SessionLink counted = session.links().find(id.value());
            if (counted != null) {
                counted.peerReceived(counts.packets(), counts.bytes()); // cumulative: an old report changes nothing
            }
        });
        if (report.sequence() > newestReceived) {
            newestReceived = report.sequence();
            session.multiplexer().handleControl(link, report);
        }
    }
}
