package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Sends and receives by the channel itself. Thread-safe as {@link UdpSocket} has it. */
final class NioUdpSocket implements UdpSocket {
    private final DatagramChannel channel;
    private @Nullable InetSocketAddress source;

    NioUdpSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    @Override
    public int maxTrainDatagrams() {
        return 1;
    }

    @Override
    public boolean send(ByteBuffer train, int datagramBytes, @Nullable InetSocketAddress remote) throws IOException {
        int bytes = train.remaining();
        return (remote == null ? channel.write(train) : channel.send(train, remote)) == bytes;
    }

    @Override
    public int receive(ByteBuffer into) throws IOException {
        int start = into.position();
        InetSocketAddress from = (InetSocketAddress) channel.receive(into);
        if (from == null) {
            return -1;
        }
        source = from;
        int bytes = into.position() - start;
        into.limit(into.position()).position(start);
        return bytes;
    }

    @Override
    public InetSocketAddress source() {
        if (source == null) {
            throw new IllegalStateException("nothing was received");
        }
        return source;
    }

    @Override
    public void close() {} // it holds nothing but the channel
}
