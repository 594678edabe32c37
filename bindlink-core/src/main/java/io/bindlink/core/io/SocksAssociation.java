package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Inet6Address;
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
 * One attempt to get a UDP relay from a SOCKS5 proxy: connects, asks and, when all went well, hands over a socket. The
 * datagram socket is bound before the request and to the local address of the connection, since relays serve the host
 * that asked. Blocking; confined to a dialing thread but for {@link #close}.
 */
final class SocksAssociation implements Closeable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final long HANDSHAKE_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final InetSocketAddress UNTOLD = new InetSocketAddress("0.0.0.0", 0);

    /** When a silent connection is probed, how often and how many times, in seconds and counts; Linux knows these. */
    private static final List<KeepAlive> KEEP_ALIVE = List.of(
            new KeepAlive("TCP_KEEPIDLE", 15), new KeepAlive("TCP_KEEPINTERVAL", 5), new KeepAlive("TCP_KEEPCOUNT", 3));

    private final LinkUri uri;
    private final UdpSockets sockets;
    private final SocketChannel control;
    private @Nullable UdpEndpoint datagrams;
    private @Nullable Socks5Handshake handshake;
    private boolean handedOver;

    SocksAssociation(LinkUri uri, UdpSockets sockets) throws IOException {
        this.uri = uri;
        this.sockets = sockets;
        this.control = SocketChannel.open();
    }

    /** One of the keep-alive settings by name: they stand in a module of their own, which is not needed otherwise. */
    private record KeepAlive(String option, int value) {}

    /**
     * Connects.
     *
     * @param proxy the proxy's address
     * @param source the local address; null: the system's choice
     */
    void connect(InetAddress proxy, @Nullable InetAddress source) throws IOException {
        String device = uri.dev().orElse(null);
        try {
            if (device != null) {
                sockets.bindToInterface(control, device);
            }
            if (source != null) {
                control.bind(new InetSocketAddress(source, 0));
            }
            keepAlive();
            control.socket().connect(new InetSocketAddress(proxy, uri.port()), CONNECT_MILLIS);
        } catch (SocketTimeoutException e) {
            ConnectException silent = new ConnectException(proxyText() + " does not answer");
            silent.initCause(e);
            throw silent;
        } catch (IOException e) {
            throw new ConnectException(proxyText() + " cannot be reached: " + e.getMessage());
        }
        InetAddress local = localAddress();
        UdpEndpoint opened = sockets.open(local instanceof Inet6Address);
        datagrams = opened;
        if (device != null) {
            sockets.bindToInterface(opened.channel(), device);
        }
        opened.channel().bind(new InetSocketAddress(local, 0));
    }

    private void keepAlive() throws IOException {
        control.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        control.setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (KeepAlive wanted : KEEP_ALIVE) {
            for (SocketOption<?> option : control.supportedOptions()) {
                if (option.name().equals(wanted.option()) && option.type() == Integer.class) {
                    @SuppressWarnings("unchecked") // its type was just looked at
                    SocketOption<Integer> number = (SocketOption<Integer>) option;
                    control.setOption(number, wanted.value());
                }
            }
        }
    }

    /** Goes through the handshake. */
    void request(@Nullable Credentials credentials, boolean tellSource) throws IOException {
        UdpEndpoint bound = bound();
        Socks5Handshake shake = new Socks5Handshake(
                tellSource ? (InetSocketAddress) bound.channel().getLocalAddress() : UNTOLD, credentials);
        handshake = shake;
        try {
            exchange(shake);
        } catch (SocketTimeoutException e) {
            throw new IOException(proxyText() + " does not answer as a SOCKS5 server", e);
        } catch (IOException e) {
            shake.handleEnd();
        }
        if (shake.refusedRequest()) {
            throw new SocksRefusedException(shake.failureKind(), proxyText() + " " + shake.failure());
        }
        if (!shake.isDone()) {
            throw new LinkFailedException(shake.failureKind(), proxyText() + " " + shake.failure());
        }
        if (shake.relayPort() == 0) {
            throw new IOException(proxyText() + " named no port for its UDP relay");
        }
    }

    private void exchange(Socks5Handshake shake) throws IOException {
        Socket socket = control.socket();
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[Socks5Datagram.MAX_BYTES];
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
                shake.handleInput(ByteBuffer.wrap(buffer, 0, bytes));
            }
        }
    }

    /** Hands the sockets over. */
    Dialed finish(InetSocketAddress target, DialMemory memory, IoCounters counters) throws IOException {
        Socks5Handshake shake = handshake;
        if (shake == null || !shake.isDone()) {
            throw new IllegalStateException("no relay was granted");
        }
        InetAddress proxy = ((InetSocketAddress) control.getRemoteAddress()).getAddress();
        List<InetSocketAddress> candidates = RelayChoice.candidates(toldRelay(shake), shake.relayPort(), proxy);
        SocksLinkSocket socket = new SocksLinkSocket(bound(), control, candidates, target, memory, counters);
        handedOver = true;
        int headerBytes =
                target.getAddress() instanceof Inet6Address ? Socks5Datagram.IPV6_BYTES : Socks5Datagram.IPV4_BYTES;
        return new Dialed(socket, Interfaces.maxDatagramBytes(localAddress(), headerBytes));
    }

    private static @Nullable InetAddress toldRelay(Socks5Handshake shake) {
        InetAddress address = shake.relayAddress();
        if (address != null) {
            return address;
        }
        String name = shake.relayName();
        try {
            return name.isEmpty() ? null : Dialer.resolve(name).get(0); // the JDK takes no name for this machine's
        } catch (IOException e) {
            return null; // the proxy's own address is left
        }
    }

    private InetAddress localAddress() throws IOException {
        return ((InetSocketAddress) control.getLocalAddress()).getAddress();
    }

    private UdpEndpoint bound() {
        if (datagrams == null) {
            throw new IllegalStateException("not connected");
        }
        return datagrams;
    }

    private String proxyText() {
        return "proxy " + new HostPort(uri.host(), uri.port());
    }

    @Override
    public void close() throws IOException {
        if (handedOver) {
            return;
        }
        control.close();
        UdpEndpoint opened = datagrams;
        if (opened != null) {
            opened.close();
        }
    }
}
