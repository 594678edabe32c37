package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import org.jspecify.annotations.Nullable;

/** Stands for the multiplexer until the device's own thread has begun: it takes nothing yet. Immutable. */
final class NoSink implements PacketSink {
    @Override
    public @Nullable Packet acquire() {
        return null;
    }

    @Override
    public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
        return false;
    }

    @Override
    public void writable(int flow) {
        // Nothing was delivered that it would wait for.
    }
}
