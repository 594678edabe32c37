package io.bindlink.core.bench;

import io.bindlink.api.Arrival;
import io.bindlink.api.Delivery;
import io.bindlink.api.Link;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.spi.MultiplexerProvider;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The least a multiplexer can do: one packet, one datagram, first link. What is measured with it is the rest. */
final class DirectMultiplexer implements Multiplexer {
    /** Makes it. */
    static final MultiplexerProvider PROVIDER = new MultiplexerProvider() {
        @Override
        public String name() {
            return "direct";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Multiplexer create(Map<String, String> options) {
            return new DirectMultiplexer();
        }
    };

    private MultiplexerContext context;
    private PacketInfo info;

    @Override
    public void start(MultiplexerContext context) {
        this.context = context;
        this.info = PacketInfo.of(PacketCost.PACKET_BYTES, 0, Delivery.BEST_EFFORT, Offload.NONE);
    }

    @Override
    public void addLink(Link link) {}

    @Override
    public void removeLink(Link link) {}

    @Override
    public boolean send(Packet packet) {
        List<Link> links = context.links();
        if (links.isEmpty() || links.get(0).send(packet.data()) < 0) {
            return false;
        }
        packet.release();
        return true;
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        context.deliver(payload, info);
    }

    @Override
    public void close() {}
}
