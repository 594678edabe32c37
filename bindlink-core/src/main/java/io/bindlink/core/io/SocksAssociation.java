package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to get a UDP relay from a SOCKS5 proxy: connects, asks and, when all went well, hands over a socket. The
 * datagram socket is bound before the request and to the local address of the connection, since relays serve the host
 * that asked. Blocking; confined to a dialing thread but for {@link #close}.
 */
final class SocksAssociation implements Closeable {
    private static final InetSocketAddress UNTOLD = new InetSocketAddress("0.0.0.0", 0);

    private final LinkUri uri;
    private final UdpSockets sockets;
    private final ProxyConnection control;
    private @Nullable UdpEndpoint datagrams;
    private @Nullable Socks5Handshake handshake;
    private boolean handedOver;

    SocksAssociation(LinkUri uri, UdpSockets sockets) throws IOException {
        this.uri = uri;
        this.sockets = sockets;
        this.control = new ProxyConnection(uri, sockets);
    }

    /**
     * Connects.
     *
     * @param proxy the proxy's address
     * @param source the local address; null: the system's choice
     */
    void connect(InetAddress proxy, @Nullable InetAddress source) throws IOException {
        control.connect(proxy, source);
        InetAddress local = control.localAddress();
        UdpEndpoint opened = sockets.open(local instanceof Inet6Address);
        datagrams = opened;
        if (uri.dev().isPresent()) {
            sockets.bindToInterface(opened.channel(), uri.dev().get());
        }
        opened.channel().bind(new InetSocketAddress(local, 0));
    }

    /** Goes through the handshake. */
    void request(@Nullable Credentials credentials, boolean tellSource) throws IOException {
        UdpEndpoint bound = bound();
        Socks5Handshake shake = new Socks5Handshake(
                tellSource ? (InetSocketAddress) bound.channel().getLocalAddress() : UNTOLD, credentials);
        handshake = shake;
        control.exchange(shake, "a SOCKS5 server");
        if (shake.refusedRequest()) {
            throw new SocksRefusedException(shake.failureKind(), control.who() + " " + shake.failure());
        }
        if (shake.failedRequest()) {
            throw new DatagramsRefusedException(shake.failureKind(), control.who() + " " + shake.failure());
        }
        if (!shake.isDone()) {
            throw new LinkFailedException(shake.failureKind(), control.who() + " " + shake.failure());
        }
        if (shake.relayPort() == 0) {
            throw new DatagramsRefusedException(LinkFailure.NO_UDP, control.who() + " named no port for its UDP relay");
        }
    }

    /** Hands the sockets over. */
    Dialed finish(InetSocketAddress target, DialMemory memory, IoCounters counters) throws IOException {
        Socks5Handshake shake = handshake;
        if (shake == null || !shake.isDone()) {
            throw new IllegalStateException("no relay was granted");
        }
        InetAddress proxy = control.remote().getAddress();
        List<InetSocketAddress> candidates = RelayChoice.candidates(toldRelay(shake), shake.relayPort(), proxy);
        SocksLinkSocket socket = new SocksLinkSocket(bound(), control.channel(), candidates, target, memory, counters);
        handedOver = true;
        int headerBytes =
                target.getAddress() instanceof Inet6Address ? Socks5Datagram.IPV6_BYTES : Socks5Datagram.IPV4_BYTES;
        return new Dialed(socket, Interfaces.maxDatagramBytes(control.localAddress(), headerBytes));
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

    private UdpEndpoint bound() {
        if (datagrams == null) {
            throw new IllegalStateException("not connected");
        }
        return datagrams;
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
