package io.bindlink.core.mux;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides when the peer is told that more of its reliable flows was delivered: when a flow has used a quarter of its credit, and
 * for all flows at once when together they have used an eighth of what the buffer has free, so that the sender never
 * stops for a buffer it wrongly believes full. Confined to its session.
 */
final class Credits {
    private final Notices notices;
    private final UsableLinks links;
    private final long bufferChunks;
    private final List<Inflow> unannounced = new ArrayList<>();
    private long unannouncedChunks;
    private long heldChunks;

    Credits(Notices notices, UsableLinks links, long bufferBytes) {
        this.notices = notices;
        this.links = links;
        this.bufferChunks = bufferBytes / ChunkLayout.RELIABLE_CHUNK_BYTES;
    }

    /** So many chunks more, or less, wait here. */
    void onHeld(long chunks) {
        heldChunks += chunks;
    }

    void onDelivered(Inflow flow, long chunks, long nowNanos) {
        flow.window.onDelivered(flow.next(), nowNanos, links.slowestRttNanos());
        flow.unannouncedChunks += chunks;
        unannouncedChunks += chunks;
        if (!flow.listed) {
            flow.listed = true;
            unannounced.add(flow);
        }
        if (unannouncedChunks >= Math.max(1, (bufferChunks - heldChunks) / 8)) {
            postAll();
        } else if (flow.unannouncedChunks >= flow.window.chunks() / 4) {
            post(flow);
        }
    }

    private void postAll() {
        for (int i = 0; i < unannounced.size(); i++) {
            Inflow flow = unannounced.get(i);
            flow.listed = false;
            if (flow.unannouncedChunks > 0) {
                post(flow);
            }
        }
        unannounced.clear();
    }

    private void post(Inflow flow) {
        unannouncedChunks -= flow.unannouncedChunks;
        flow.unannouncedChunks = 0;
        notices.post(Notices.credit(flow.key()));
    }
}
