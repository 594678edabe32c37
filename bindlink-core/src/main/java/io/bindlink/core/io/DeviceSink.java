package io.bindlink.core.io;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import org.jspecify.annotations.Nullable;

/** A device's way to its node. Thread-safe. */
final class DeviceSink implements PacketSink {
    private final Engine engine;
    private final DeviceEdge edge;

    DeviceSink(Engine engine, DeviceEdge edge) {
        this.engine = engine;
        this.edge = edge;
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
        PooledPacket copy = edge.pool().smallCopy(given);
        if (copy == null) {
            return engine.handlePacket(given);
        }
        boolean taken = engine.handlePacket(copy);
        (taken ? given : copy).release();
        return taken;
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
