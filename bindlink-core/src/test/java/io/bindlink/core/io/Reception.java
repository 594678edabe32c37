package io.bindlink.core.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes single datagrams from a socket, as tests like it. */
final class Reception {
    private Reception() {}

    /**
     * Receives the next datagram that is not dropped.
     *
     * @param into takes it, position and limit around it
     * @return where it came from; null when there is none
     */
    static @Nullable InetSocketAddress receive(NodeSocket socket, ByteBuffer into) throws IOException {
        Inbound inbound = new Inbound();
        while (socket.receive(inbound)) {
            if (inbound.count() > 0) {
                into.clear().put(inbound.datagram(0)).flip();
                return inbound.source(0);
            }
        }
        return null;
    }

    static ByteBuffer buffer() {
        return ByteBuffer.allocate(Inbound.MAX_DATAGRAM_BYTES);
    }
}
