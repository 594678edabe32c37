package io.bindlink.core.session;

import io.bindlink.api.Arrival;
import io.bindlink.api.ControlPacket;
import io.bindlink.api.Delivery;
import io.bindlink.api.Link;
import io.bindlink.api.LinkState;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The simplest multiplexer: each packet in one datagram on the first link with room, nothing repaired. Notes all calls. */
final class PlainMultiplexer implements Multiplexer {
    final List<String> calls = new ArrayList<>();
    final List<Long> sentTimes = new ArrayList<>();
    final List<ControlPacket> reports = new ArrayList<>();
    final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    byte[] extension = {};
    Link closedWhenAnotherSettles;
    int acked;
    int lost;
    MultiplexerContext context;

    @Override
    public void start(MultiplexerContext started) {
        context = started;
        calls.add("start");
    }

    @Override
    public void addLink(Link link) {
        calls.add("add " + link.id());
    }

    @Override
    public void removeLink(Link link) {
        calls.add("remove " + link.id());
    }

    @Override
    public boolean send(Packet packet) {
        waiting.add(packet);
        drain();
        return true;
    }

    private void drain() {
        while (!waiting.isEmpty()) {
            Link ready = null;
            for (Link link : context.links()) {
                if (ready == null && link.writable()) {
                    ready = link;
                }
            }
            if (ready == null || ready.send(waiting.peek().data()) < 0) {
                return;
            }
            waiting.poll().release();
        }
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        sentTimes.add(arrival.sentNanos());
        context.deliver(payload, PacketInfo.of(payload.remaining(), 0, Delivery.BEST_EFFORT, Offload.NONE));
    }

    @Override
    public ControlPacket craftControl() {
        return context.report(ByteBuffer.wrap(extension));
    }

    @Override
    public void handleControl(Link link, ControlPacket control) {
        reports.add(control);
    }

    @Override
    public void acked(Link link, long number) {
        acked++;
    }

    @Override
    public void lost(Link link, long number) {
        lost++;
    }

    @Override
    public void settled(Link link, long sentNanos) {
        Link closed = closedWhenAnotherSettles;
        if (closed != null && closed != link) {
            closedWhenAnotherSettles = null;
            closed.close();
        }
    }

    @Override
    public void writable(Link link) {
        drain();
    }

    @Override
    public void stateChanged(Link link) {
        calls.add(link.id() + " " + link.state());
        if (link.state() == LinkState.UP) {
            drain();
        }
    }

    @Override
    public void close() {
        calls.add("close");
        waiting.forEach(Packet::release);
        waiting.clear();
    }
}
