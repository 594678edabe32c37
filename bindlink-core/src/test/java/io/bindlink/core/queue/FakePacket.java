package io.bindlink.core.queue;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;

/** A packet that counts how often it was released. Confined to its test. */
final class FakePacket implements Packet {
    private final ByteBuffer data;
    private final int flow;
    int releases;

    FakePacket(int sizeBytes) {
        this(ByteBuffer.allocate(sizeBytes), 0);
    }

    FakePacket(ByteBuffer data, int flow) {
        this.data = data;
        this.flow = flow;
    }

    @Override
    public ByteBuffer data() {
        return data;
    }

    @Override
    public PacketInfo info() {
        return PacketInfo.of(data.remaining(), flow, Delivery.BEST_EFFORT, Offload.NONE);
    }

    @Override
    public void release() {
        releases++;
    }
}
