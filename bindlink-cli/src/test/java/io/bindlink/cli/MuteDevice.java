package io.bindlink.cli;

import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** A device of IP packets that takes everything and says nothing. Thread-safe. */
public final class MuteDevice implements TunDevice {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public String name() {
        return "mute";
    }

    @Override
    public Kind kind() {
        return Kind.IP_PACKETS;
    }

    @Override
    public int mtuBytes() {
        return TunConfig.DEFAULT_MTU_BYTES;
    }

    @Override
    public void run(PacketSink sink) throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        return true;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
