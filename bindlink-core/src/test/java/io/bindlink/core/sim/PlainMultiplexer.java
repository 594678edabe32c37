package io.bindlink.core.sim;

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
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The least a multiplexer can do: each packet whole, on the first link with room; no order, no repair. */
final class PlainMultiplexer implements Multiplexer {
    private static final int MAX_PACKETS = 100;

    private final ArrayDeque<Packet> queue = new ArrayDeque<>();
    private @Nullable MultiplexerContext context;

    static MultiplexerProvider provider() {
        return new MultiplexerProvider() {
            @Override
            public String name() {
                return "plain";
            }

            @Override
            public int version() {
                return 1;
            }

            @Override
            public Multiplexer create(Map<String, String> options) {
                return new PlainMultiplexer();
            }
        };
    }

    @Override
    public void start(MultiplexerContext newContext) {
        this.context = newContext;
    }

    @Override
    public void addLink(Link link) {}

    @Override
    public void removeLink(Link link) {}

    @Override
    public boolean send(Packet packet) {
        if (queue.size() == MAX_PACKETS) {
            packet.release();
            return true;
        }
        queue.add(packet);
        pump();
        return true;
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        if (context != null) {
            context.deliver(payload, PacketInfo.of(payload.remaining(), 0, Delivery.BEST_EFFORT, Offload.NONE));
        }
    }

    @Override
    public void writable(Link link) {
        pump();
    }

    @Override
    public void stateChanged(Link link) {
        pump();
    }

    @Override
    public void close() {
        queue.forEach(Packet::release);
        queue.clear();
    }

    private void pump() {
        if (context == null) {
            return;
        }
        for (Link link : context.links()) {
            while (!queue.isEmpty()
                    && link.writable()
                    && queue.element().data().remaining() <= link.maxPayloadBytes()) {
                Packet packet = queue.remove();
                link.send(packet.data());
                packet.release();
            }
        }
    }
}
