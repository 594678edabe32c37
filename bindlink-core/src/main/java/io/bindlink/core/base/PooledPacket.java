package io.bindlink.core.base;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;

/** The packet every device and multiplexer gets: a heap buffer and a description of what it holds. Not thread-safe. */
public final class PooledPacket implements Packet, PacketInfo {
    private final PacketPool pool;
    private final ByteBuffer data;
    private int flow;
    private Delivery delivery = Delivery.BEST_EFFORT;
    private Offload offload = Offload.NONE;
    private boolean released;

    PooledPacket(PacketPool pool, int capacityBytes) {
        this.pool = pool;
        this.data = ByteBuffer.allocate(capacityBytes);
    }

    /** Makes it ready for its next use. */
    void reuse() {
        released = false;
        data.clear();
        describe(0, Delivery.BEST_EFFORT, Offload.NONE);
    }

    /**
     * Says what the packet is.
     *
     * @param flow the device's number for its flow, or 0
     * @param delivery what the flow is promised
     * @param offload how it is to be segmented
     */
    public void describe(int flow, Delivery delivery, Offload offload) {
        this.flow = flow;
        this.delivery = delivery;
        this.offload = offload;
    }

    @Override
    public ByteBuffer data() {
        return data;
    }

    @Override
    public PacketInfo info() {
        return this;
    }

    @Override
    public void release() {
        if (released) {
            throw new IllegalStateException("packet released twice");
        }
        released = true;
        pool.giveBack(this);
    }

    @Override
    public int sizeBytes() {
        return data.remaining();
    }

    @Override
    public int flow() {
        return flow;
    }

    @Override
    public boolean sparse() {
        return false;
    }

    @Override
    public boolean resend() {
        return false;
    }

    @Override
    public boolean tail() {
        return false;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    @Override
    public Offload offload() {
        return offload;
    }
}
