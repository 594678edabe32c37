package io.bindlink.core.io;

import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import java.nio.ByteBuffer;

/** A link as the library's user holds it, outside the engine. Thread-safe. */
final class LinkHandle implements Link {
    private final Engine engine;
    private volatile LinkStats newest;

    LinkHandle(Engine engine, LinkStats first) {
        this.engine = engine;
        this.newest = first;
    }

    /** Newer figures. Under the engine's lock. */
    void handleStats(LinkStats stats) {
        newest = stats;
    }

    /** The link is gone for good. */
    void handleClosed() {
        LinkStats last = newest;
        newest = new LinkStats(
                last.id(),
                last.uri(),
                LinkState.CLOSED,
                last.reason(),
                last.sentPackets(),
                last.sentBytes(),
                last.receivedPackets(),
                last.receivedBytes(),
                last.peerReceivedPackets(),
                last.peerReceivedBytes(),
                last.lostPackets(),
                last.rttNanos(),
                last.minRttNanos(),
                last.jitterNanos(),
                last.relativeDelayNanos(),
                0,
                0,
                0,
                last.maxPayloadBytes(),
                0,
                last.duplicatePackets(),
                last.retransmittedPackets(),
                last.socketsMade(),
                last.socketsFailed(),
                last.rtt());
    }

    @Override
    public LinkId id() {
        return newest.id();
    }

    @Override
    public LinkUri uri() {
        return newest.uri();
    }

    @Override
    public LinkState state() {
        return newest.state();
    }

    @Override
    public LinkStats stats() {
        LinkStats last = newest;
        if (last.state() == LinkState.CLOSED) {
            return last;
        }
        for (LinkStats each : engine.stats().links()) {
            if (each.id().equals(last.id())) {
                return each;
            }
        }
        return newest;
    }

    @Override
    public int maxPayloadBytes() {
        return stats().maxPayloadBytes();
    }

    @Override
    public boolean writable() {
        throw outside();
    }

    @Override
    public long send(ByteBuffer payload) {
        throw outside();
    }

    private static IllegalStateException outside() {
        return new IllegalStateException("only a multiplexer sends on a link, on the one it is called with");
    }

    @Override
    public void pause() {
        if (state() != LinkState.CLOSED) {
            engine.pauseLink(id(), true);
        }
    }

    @Override
    public void resume() {
        if (state() != LinkState.CLOSED) {
            engine.pauseLink(id(), false);
        }
    }

    @Override
    public void close() {
        if (state() != LinkState.CLOSED) {
            engine.closeLink(id());
        }
    }

    @Override
    public String toString() {
        return "link " + id() + " (" + uri() + ") " + state();
    }
}
