package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import io.bindlink.core.session.Node;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of a node by number, a handful: scanning them costs less than a map that boxes the numbers. Changed under
 * the engine's lock; {@link #flush} and {@link #usesProxies} may be called without it.
 */
final class SocketTable {
    private volatile NodeSocket[] sockets = {}; // never changed in place
    private int lastNumber;

    /** Takes a socket in and gives it the next number. */
    void add(NodeSocket socket) {
        socket.number(++lastNumber);
        NodeSocket[] more = Arrays.copyOf(sockets, sockets.length + 1);
        more[more.length - 1] = socket;
        sockets = more;
    }

    /** Takes a socket out; null when it was not there any more. */
    @Nullable
    NodeSocket remove(int number) {
        NodeSocket found = find(number);
        if (found != null) {
            sockets = Arrays.stream(sockets).filter(each -> each != found).toArray(NodeSocket[]::new);
        }
        return found;
    }

    private @Nullable NodeSocket find(int number) {
        for (NodeSocket socket : sockets) {
            if (socket.number() == number) {
                return socket;
            }
        }
        return null;
    }

    /** Queues a datagram at its socket, or lets it go if that is gone. */
    void enqueue(Transmit transmit) {
        NodeSocket socket = find(transmit.socket());
        if (socket == null) {
            transmit.release();
        } else {
            socket.enqueue(transmit);
        }
    }

    /** Sends what is queued. */
    void flush() {
        for (NodeSocket socket : sockets) {
            socket.flush();
        }
    }

    /** Whether a socket has become full, or has room again, since the node was told. */
    boolean roomChanged() {
        for (NodeSocket socket : sockets) {
            if (socket instanceof TcpSocket stream && stream.full() != stream.toldFull()) {
                return true;
            }
        }
        return false;
    }

    /** Tells the node which sockets have become full or have room again. */
    void tellRoom(Node node, long nowNanos) {
        for (NodeSocket socket : sockets) {
            if (socket instanceof TcpSocket stream && stream.full() != stream.toldFull()) {
                stream.toldFull(!stream.toldFull());
                node.handleRoom(stream.number(), !stream.toldFull(), nowNanos);
            }
        }
    }

    /** Whether a datagram just sent may still wait in a proxy. */
    boolean usesProxies() {
        return Arrays.stream(sockets).anyMatch(SocksLinkSocket.class::isInstance);
    }

    /** Closes them all. */
    void close() {
        for (NodeSocket socket : sockets) {
            socket.close();
        }
    }
}
