package io.bindlink.core;

import io.bindlink.api.Arrival;
import io.bindlink.api.Delivery;
import io.bindlink.api.Link;
import io.bindlink.api.LinkView;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.MultiplexerProvider;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** As little of a multiplexer as can be: each packet whole, on the first link with room that the scheduler picks. */
final class OneLinkMultiplexer implements Multiplexer {
    private final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    private final List<LinkView> picked = new ArrayList<>();
    private MultiplexerContext context;

    /** Makes them. */
    static final class Provider implements MultiplexerProvider {
        @Override
        public String name() {
            return "one-link";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Multiplexer create(Map<String, String> options) {
            return new OneLinkMultiplexer();
        }
    }

    /** Picks the first link that is ready. */
    static final Scheduler FIRST_READY = (packet, links, picks) ->
            links.stream().filter(LinkView::ready).findFirst().ifPresent(picks::add);

    private final Picks picks = new Picks() {
        @Override
        public void add(LinkView link) {
            picked.add(link);
        }

        @Override
        public void waitAtMost(long nanos) {}

        @Override
        public long nowNanos() {
            return context.nowNanos();
        }

        @Override
        public long backlogBytes() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return context.random();
        }
    };

    @Override
    public void start(MultiplexerContext started) {
        context = started;
    }

    @Override
    public void addLink(Link link) {}

    @Override
    public void removeLink(Link link) {}

    @Override
    public boolean send(Packet packet) {
        waiting.add(packet);
        drain();
        return true;
    }

    private void drain() {
        while (!waiting.isEmpty()) {
            picked.clear();
            List<LinkView> views = context.links().stream().map(context::view).toList();
            context.scheduler().choose(waiting.peek().info(), views, picks);
            if (picked.isEmpty() || !send(picked.get(0))) {
                return;
            }
            waiting.remove().release();
        }
    }

    private boolean send(LinkView view) {
        for (Link link : context.links()) {
            if (link.id().equals(view.id())) {
                if (waiting.element().data().remaining() <= link.maxPayloadBytes()) {
                    return link.send(waiting.element().data()) >= 0;
                }
                context.wakeAt(context.nowNanos() + 20_000_000L); // the path's size is being searched for
            }
        }
        return false;
    }

    @Override
    public void timeout() {
        drain();
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        context.deliver(payload, PacketInfo.of(payload.remaining(), 0, Delivery.BEST_EFFORT, Offload.NONE));
    }

    @Override
    public void writable(Link link) {
        drain();
    }

    @Override
    public void stateChanged(Link link) {
        drain();
    }

    @Override
    public void close() {
        waiting.forEach(Packet::release);
        waiting.clear();
    }
}
