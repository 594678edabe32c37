package io.bindlink.core.io;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A place for one received datagram, used again and again. Confined to the network thread. */
final class Inbound {
    private final ByteBuffer datagram = ByteBuffer.allocate(NodeSocket.RECEIVE_BYTES);
    private @Nullable InetSocketAddress source;

    ByteBuffer datagram() {
        return datagram;
    }

    InetSocketAddress source() {
        if (source == null) {
            throw new IllegalStateException("nothing was received");
        }
        return source;
    }

    void source(InetSocketAddress source) {
        this.source = source;
    }
}
