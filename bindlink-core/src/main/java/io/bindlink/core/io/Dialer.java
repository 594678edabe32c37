package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import io.bindlink.core.link.Transmit;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets for links. Blocks for name servers and proxies, so it runs on the dialing threads alone. Names are
 * looked up anew for each dial; where there are several addresses, the one that answered before is kept, and after one
 * that did not the next one has its turn. Thread-safe.
 */
final class Dialer implements AutoCloseable {
    private static final int MAX_NAME_BYTES = 255; // RFC 1928 section 5: one length byte

    private final @Nullable HostPort proxyTarget;
    private final UdpSockets sockets;
    private final IoCounters counters;
    private final Map<LinkUri, DialMemory> memories = new ConcurrentHashMap<>(); // as many as the user named links
    private final Set<Closeable> unfinished = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Dialer(@Nullable HostPort proxyTarget, UdpSockets sockets, IoCounters counters) {
        this.proxyTarget = proxyTarget;
        this.sockets = sockets;
        this.counters = counters;
    }

    /**
     * Makes a socket.
     *
     * @param uri of a scheme that {@link LinkCheck} lets pass
     * @return the socket, bound to a port it did not have before
     * @throws IOException with a line for people
     */
    Dialed dial(LinkUri uri) throws IOException {
        DialMemory memory = memories.computeIfAbsent(uri, key -> new DialMemory());
        return switch (uri.scheme()) {
            case UDP -> dialUdp(uri, memory);
            case SOCKS5 -> dialSocks(uri, memory);
            case TCP -> connect(uri, choose(reachable(uri, uri.host()), uri.port(), memory), null, memory);
            case SOCKS5_TCP, HTTP -> dialThroughProxy(uri, memory);
        };
    }

    private Dialed dialThroughProxy(LinkUri uri, DialMemory memory) throws IOException {
        ProxyHandshake handshake;
        ConnectException unreachable = new ConnectException();
        for (InetAddress proxy : reachable(uri, uri.host())) {
            handshake = uri.scheme() == LinkUri.Scheme.HTTP
                    ? new HttpConnectHandshake(requireTarget(), credentials(uri))
                    : Socks5Handshake.connect(targetOrName(memory), credentials(uri));
            try {
                return connect(uri, new InetSocketAddress(proxy, uri.port()), handshake, memory);
            } catch (ConnectException e) {
                unreachable = e; // the proxy's next address has its turn
            }
        }
        throw unreachable;
    }

    /** The master's address, or its name where only the proxy may know it. */
    private InetSocketAddress targetOrName(DialMemory memory) throws IOException {
        HostPort target = requireTarget();
        try {
            return choose(resolve(target.host()), target.port(), memory);
        } catch (IOException e) {
            if (target.host().length() > MAX_NAME_BYTES) {
                throw e;
            }
            return InetSocketAddress.createUnresolved(target.host(), target.port());
        }
    }

    /** Connects and, through a proxy, goes through its handshake. */
    private Dialed connect(LinkUri uri, InetSocketAddress remote, @Nullable ProxyHandshake handshake, DialMemory memory)
            throws IOException {
        ProxyConnection connection = new ProxyConnection(uri, sockets);
        boolean handedOver = false;
        try {
            unfinished.add(connection);
            requireOpen();
            connection.connect(remote.getAddress(), source(uri, remote.getAddress() instanceof Inet6Address));
            if (handshake != null) {
                boolean http = uri.scheme() == LinkUri.Scheme.HTTP;
                boolean more = connection.exchange(handshake, http ? "an HTTP proxy" : "a SOCKS5 server");
                if (!handshake.isDone()) {
                    throw new LinkFailedException(
                            handshake.failureKind(), connection.who() + " " + handshake.failure());
                }
                if (more) { // the master speaks second
                    throw new IOException(connection.who() + " sent more than an answer");
                }
            }
            TcpSocket socket =
                    new TcpSocket(connection.channel(), remote, memory::handleAnswer, closed -> {}, counters);
            handedOver = true;
            return new Dialed(socket, Transmit.MAX_DATAGRAM_BYTES);
        } finally {
            unfinished.remove(connection);
            if (!handedOver) {
                connection.close();
            }
        }
    }

    private HostPort requireTarget() throws IOException {
        if (proxyTarget == null) {
            throw new IOException("no proxy target is configured");
        }
        return proxyTarget;
    }

    /** Counts a dial that failed, unless it was broken off. */
    void count(LinkFailure failure) {
        if (!closed) {
            counters.add(failure.counter());
        }
    }

    private Dialed dialUdp(LinkUri uri, DialMemory memory) throws IOException {
        InetSocketAddress remote = choose(reachable(uri, uri.host()), uri.port(), memory);
        boolean ipv6 = remote.getAddress() instanceof Inet6Address;
        UdpEndpoint endpoint = sockets.open(ipv6);
        DatagramChannel channel = endpoint.channel();
        try {
            InetAddress source = source(uri, ipv6);
            if (uri.dev().isPresent()) {
                sockets.bindToInterface(channel, uri.dev().get());
            }
            if (source != null) {
                bind(channel, source);
            }
            connect(channel, remote);
            InetAddress local = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
            UdpLinkSocket socket = new UdpLinkSocket(endpoint, remote, memory, counters);
            return new Dialed(socket, Interfaces.maxDatagramBytes(local, 0));
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
    }

    private Dialed dialSocks(LinkUri uri, DialMemory memory) throws IOException {
        HostPort named = requireTarget();
        InetSocketAddress target = choose(resolve(named.host()), named.port(), memory);
        Credentials credentials = credentials(uri);
        boolean tellSource = memory.tellsSource();
        try {
            return associate(uri, credentials, target, memory, tellSource);
        } catch (SocksRefusedException e) {
            return retell(uri, credentials, target, memory, !tellSource, e);
        }
    }

    /** The second try of a refused request: telling our own address if the first did not, or the other way round. */
    private Dialed retell(
            LinkUri uri,
            @Nullable Credentials credentials,
            InetSocketAddress target,
            DialMemory memory,
            boolean tellSource,
            SocksRefusedException first)
            throws IOException {
        try {
            Dialed dialed = associate(uri, credentials, target, memory, tellSource);
            memory.handleTold(tellSource);
            return dialed;
        } catch (IOException second) {
            first.addSuppressed(second);
            throw first; // what it said to the usual request says most
        }
    }

    private Dialed associate(
            LinkUri uri,
            @Nullable Credentials credentials,
            InetSocketAddress target,
            DialMemory memory,
            boolean tellSource)
            throws IOException {
        ConnectException unreachable = new ConnectException();
        for (InetAddress proxy : reachable(uri, uri.host())) {
            try (SocksAssociation association = new SocksAssociation(uri, sockets)) {
                unfinished.add(association);
                try {
                    requireOpen();
                    association.connect(proxy, source(uri, proxy instanceof Inet6Address));
                    association.request(credentials, tellSource);
                    return association.finish(target, memory, counters);
                } finally {
                    unfinished.remove(association);
                }
            } catch (ConnectException e) {
                unreachable = e; // the proxy's next address has its turn
            }
        }
        throw unreachable;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the node is closed");
        }
    }

    /** Resolves a host, without the addresses that cannot be reached from where the link is to start. */
    private static List<InetAddress> reachable(LinkUri uri, String host) throws IOException {
        List<InetAddress> all = resolve(host);
        InetAddress from = uri.from().map(AddressLiteral::parse).orElse(null);
        if (from == null) {
            return all;
        }
        List<InetAddress> fitting = all.stream()
                .filter(address -> address instanceof Inet6Address == from instanceof Inet6Address)
                .toList();
        if (fitting.isEmpty()) {
            throw new IOException(host + " has no address of the kind of " + from.getHostAddress());
        }
        return fitting;
    }

    static List<InetAddress> resolve(String host) throws IOException {
        InetAddress literal = AddressLiteral.parse(host);
        if (literal != null) {
            return List.of(literal);
        }
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new IOException("host " + host + " is not known to the name server", e);
        }
    }

    private static InetSocketAddress choose(List<InetAddress> addresses, int port, DialMemory memory) {
        return new InetSocketAddress(addresses.get(Math.floorMod(memory.beginDial(), addresses.size())), port);
    }

    private static @Nullable InetAddress source(LinkUri uri, boolean ipv6) throws IOException {
        Optional<String> from = uri.from();
        if (from.isPresent()) {
            return AddressLiteral.parse(from.get());
        }
        Optional<String> dev = uri.dev();
        return dev.isPresent() ? Interfaces.address(dev.get(), ipv6) : null;
    }

    private static @Nullable Credentials credentials(LinkUri uri) throws IOException {
        Optional<String> user = uri.user();
        if (user.isEmpty()) {
            return null;
        }
        Optional<String> password = uri.password();
        if (password.isEmpty() && uri.passwordFile().isPresent()) {
            password = Optional.of(readPassword(uri.passwordFile().get()));
        }
        if (password.isEmpty()) {
            throw new IOException("user name without password; add ?password-file=FILE");
        }
        return new Credentials(user.get(), password.get());
    }

    private static String readPassword(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            String password = lines.findFirst().orElse("");
            int bytes = password.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > 255) {
                throw new IOException("password file " + file + ": its first line must have 1..255 bytes");
            }
            return password;
        } catch (UncheckedIOException | FileSystemException e) {
            throw new IOException("password file " + file + " cannot be read", e);
        }
    }

    private static void bind(DatagramChannel channel, InetAddress source) throws IOException {
        try {
            channel.bind(new InetSocketAddress(source, 0));
        } catch (IOException e) {
            throw new IOException("cannot send from " + source.getHostAddress() + ": " + e.getMessage(), e);
        }
    }

    private static void connect(DatagramChannel channel, InetSocketAddress remote) throws IOException {
        try {
            channel.connect(remote);
        } catch (IOException e) {
            throw new IOException("no way to " + remote.getAddress().getHostAddress() + ": " + e.getMessage(), e);
        }
    }

    /** Breaks off what is going on; the threads in it get an exception. */
    @Override
    public void close() {
        closed = true;
        for (Closeable work : unfinished) {
            try {
                work.close();
            } catch (IOException e) {
                // It is being given up anyway.
            }
        }
    }
}
