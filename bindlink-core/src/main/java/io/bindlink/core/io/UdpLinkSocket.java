package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A slave's socket straight to the master, connected, so that the system drops strangers' datagrams. Thread-safe. */
final class UdpLinkSocket extends NodeSocket {
    private final InetSocketAddress remote;
    private final DialMemory memory;
    private boolean answered; // under the node's lock

    UdpLinkSocket(DatagramChannel connected, InetSocketAddress remote, DialMemory memory, IoCounters counters)
            throws IOException {
        super(connected, counters);
        this.remote = remote;
        this.memory = memory;
    }

    @Override
    @Nullable
    InetSocketAddress receive(ByteBuffer into) throws IOException {
        int bytes;
        try {
            bytes = channel().read(into);
        } catch (PortUnreachableException e) { // nobody listens there yet; the node's own probes decide
            into.clear();
            bytes = channel().read(into);
        }
        if (bytes <= 0) {
            return null;
        }
        into.flip();
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
    boolean write(ByteBuffer datagram, Transmit transmit) throws IOException {
        return channel().write(datagram) > 0;
    }
}
