package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.StreamResetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A TCP connection and a stream joined: bytes pass both ways, an end passes as an end, and a failure of one resets the
 * other. Confined to its loop.
 */
final class Splice implements Watched {
    private static final int TURNS = 8; // pieces carried before others have their turn

    private final Loop loop;
    private final SocketChannel socket;
    private final ByteStream stream;
    private final ByteBuffer first;
    private final SelectionKey key;
    private boolean inwardDone;
    private boolean outwardDone;

    private Splice(Loop loop, SocketChannel socket, ByteStream stream, ByteBuffer first) throws IOException {
        this.loop = loop;
        this.socket = socket;
        this.stream = stream;
        this.first = first;
        this.key = loop.register(socket, 0, this);
    }

    /**
     * Joins a connection and a stream.
     *
     * @param first what was read from the connection already
     */
    static void join(Loop loop, SocketChannel socket, ByteStream stream, ByteBuffer first) throws IOException {
        Splice splice = new Splice(loop, socket, stream, first);
        loop.watch(splice);
        stream.configureBlocking(false);
        stream.onReady(loop.new Signal(splice));
        try {
            splice.handleReady();
        } catch (IOException e) {
            splice.abort();
        }
    }

    @Override
    public void handleReady() throws IOException {
        try {
            carryOutward();
            carryInward();
        } catch (StreamResetException e) {
            abort();
            return;
        }
        if (inwardDone && outwardDone) {
            loop.forget(this);
            socket.close();
        } else {
            key.interestOps(interest());
        }
    }

    private int interest() {
        boolean reads = !inwardDone && !first.hasRemaining() && stream.writable();
        boolean writes = !outwardDone && stream.readable();
        return (reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0);
    }

    /** From the stream to the socket. */
    private void carryOutward() throws IOException {
        int count = outwardDone ? 0 : 1;
        for (int i = 0; i < TURNS && count > 0; i++) {
            count = stream.transferTo(socket);
        }
        if (count < 0) {
            outwardDone = true;
            socket.shutdownOutput();
        }
        StreamResetException reset = stream.resetCause();
        if (reset != null && (outwardDone || !stream.readable())) {
            throw reset; // all that was whole has gone out
        }
    }

    /** From the socket to the stream. */
    private void carryInward() throws IOException {
        if (inwardDone || stream.resetCause() != null) {
            return;
        }
        if (first.hasRemaining()) {
            stream.write(first);
        }
        int count = first.hasRemaining() ? 0 : 1;
        for (int i = 0; i < TURNS && count > 0 && stream.writable(); i++) {
            count = stream.transferFrom(socket);
        }
        if (count < 0) {
            inwardDone = true;
            stream.finish();
        }
    }

    @Override
    public boolean hasDeadlines() {
        return false;
    }

    @Override
    public void abort() {
        loop.forget(this);
        stream.onReady(null);
        stream.close();
        Sockets.refuse(socket);
    }
}
