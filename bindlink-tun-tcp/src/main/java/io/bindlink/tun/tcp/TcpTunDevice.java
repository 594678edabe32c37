package io.bindlink.tun.tcp;

import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.ResetCode;
import io.bindlink.core.stream.StreamResetException;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The device of TCP mode. Connections that are accepted here become streams, and streams of the peer become connections
 * made here; bytes, ends and failures pass both ways until both directions have ended.
 *
 * <p>Connections live within one session: when it ends they are reset. One thread, {@code bindlink-tcp}, serves them all,
 * others look names up; they have ended when {@link #close} returns. Thread-safe.
 */
public final class TcpTunDevice implements TunDevice {
    /** Connections at a time, each way: a page in a browser has a hundred, and a process has 1,024 descriptors or more. */
    private static final int MAX_CONNECTIONS = 4_096;

    private static final int BACKLOG = 1_024;
    private static final long CLOSE_MILLIS = 1_000;

    private final TcpSettings settings;
    private final Streams streams;
    private final @Nullable Exit exit;
    private final Loop loop;
    private final List<Entrance> entrances = new ArrayList<>();
    private final Thread thread;

    /** Binds all listening sockets at once; failure leaves none. */
    TcpTunDevice(TcpSettings settings) throws IOException {
        this.settings = settings;
        this.exit = settings.hasExit() ? new Exit(settings.connect(), settings.allowed()) : null;
        this.streams = new Streams("tcp", Streams.DEFAULT_PIECE_BYTES, exit == null ? 0 : BACKLOG);
        this.loop = new Loop();
        this.thread = new Thread(loop::run, "bindlink-tcp");
        thread.setDaemon(true);
        try {
            bind();
        } catch (IOException e) {
            entrances.forEach(Entrance::abort);
            loop.release();
            throw e;
        }
    }

    private void bind() throws IOException {
        for (Endpoint local : settings.listen()) {
            entrances.add(Entrance.bind(local, (serving, socket) -> carry(serving, socket, Target.ONLY)));
        }
        for (Forward forward : settings.forwards()) {
            String name = Target.name(forward.target());
            entrances.add(Entrance.bind(forward.local(), (serving, socket) -> carry(serving, socket, name)));
        }
        for (Endpoint local : settings.socks()) {
            entrances.add(Entrance.bind(local, this::admit));
        }
    }

    /**
     * Where this end listens.
     *
     * @return the first address bound, or null at an end that only connects
     */
    public @Nullable InetSocketAddress localAddress() {
        return entrances.isEmpty() ? null : entrances.get(0).address();
    }

    /**
     * Where this end listens.
     *
     * @return the addresses bound: of {@code listen-tcp}, of {@code forward}, of {@code socks-listen}, each as given
     */
    public List<InetSocketAddress> localAddresses() {
        return entrances.stream().map(Entrance::address).toList();
    }

    // ---- TunDevice: everything but the sockets is the streams' ----

    @Override
    public String name() {
        if (entrances.isEmpty()) {
            return settings.connect() == null ? "tcp to what is allowed" : "tcp to " + settings.connect();
        }
        return "tcp on "
                + entrances.stream()
                        .map(each -> Endpoint.of(each.address()).toString())
                        .collect(Collectors.joining(", "));
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
        loop.execute(this::begin);
        thread.start();
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
        streams.close();
        loop.close();
        if (thread.getState() == Thread.State.NEW) {
            entrances.forEach(Entrance::abort);
            loop.release();
        }
        if (exit != null) {
            exit.close();
        }
        if (thread != Thread.currentThread()) {
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- the loop's thread ----

    private void begin() {
        streams.onArrival(() -> loop.execute(this::takeStreams));
        try {
            for (Entrance entrance : entrances) {
                entrance.begin(loop);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a bound socket cannot be watched", e);
        }
        takeStreams();
    }

    private void takeStreams() {
        for (ByteStream stream = streams.poll(); stream != null; stream = streams.poll()) {
            if (exit == null || loop.size() >= MAX_CONNECTIONS) {
                stream.reset(ResetCode.REFUSED, "too many connections");
            } else {
                exit.join(loop, stream);
            }
        }
    }

    /** A connection that has one target. */
    private void carry(Loop serving, SocketChannel socket, String target) {
        ByteStream stream = null;
        try {
            check(serving);
            stream = streams.open(target);
            Sockets.prepare(socket);
            Splice.join(serving, socket, stream, ByteBuffer.allocate(0));
        } catch (IOException e) {
            Sockets.refuse(socket);
            if (stream != null) {
                stream.close();
            }
        }
    }

    /** A client of the proxy, which says where it wants to go. */
    private void admit(Loop serving, SocketChannel socket) {
        try {
            check(serving);
            Sockets.prepare(socket);
            Door.open(serving, streams, socket, settings.credentials());
        } catch (IOException e) {
            Sockets.refuse(socket);
        }
    }

    private static void check(Loop serving) throws StreamResetException {
        if (serving.size() >= MAX_CONNECTIONS) {
            throw new StreamResetException(ResetCode.REFUSED, "too many connections");
        }
    }
}
