package io.bindlink.core.io;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses a master listens at. A wildcard becomes one socket for each local address, so that an answer leaves from
 * the very address it was asked at: one socket for all would let the system choose, and then relays, address
 * translators and connected sockets drop it. The addresses are followed as they come and go.
 *
 * <p>Thread-safe.
 */
final class ListenerSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSet.class);
    private static final int PORT_TRIES = 20; // a free port on one address may be taken on another

    private final Engine engine;
    private final UdpSockets udp;
    private final IoCounters counters;
    private final TcpConnections connections;
    private final Consumer<TcpAcceptor> watch;
    private final Map<InetSocketAddress, TcpAcceptor> acceptors = new HashMap<>();
    private final Map<InetSocketAddress, ListenerSocket> sockets = new HashMap<>();
    private final List<Integer> everywhere = new ArrayList<>();

    /**
     * Listens at nothing yet.
     *
     * @param connections takes in what is accepted
     * @param watch has a TCP port watched by the network thread
     */
    ListenerSet(
            Engine engine,
            UdpSockets udp,
            IoCounters counters,
            TcpConnections connections,
            Consumer<TcpAcceptor> watch) {
        this.engine = engine;
        this.udp = udp;
        this.counters = counters;
        this.connections = connections;
        this.watch = watch;
    }

    /**
     * Listens at one address, or at all of them.
     *
     * @param local address and port; port 0 is any free one
     * @return the address bound
     * @throws IOException with a line for people when it cannot be bound
     */
    synchronized InetSocketAddress listen(InetSocketAddress local) throws IOException {
        if (local.isUnresolved()) {
            throw new IOException("cannot listen at " + local.getHostString() + ": not an address of this machine");
        }
        InetAddress address = local.getAddress();
        if (!address.isAnyLocalAddress()) {
            return open(address, local.getPort());
        }
        int port = local.getPort() == 0 ? listenOnAnyPort() : listenEverywhere(local.getPort());
        everywhere.add(port);
        return new InetSocketAddress(address, port);
    }

    private int listenOnAnyPort() throws IOException {
        for (int i = 1; ; i++) {
            int port = freePort();
            try {
                return listenEverywhere(port);
            } catch (BindException e) {
                if (i == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocketChannel trial = ServerSocketChannel.open()) { // fewer are free for TCP than for UDP
            trial.bind(new InetSocketAddress(0));
            return ((InetSocketAddress) trial.getLocalAddress()).getPort();
        }
    }

    /** Binds a port on every address, or on none. Addresses that are not ready are left to the next scan. */
    private int listenEverywhere(int port) throws IOException {
        List<ListenerSocket> bound = new ArrayList<>();
        try {
            for (InetAddress address : Interfaces.localAddresses()) {
                try {
                    bound.add(bind(address, port));
                } catch (BindException e) {
                    if (isTaken(e)) {
                        throw e;
                    }
                    LOG.debug("{} is not ready", address, e);
                }
            }
            if (bound.isEmpty()) {
                throw new IOException("cannot listen: no local address is up");
            }
        } catch (IOException e) {
            bound.forEach(ListenerSocket::close);
            throw e;
        }
        bound.forEach(this::add);
        return port;
    }

    /** An address that is just coming or going gives the other answer, "Cannot assign requested address". */
    private static boolean isTaken(BindException e) {
        return String.valueOf(e.getMessage()).contains("in use");
    }

    private InetSocketAddress open(InetAddress address, int port) throws IOException {
        ListenerSocket socket = bind(address, port);
        add(socket);
        return socket.local();
    }

    private ListenerSocket bind(InetAddress address, int port) throws IOException {
        UdpEndpoint endpoint = udp.open(address instanceof Inet6Address);
        try {
            endpoint.channel().bind(new InetSocketAddress(address, port));
            return new ListenerSocket(endpoint, counters);
        } catch (BindException e) {
            endpoint.close();
            BindException told = new BindException("cannot listen at "
                    + new HostPort(address.getHostAddress(), Math.max(port, 1)) + ": " + e.getMessage());
            told.initCause(e);
            throw told;
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
    }

    private void add(ListenerSocket socket) {
        if (engine.addListener(socket)) {
            sockets.put(socket.local(), socket);
            listenForConnections(socket.local());
        } else {
            socket.close();
        }
    }

    /** Links over TCP come to the same port. A master whose port is another program's goes without them. */
    private void listenForConnections(InetSocketAddress local) {
        try {
            TcpAcceptor acceptor = TcpAcceptor.open(local, engine, connections, counters);
            acceptors.put(local, acceptor);
            watch.accept(acceptor);
        } catch (IOException e) {
            LOG.warn("no links over TCP at {}: {}", HostPort.of(local), e.getMessage());
        }
    }

    private void close(TcpAcceptor acceptor) {
        try {
            acceptor.close();
        } catch (IOException e) {
            LOG.debug("a TCP port was not closed", e);
        }
    }

    /** Accepts no more connections. The sockets for datagrams are the engine's. */
    @Override
    public synchronized void close() {
        acceptors.values().forEach(this::close);
        acceptors.clear();
    }

    /** Follows the machine's addresses where a wildcard was asked for. */
    synchronized void scan() {
        if (everywhere.isEmpty()) {
            return;
        }
        try {
            Set<InetAddress> addresses = Interfaces.localAddresses();
            removeGone(addresses);
            for (int port : everywhere) {
                for (InetAddress address : addresses) {
                    addNew(address, port);
                }
            }
        } catch (SocketException e) {
            LOG.debug("the machine's addresses cannot be listed", e);
        }
    }

    private void removeGone(Set<InetAddress> addresses) {
        Iterator<ListenerSocket> each = sockets.values().iterator();
        while (each.hasNext()) {
            ListenerSocket socket = each.next();
            InetSocketAddress local = socket.local();
            if (everywhere.contains(local.getPort()) && !addresses.contains(local.getAddress())) {
                each.remove();
                engine.handleSocketClosed(socket, "the address is gone");
                TcpAcceptor acceptor = acceptors.remove(local);
                if (acceptor != null) {
                    close(acceptor);
                }
                LOG.info("no longer listening at {}", local);
            }
        }
    }

    private void addNew(InetAddress address, int port) {
        if (sockets.containsKey(new InetSocketAddress(address, port))) {
            return;
        }
        try {
            LOG.info("listening at {} too", open(address, port));
        } catch (IOException e) {
            LOG.debug("{} is not ready", address, e);
        }
    }
}
