package io.bindlink.core.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts a master's TCP connections at one local address. Confined to the network thread, but for {@link #close}. */
final class TcpAcceptor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpAcceptor.class);
    private static final int BATCH = 16; // then datagrams have their turn

    private final ServerSocketChannel channel;
    private final Engine engine;
    private final TcpConnections connections;
    private final IoCounters counters;

    private TcpAcceptor(ServerSocketChannel channel, Engine engine, TcpConnections connections, IoCounters counters) {
        this.channel = channel;
        this.engine = engine;
        this.connections = connections;
        this.counters = counters;
    }

    /** Listens at an address. */
    static TcpAcceptor open(InetSocketAddress local, Engine engine, TcpConnections connections, IoCounters counters)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(local, TcpConnections.MAX_STRANGERS);
            channel.configureBlocking(false);
            return new TcpAcceptor(channel, engine, connections, counters);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Somebody connects. Answers whether the system still accepts; if not, it is worth another try after a while. */
    boolean handleAcceptable() {
        try {
            for (int i = 0; i < BATCH; i++) {
                SocketChannel connection = channel.accept();
                if (connection == null) {
                    return true;
                }
                take(connection);
            }
            return true;
        } catch (IOException e) { // out of descriptors, most likely
            LOG.debug("a connection was not accepted", e);
            return false;
        }
    }

    private void take(SocketChannel connection) throws IOException {
        try {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress remote = (InetSocketAddress) connection.getRemoteAddress();
            TcpSocket socket = new TcpSocket(connection, remote, () -> {}, connections::remove, counters);
            TcpSocket displaced = connections.add(socket, System.nanoTime());
            if (displaced != null) {
                engine.handleSocketClosed(displaced, "too many connections");
            }
            if (!engine.addListener(socket)) {
                socket.close();
            }
        } catch (IOException e) { // its other end has gone again
            LOG.trace("a connection was not taken", e);
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
