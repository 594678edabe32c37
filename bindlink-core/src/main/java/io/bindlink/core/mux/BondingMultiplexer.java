package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.ControlPacket;
import io.bindlink.api.Link;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Packet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The default multiplexer: it makes many links one.
 *
 * <p>Packets wait in one fair queue until a link can take them at once; the scheduler says which. What crosses a link is
 * a chunk with a number in its flow, so every flow is put back in order, and repaired, by itself: one flow uses all
 * links, and none waits for another. Pieces that are lost, or that a dead link took along, go again on another link.
 * {@code docs/wire-mux.md} has the bytes and the rules.
 *
 * <p>Confined to its session.
 */
public final class BondingMultiplexer implements Multiplexer {
    /** Bytes of reliable flows that it holds back for order: what its node announces to the peer. */
    public static final long BUFFER_BYTES = 32 << 20;

    /** Flows that it can tell apart: what its node announces to the peer. */
    public static final int FLOW_SLOTS = ChunkLayout.SLOTS;

    /** Largest payload that it takes: what its node announces to the peer. */
    public static final int LARGEST_CHUNK_BYTES = ChunkLayout.MAX_PACKET_BYTES;

    private final BondingLimits limits;
    private @Nullable Engine engine;

    /** A multiplexer with the standard limits, before its start. */
    public BondingMultiplexer() {
        this(BondingLimits.STANDARD);
    }

    BondingMultiplexer(BondingLimits limits) {
        this.limits = limits;
    }

    @Override
    public void start(MultiplexerContext context) {
        engine = new Engine(context, limits);
    }

    private Engine engine() {
        Engine started = engine;
        if (started == null) {
            throw new IllegalStateException("multiplexer used before its start");
        }
        return started;
    }

    @Override
    public void addLink(Link link) {
        engine().linkChanged(link);
    }

    @Override
    public void removeLink(Link link) {
        engine().linkRemoved(link);
    }

    @Override
    public void stateChanged(Link link) {
        engine().linkChanged(link);
    }

    @Override
    public boolean send(Packet packet) {
        return engine().send(packet);
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        engine().received(link, arrival, payload);
    }

    @Override
    public @Nullable ControlPacket craftControl() {
        engine().look();
        return null; // the counts are all the schedulers need
    }

    @Override
    public void acked(Link link, long number) {
        engine().acked(link, number);
    }

    @Override
    public void lost(Link link, long number) {
        engine().lost(link, number);
    }

    @Override
    public void settled(Link link, long sentNanos) {
        engine().settled(link, sentNanos);
    }

    @Override
    public void writable(Link link) {
        engine().pump();
    }

    @Override
    public void deliverable(int flow) {
        engine().deliverable(flow);
    }

    @Override
    public void timeout() {
        engine().timeout();
    }

    @Override
    public boolean acceptsOffload() {
        return true;
    }

    @Override
    public void close() {
        Engine started = engine;
        if (started != null) {
            started.close();
        }
    }

    /** Bytes held back for order. */
    long heldBytes() {
        return engine().heldBytes();
    }

    /** {@return bytes of packets that wait for a link} */
    public long waitingBytes() {
        return engine().waitingBytes();
    }
}
