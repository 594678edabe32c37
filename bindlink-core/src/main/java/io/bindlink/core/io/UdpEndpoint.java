package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.DatagramChannel;

/**
 * A UDP socket: the channel that is bound, connected and waited for, and what sends and receives on it. Thread-safe as
 * its parts are.
 *
 * @param channel not blocking
 * @param socket attached to the channel
 */
record UdpEndpoint(DatagramChannel channel, UdpSocket socket) implements Closeable {
    @Override
    public void close() throws IOException {
        socket.close();
        channel.close();
    }
}
