package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection in the making, to the master or to a proxy that is told what it is for. Blocking; confined to a dialing
 * thread but for {@link #close}.
 */
final class ProxyConnection implements Closeable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final long HANDSHAKE_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** When a silent connection is probed, how often and how many times, in seconds and counts; Linux knows these. */
    private static final List<KeepAlive> KEEP_ALIVE = List.of(
            new KeepAlive("TCP_KEEPIDLE", 15), new KeepAlive("TCP_KEEPINTERVAL", 5), new KeepAlive("TCP_KEEPCOUNT", 3));

    private final String who;
    private final int port;
    private final @Nullable String interfaceName;
    private final UdpSockets sockets;
    private final SocketChannel channel;

    /**
     * A connection to be made to the host and port that a link names.
     *
     * @param sockets know how to tie a channel to the link's interface
     */
    ProxyConnection(LinkUri uri, UdpSockets sockets) throws IOException {
        this.who = (uri.scheme().proxied() ? "proxy " : "master ") + new HostPort(uri.host(), uri.port());
        this.port = uri.port();
        this.interfaceName = uri.dev().orElse(null);
        this.sockets = sockets;
        this.channel = SocketChannel.open();
    }

    /** One of the keep-alive settings by name: they stand in a module of their own, which is not needed otherwise. */
    private record KeepAlive(String option, int value) {}

    /**
     * Connects.
     *
     * @param address the other end's
     * @param source the local address; null: the system's choice
     */
    void connect(InetAddress address, @Nullable InetAddress source) throws ConnectException {
        try {
            if (interfaceName != null) {
                sockets.bindToInterface(channel, interfaceName);
            }
            if (source != null) {
                channel.bind(new InetSocketAddress(source, 0));
            }
            keepAlive();
            channel.socket().connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
        } catch (SocketTimeoutException e) {
            ConnectException silent = new ConnectException(who + " does not answer");
            silent.initCause(e);
            throw silent;
        } catch (IOException e) {
            throw new ConnectException(who + " cannot be reached: " + e.getMessage());
        }
    }

    private void keepAlive() throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (KeepAlive wanted : KEEP_ALIVE) {
            for (SocketOption<?> option : channel.supportedOptions()) {
                if (option.name().equals(wanted.option()) && option.type() == Integer.class) {
                    @SuppressWarnings("unchecked") // its type was just looked at
                    SocketOption<Integer> number = (SocketOption<Integer>) option;
                    channel.setOption(number, wanted.value());
                }
            }
        }
    }

    /**
     * Goes through a handshake, to its end or until the connection's.
     *
     * @param name the protocol's, for people
     * @return whether bytes came that do not belong to it
     */
    boolean exchange(ProxyHandshake shake, String name) throws IOException {
        try {
            return exchange(shake);
        } catch (SocketTimeoutException e) {
            throw new IOException(who + " does not answer as " + name, e);
        } catch (IOException e) {
            shake.handleEnd();
            return false;
        }
    }

    private boolean exchange(ProxyHandshake shake) throws IOException {
        Socket socket = channel.socket();
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[Socks5Datagram.MAX_BYTES];
        boolean more = false;
        long startNanos = System.nanoTime();
        while (!shake.isOver()) {
            byte[] output = shake.pollOutput();
            if (output != null) {
                out.write(output);
            }
            long leftMillis = (HANDSHAKE_NANOS - (System.nanoTime() - startNanos)) / Rates.NANOS_PER_MILLI;
            if (leftMillis <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) leftMillis);
            int bytes = in.read(buffer);
            if (bytes < 0) {
                shake.handleEnd();
            } else {
                ByteBuffer input = ByteBuffer.wrap(buffer, 0, bytes);
                shake.handleInput(input);
                more = input.hasRemaining();
            }
        }
        return more;
    }

    SocketChannel channel() {
        return channel;
    }

    InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }

    InetAddress localAddress() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    }

    /** Whose connection it is, for the beginning of a line for people. */
    String who() {
        return who;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
