package io.bindlink.core.session;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.Link;
import io.bindlink.api.LinkView;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PeerInfo;
import io.bindlink.api.Scheduler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The session as its multiplexer sees it. Confined to its session. */
final class BondContext implements MultiplexerContext {
    private final Session session;
    private final NodeContext node;
    private final PeerInfo peer;
    private final Scheduler scheduler;
    private long wakeNanos = Long.MAX_VALUE;

    BondContext(Session session, NodeContext node, PeerInfo peer, Scheduler scheduler) {
        this.session = session;
        this.node = node;
        this.peer = peer;
        this.scheduler = scheduler;
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        if (!node.config.offload() && !info.offload().equals(Offload.NONE)) {
            count("mux_malformed", 1); // the peer was told that we take none
            return true;
        }
        return node.edge.deliver(packet, info);
    }

    @Override
    public @Nullable Packet acquire() {
        return node.edge.acquire();
    }

    @Override
    public List<Link> links() {
        return session.links().view();
    }

    @Override
    public LinkView view(Link link) {
        if (link instanceof SessionLink own) {
            return own;
        }
        throw new IllegalArgumentException("link " + link.id() + " is not of this session");
    }

    @Override
    public void accepting(int flow) {
        node.edge.accepting(flow);
    }

    @Override
    public ControlPacket report(ByteBuffer extension) {
        return session.control().report(extension);
    }

    @Override
    public long nowNanos() {
        return session.nowNanos();
    }

    @Override
    public void wakeAt(long nanos) {
        wakeNanos = nanos;
    }

    /** When the multiplexer wants its timeout. */
    long wakeNanos() {
        return wakeNanos;
    }

    /** Takes the wish, so that it is granted once. */
    boolean takeWake(long nowNanos) {
        if (wakeNanos == Long.MAX_VALUE || nowNanos - wakeNanos < 0) {
            return false;
        }
        wakeNanos = Long.MAX_VALUE;
        return true;
    }

    @Override
    public RandomGenerator random() {
        return node.random;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public PeerInfo peer() {
        return peer;
    }

    @Override
    public void count(String counter, long n) {
        node.counters.add(counter, n);
    }
}
