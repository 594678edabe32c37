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
    /** Packets a device or multiplexer may be filling or reading at once. */
    private static final int LARGE_PACKETS = 64;

    /** Pieces of byte streams that may wait for a link or to be acknowledged, 24 MiB: 1 Gbit/s at 100 ms, and some more. */
    private static final int MEDIUM_PACKETS = 1_536;

    /** Packets that may wait for a link or for their order: 8 MiB. */
    private static final int SMALL_PACKETS = 4_096;

    private final TunDevice device;
    private final Role role;
    private final PacketPool pool = new PacketPool(LARGE_PACKETS, MEDIUM_PACKETS, SMALL_PACKETS);
    private volatile boolean starved;

    DeviceEdge(TunDevice device, Role role) {
        this.device = device;
        this.role = role;
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        return device.send(packet, info);
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
    public void sessionStarted() {
        device.sessionStarted(role);
    }

    @Override
    public void sessionEnded() {
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
