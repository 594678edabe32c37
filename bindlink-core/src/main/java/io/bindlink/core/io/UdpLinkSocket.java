package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A slave's socket straight to the master, connected, so that the system drops strangers' datagrams. Thread-safe. */
final class UdpLinkSocket extends UdpNodeSocket {
    private final InetSocketAddress remote;
    private final DialMemory memory;
    private boolean answered; // under the node's lock

    UdpLinkSocket(UdpEndpoint connected, InetSocketAddress remote, DialMemory memory, IoCounters counters) {
        super(connected, counters);
        this.remote = remote;
        this.memory = memory;
    }

    @Override
    InetSocketAddress source(InetSocketAddress source) {
        return remote;
    }

    @Override
    void handleAuthentic(InetSocketAddress source) {
        if (!answered) {
            answered = true;
            memory.handleAnswer();
        }
    }

    @Override
    @Nullable
    InetSocketAddress destination(Transmit transmit) {
        return null;
    }
}
