package io.bindlink.core.mux;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PeerInfo;
import io.bindlink.api.Scheduler;
import io.bindlink.core.base.Counters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One end of a fake bond: the session its multiplexer believes to live in. Confined to its bond. */
final class FakeEnd implements MultiplexerContext {
    /** What takes the packets that come through. */
    interface Device {
        /** Answers false when full. */
        boolean deliver(ByteBuffer packet, PacketInfo info);

        /** A flow that was refused takes packets again. */
        default void accepting(int flow) {}
    }

    final FakeBond bond;
    final Multiplexer mux;
    final List<FakeLink> links = new ArrayList<>();
    final Counters counters = new Counters();
    final List<FakePacket> packets = new ArrayList<>();
    final long clockSkewNanos;
    FakeEnd peer = this;
    Device device = (packet, info) -> true;
    Consumer<FakeEnd> afterCall = end -> {};
    long sentAnywhereNanos;
    private final Scheduler scheduler;
    private final long peerBufferBytes;
    private long wakeOrder;
    private boolean inCall;

    FakeEnd(FakeBond bond, Multiplexer mux, Scheduler scheduler, long clockSkewNanos, long peerBufferBytes) {
        this.bond = bond;
        this.mux = mux;
        this.scheduler = scheduler;
        this.clockSkewNanos = clockSkewNanos;
        this.peerBufferBytes = peerBufferBytes;
    }

    /** One call into the multiplexer; they never nest. */
    void call(Consumer<Multiplexer> call) {
        if (inCall) {
            throw new AssertionError("nested call");
        }
        inCall = true;
        call.accept(mux);
        inCall = false;
        afterCall.accept(this);
    }

    boolean send(FakePacket packet) {
        packets.add(packet);
        boolean[] taken = {false};
        call(m -> taken[0] = m.send(packet));
        if (!taken[0]) {
            packets.remove(packets.size() - 1);
        }
        return taken[0];
    }

    boolean has(LinkId id) {
        return links.stream().anyMatch(l -> l.id().equals(id));
    }

    FakeLink link(int id) {
        return links.stream().filter(l -> l.id().value() == id).findFirst().orElseThrow();
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        return device.deliver(packet, info);
    }

    @Override
    public @Nullable Packet acquire() {
        return null;
    }

    @Override
    public List<Link> links() {
        return Collections.unmodifiableList(links);
    }

    @Override
    public LinkView view(Link link) {
        return (FakeLink) link;
    }

    @Override
    public void accepting(int flow) {
        bond.at(bond.nowNanos(), () -> device.accepting(flow));
    }

    @Override
    public ControlPacket report(ByteBuffer extension) {
        return new ControlPacket(1, Map.of(), extension);
    }

    @Override
    public long nowNanos() {
        return bond.nowNanos();
    }

    @Override
    public void wakeAt(long nanos) {
        long wish = ++wakeOrder;
        if (nanos != Long.MAX_VALUE) {
            bond.at(Math.max(nanos, bond.nowNanos()), () -> {
                if (wakeOrder == wish) {
                    call(Multiplexer::timeout);
                }
            });
        }
    }

    @Override
    public RandomGenerator random() {
        return bond.random;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public PeerInfo peer() {
        return new PeerInfo(1, 65_535, 65_536, peerBufferBytes, true, true);
    }

    @Override
    public void count(String counter, long n) {
        counters.add(counter, n);
    }
}
