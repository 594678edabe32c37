package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A master's socket, bound to one local address, so that answers leave from where they were asked for. Thread-safe. */
final class ListenerSocket extends UdpNodeSocket {
    private final InetSocketAddress local;

    ListenerSocket(UdpEndpoint bound, IoCounters counters) throws IOException {
        super(bound, counters);
        this.local = (InetSocketAddress) bound.channel().getLocalAddress();
    }

    InetSocketAddress local() {
        return local;
    }

    @Override
    InetSocketAddress destination(Transmit transmit) {
        InetSocketAddress remote = transmit.remote();
        if (remote == null) {
            throw new IllegalStateException("a listener's socket has no peer of its own");
        }
        return remote;
    }
}
