package io.bindlink.core.io;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import org.jspecify.annotations.Nullable;

/** A device's way to its node. Thread-safe, but for what is collected: that belongs to the device's own thread. */
final class DeviceSink implements PacketSink {
    private final Engine engine;
    private final DeviceEdge edge;
    private final IoCounters counters;
    private final PooledPacket[] collected = new PooledPacket[Engine.BATCH];
    private final Moderation moderation = new Moderation();
    private int count;
    private int served;

    DeviceSink(Engine engine, DeviceEdge edge, IoCounters counters) {
        this.engine = engine;
        this.edge = edge;
        this.counters = counters;
    }

    @Override
    public @Nullable Packet acquire() {
        return edge.acquireForDevice();
    }

    @Override
    public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
        requireOutside();
        PooledPacket given = PacketPool.own(packet);
        given.describe(flow, delivery, offload);
        int bytes = given.data().remaining();
        PooledPacket copy = edge.pool().smallCopy(given);
        boolean taken = engine.handlePacket(copy == null ? given : copy);
        if (copy != null) {
            (taken ? given : copy).release();
        }
        if (taken) {
            count(bytes);
        }
        return taken;
    }

    @Override
    public void collect(Packet packet, Offload offload) {
        requireOutside();
        PooledPacket given = PacketPool.own(packet);
        given.describe(0, Delivery.BEST_EFFORT, offload);
        count(given.data().remaining());
        PooledPacket copy = edge.pool().smallCopy(given);
        if (copy != null) {
            given.release();
        }
        collected[count++] = copy != null ? copy : given;
        if (count == collected.length) {
            pass();
        }
    }

    @Override
    public void flush() {
        pass();
        moderation.served(served, engine.nowNanos(), Long.MAX_VALUE);
        served = 0;
    }

    private void pass() {
        int size = count;
        count = 0;
        served += size;
        if (size > 0) {
            engine.handlePackets(collected, size);
        }
    }

    private void count(int bytes) {
        counters.tunSentBytes.add(bytes);
        counters.tunSentPackets.increment();
    }

    @Override
    public void writable(int flow) {
        requireOutside();
        engine.handleDeviceWritable(flow);
    }

    private void requireOutside() {
        if (engine.isEntered()) {
            throw new IllegalStateException("a device must not call its sink from inside a call it gets");
        }
    }
}
