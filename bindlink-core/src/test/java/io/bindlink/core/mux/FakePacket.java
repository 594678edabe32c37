package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;

/** A packet that counts how often it was released. Confined to its test. */
final class FakePacket implements Packet {
    private final ByteBuffer data;
    private final PacketInfo info;
    int releases;

    FakePacket(byte[] bytes, int flow, Delivery delivery) {
        this(bytes, flow, delivery, Offload.NONE);
    }

    FakePacket(byte[] bytes, int flow, Delivery delivery, Offload offload) {
        data = ByteBuffer.wrap(bytes);
        info = PacketInfo.of(Math.max(1, bytes.length), flow, delivery, offload);
    }

    @Override
    public ByteBuffer data() {
        return data;
    }

    @Override
    public PacketInfo info() {
        return info;
    }

    @Override
    public void release() {
        releases++;
        if (releases > 1) {
            throw new IllegalStateException("released twice");
        }
    }
}
