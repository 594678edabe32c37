package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A master's socket, bound to one local address, so that answers leave from where they were asked for. Thread-safe. */
final class ListenerSocket extends NodeSocket {
    private final InetSocketAddress local;

    ListenerSocket(DatagramChannel bound, IoCounters counters) throws IOException {
        super(bound, counters);
        this.local = (InetSocketAddress) bound.getLocalAddress();
    }

    InetSocketAddress local() {
        return local;
    }

    @Override
    @Nullable
    InetSocketAddress receive(ByteBuffer into) throws IOException {
        InetSocketAddress source = (InetSocketAddress) channel().receive(into);
        into.flip();
        return source;
    }

    @Override
    boolean write(ByteBuffer datagram, Transmit transmit) throws IOException {
        InetSocketAddress remote = transmit.remote();
        if (remote == null) {
            throw new IllegalStateException("a listener's socket has no peer of its own");
        }
        return channel().send(datagram, remote) > 0;
    }
}
