package io.bindlink.tun.tcp;

import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.ResetCode;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The device of TCP mode. One end listens: a connection it accepts becomes a stream. The other end connects for each
 * stream it is offered, and bytes, ends and failures pass both ways until both directions have ended. One connection is
 * carried at a time; the listening end resets any other.
 *
 * <p>Connections live within one session: when it ends they are reset. Threads are named {@code bindlink-tcp-...}, two
 * for each connection, and have ended when {@link #close} returns. Thread-safe.
 */
public final class TcpTunDevice implements TunDevice {
    static final String STREAM_NAME = "tcp";

    /** Connections the connecting end makes at a time: an old one may still be ending when the next one begins. */
    private static final int MAX_DIALS = 16;

    /** How long a further connection waits for the end of the one before: its last bytes may still be on their way. */
    private static final long GRACE_NANOS = 250_000_000;

    private static final long RETRY_NANOS = 50_000_000;
    private static final long CLOSE_NANOS = 1_000_000_000;

    private final Streams streams;
    private final Endpoint endpoint;
    private final @Nullable ServerSocket listener;
    private final Set<Splice> splices = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closed;

    private TcpTunDevice(Streams streams, Endpoint endpoint, @Nullable ServerSocket listener) {
        this.streams = streams;
        this.endpoint = endpoint;
        this.listener = listener;
        this.acceptor = listener == null
                ? new Thread(this::acceptStreams, "bindlink-tcp-dial")
                : new Thread(() -> acceptSockets(listener), "bindlink-tcp-listen");
    }

    /** The end that accepts connections; it is bound at once. */
    static TcpTunDevice listening(Endpoint local, int mtuBytes) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(local.resolve());
        } catch (IOException e) {
            listener.close();
            String why = e instanceof UnknownHostException ? "no such address" : e.getMessage();
            throw new IOException("cannot listen on " + local + ": " + why, e);
        }
        return new TcpTunDevice(new Streams("tcp", mtuBytes, 0), local, listener);
    }

    /** The end that connects. */
    static TcpTunDevice connecting(Endpoint remote, int mtuBytes) {
        return new TcpTunDevice(new Streams("tcp", mtuBytes, Streams.DEFAULT_BACKLOG), remote, null);
    }

    /**
     * Where this end listens.
     *
     * @return the address bound, or null at the end that connects
     */
    public @Nullable InetSocketAddress localAddress() {
        return listener == null ? null : (InetSocketAddress) listener.getLocalSocketAddress();
    }

    // ---- TunDevice: everything but the sockets is the streams' ----

    @Override
    public String name() {
        return listener == null ? "tcp to " + endpoint : "tcp on " + bound(listener);
    }

    @Override
    public Kind kind() {
        return streams.kind();
    }

    @Override
    public int mtuBytes() {
        return streams.mtuBytes();
    }

    @Override
    public void run(PacketSink toMultiplexer) throws IOException {
        acceptor.start();
        streams.run(toMultiplexer);
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        return streams.send(packet, info);
    }

    @Override
    public void accepting(int flow) {
        streams.accepting(flow);
    }

    @Override
    public void sessionStarted(Role role) {
        streams.sessionStarted(role);
    }

    @Override
    public void sessionEnded() {
        streams.sessionEnded();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        streams.close();
        if (listener != null) {
            listener.close();
        }
        splices.forEach(Splice::abort);
        LockSupport.unpark(acceptor);
        Deadline deadline = Deadline.in(CLOSE_NANOS);
        deadline.join(acceptor);
        splices.forEach(splice -> splice.join(deadline));
    }

    // ---- inside ----

    private void acceptSockets(ServerSocket from) {
        while (!closed) {
            try {
                carry(from.accept());
            } catch (IOException e) {
                LockSupport.parkNanos(RETRY_NANOS); // closed, or out of descriptors, which only time mends
            }
        }
    }

    private void carry(Socket socket) {
        try {
            Deadline grace = Deadline.in(GRACE_NANOS);
            splices.forEach(splice -> splice.join(grace));
            splices.removeIf(Splice::hasEnded);
            if (!splices.isEmpty()) {
                throw new IOException("one connection is carried already");
            }
            start(Splice.accepted(socket, streams.open(STREAM_NAME)));
        } catch (IOException e) {
            Splice.refuse(socket);
        }
    }

    private void acceptStreams() {
        while (!closed) {
            try {
                ByteStream stream = streams.accept();
                splices.removeIf(Splice::hasEnded);
                if (splices.size() >= MAX_DIALS) {
                    stream.reset(ResetCode.REFUSED, "too many connections");
                } else {
                    start(Splice.dialing(endpoint, stream));
                }
            } catch (IOException e) {
                return; // the device was closed
            }
        }
    }

    private void start(Splice splice) {
        splices.add(splice);
        splice.start();
        if (closed) {
            splice.abort();
        }
    }

    private static String bound(ServerSocket listener) {
        return new Endpoint(listener.getInetAddress().getHostAddress(), listener.getLocalPort()).toString();
    }
}
