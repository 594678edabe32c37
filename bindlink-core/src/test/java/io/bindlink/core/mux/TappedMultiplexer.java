package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.Link;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Packet;
import java.nio.ByteBuffer;
import java.util.List;

/** The default multiplexer, with a copy of every payload it receives. Confined to its bond. */
final class TappedMultiplexer implements Multiplexer {
    private final BondingMultiplexer inner = new BondingMultiplexer();
    private final List<byte[]> payloads;

    TappedMultiplexer(List<byte[]> payloads) {
        this.payloads = payloads;
    }

    @Override
    public void start(MultiplexerContext context) {
        inner.start(context);
    }

    @Override
    public void addLink(Link link) {
        inner.addLink(link);
    }

    @Override
    public void removeLink(Link link) {
        inner.removeLink(link);
    }

    @Override
    public boolean send(Packet packet) {
        return inner.send(packet);
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        payloads.add(copy);
        inner.received(link, arrival, payload);
    }

    @Override
    public void acked(Link link, long number) {
        inner.acked(link, number);
    }

    @Override
    public void lost(Link link, long number) {
        inner.lost(link, number);
    }

    @Override
    public void settled(Link link, long sentNanos) {
        inner.settled(link, sentNanos);
    }

    @Override
    public void writable(Link link) {
        inner.writable(link);
    }

    @Override
    public void stateChanged(Link link) {
        inner.stateChanged(link);
    }

    @Override
    public void deliverable(int flow) {
        inner.deliverable(flow);
    }

    @Override
    public void timeout() {
        inner.timeout();
    }

    @Override
    public void close() {
        inner.close();
    }
}
