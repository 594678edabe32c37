package io.bindlink.core.io;

import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.session.NodeEdge;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A node's way to its device. Under the engine's lock, but for what says otherwise. */
final class DeviceEdge implements NodeEdge {
    /** What packets may take that wait for a link, are under way, or are just being filled. */
    private static final long PACKET_BYTES = 12 << 20;

    /** The same for pieces of byte streams: 1 Gbit/s at 100 ms, and some more. */
    private static final long STREAM_BYTES = 36 << 20;

    private final TunDevice device;
    private final Role role;
    private final IoCounters counters;
    private final PacketPool pool;
    private volatile boolean starved;

    DeviceEdge(TunDevice device, Role role, IoCounters counters) {
        this.device = device;
        this.role = role;
        this.counters = counters;
        this.pool = new PacketPool(device.kind() == TunDevice.Kind.STREAMS ? STREAM_BYTES : PACKET_BYTES);
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        int bytes = packet.remaining();
        boolean taken = device.send(packet, info);
        if (taken) {
            counters.tunReceivedBytes.add(bytes);
            counters.tunReceivedPackets.increment();
        }
        return taken;
    }

    @Override
    public @Nullable Packet acquire() {
        return pool.acquire();
    }

    @Override
    public void accepting(int flow) {
        device.accepting(flow);
    }

    @Override
    public void sessionStarted(boolean offload) {
        device.offloading(offload);
        device.sessionStarted(role);
    }

    @Override
    public void sessionEnded() {
        device.offloading(false);
        device.sessionEnded();
    }

    PacketPool pool() {
        return pool;
    }

    /** Takes a buffer for the device, which is told when one is to be had if there is none now. From any thread. */
    @Nullable
    Packet acquireForDevice() {
        Packet packet = pool.acquire();
        if (packet == null) {
            starved = true;
            packet = pool.acquire(); // one may have come back just before the flag was up
        }
        return packet;
    }

    /** Tells a device that waits for a buffer that there are some. */
    void handleReleases() {
        if (starved && pool.available()) {
            starved = false;
            device.accepting(0);
        }
    }
}
