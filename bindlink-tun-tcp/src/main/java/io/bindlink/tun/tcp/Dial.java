package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.ResetCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection being made for a stream of the peer: the addresses of its target are tried one after the other. Confined to
 * its loop.
 */
final class Dial implements Watched {
    private static final long TIMEOUT_MILLIS = 10_000;

    private final Loop loop;
    private final ByteStream stream;
    private final Endpoint target;
    private final Queue<InetAddress> untried;
    private final long attemptMillis;
    private @Nullable SocketChannel socket;
    private long deadlineNanos = Long.MAX_VALUE;
    private ResetCode failure = ResetCode.UNREACHABLE;
    private String reason = "it has no address";

    private Dial(Loop loop, ByteStream stream, Endpoint target, List<InetAddress> addresses) {
        this.loop = loop;
        this.stream = stream;
        this.target = target;
        this.untried = new ArrayDeque<>(addresses);
        this.attemptMillis = TIMEOUT_MILLIS / Math.max(1, Math.min(addresses.size(), 4));
    }

    static void begin(Loop loop, ByteStream stream, Endpoint target, List<InetAddress> addresses) {
        Dial dial = new Dial(loop, stream, target, addresses);
        loop.watch(dial);
        stream.onReady(loop.new Signal(dial));
        if (stream.isOpen()) {
            dial.tryNext();
        } else {
            dial.abort();
        }
    }

    private void tryNext() {
        InetAddress address = untried.poll();
        if (address == null) {
            stream.reset(failure, target + ": " + reason);
            abort();
            return;
        }
        deadlineNanos = Loop.inMillis(attemptMillis);
        try {
            SocketChannel next = SocketChannel.open();
            socket = next;
            loop.register(next, SelectionKey.OP_CONNECT, this);
            if (next.connect(new InetSocketAddress(address, target.port()))) {
                succeed(next);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void handleReady() {
        SocketChannel connecting = socket;
        if (!stream.isOpen() || connecting == null) {
            abort();
            return;
        }
        try {
            if (connecting.finishConnect()) {
                succeed(connecting);
            } else if (System.nanoTime() - deadlineNanos >= 0) {
                Sockets.refuse(connecting);
                failure = ResetCode.TIMED_OUT;
                reason = "did not answer in time";
                tryNext();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void succeed(SocketChannel connected) throws IOException {
        Sockets.prepare(connected);
        stream.accept();
        socket = null;
        loop.forget(this);
        Splice.join(loop, connected, stream, ByteBuffer.allocate(0));
    }

    private void fail(IOException cause) {
        if (!stream.isOpen()) {
            abort();
            return;
        }
        if (socket != null) {
            Sockets.refuse(socket);
        }
        reason = String.valueOf(cause.getMessage());
        boolean refused = cause instanceof ConnectException && reason.contains("refused");
        failure = refused ? ResetCode.CONNECTION_REFUSED : ResetCode.UNREACHABLE;
        tryNext();
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void abort() {
        loop.forget(this);
        stream.onReady(null);
        stream.close();
        if (socket != null) {
            Sockets.refuse(socket); // it may be connected by now, and its end would be taken for the stream's
        }
    }
}
