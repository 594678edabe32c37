package io.bindlink.core.sim;

import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.core.link.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The internet between the ends of a simulated bond: links, NATs and addresses. Confined to its bond. */
final class SimNetwork {
    static final InetSocketAddress MASTER_ADDRESS = address(198, 51, 100, 1, 4500);
    static final int LISTENER_SOCKET = 1;
    static final int INTERFACE_DATAGRAM_BYTES = LinkModel.DEFAULT_MTU_BYTES - LinkModel.DEFAULT_OVERHEAD_BYTES;

    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 60_000;

    private final List<SimLinkPair> links = new ArrayList<>();
    private final Map<LinkUri, SimLinkPair> linksByUri = new HashMap<>();
    private @Nullable Wiretap tap;
    private long misdirectedDatagrams;

    SimLinkPair create(SimBond bond, SimSettings.Models models, RandomGenerator random) {
        int index = links.size() + 1;
        LinkUri uri = LinkUri.parse("udp://198.51.100.1:4500?from=192.0.2." + index);
        SimLink up = new SimLink(models.up(), random);
        SimLink down = new SimLink(models.down(), random);
        up.set(models.up(), bond.nowNanos()); // traces begin now
        down.set(models.down(), bond.nowNanos());
        SimLinkPair link = new SimLinkPair(bond, index, uri, up, down);
        links.add(link);
        linksByUri.put(uri, link);
        return link;
    }

    List<SimLinkPair> links() {
        return links;
    }

    SimLinkPair link(LinkUri uri) {
        SimLinkPair link = linksByUri.get(uri);
        if (link == null) {
            throw new IllegalStateException("no simulated link is called " + uri);
        }
        return link;
    }

    void tap(@Nullable Wiretap newTap) {
        this.tap = newTap;
    }

    long misdirectedDatagrams() {
        return misdirectedDatagrams;
    }

    void closeSocket(int socket) {
        SimLinkPair link = bySocket(socket);
        if (link != null) {
            link.closeSocket();
        }
    }

    /** A node's datagram goes onto its link. */
    void transmit(Role sender, Transmit transmit, long nowNanos) {
        SimLinkPair link = sender == Role.SLAVE ? bySocket(transmit.socket()) : byAddress(transmit.remote());
        if (link == null) {
            misdirectedDatagrams++;
            return;
        }
        byte[] bytes = transmit.bytes();
        int offset = Transmit.HEADROOM_BYTES;
        int length = transmit.length();
        if (tap != null) {
            bytes = tap.handle(link, sender, copy(bytes, offset, length));
            if (bytes == null) {
                return;
            }
            offset = 0;
            length = bytes.length;
        }
        link.from(sender).send(bytes, offset, length, link.mapping(), nowNanos);
    }

    /** When a datagram arrives next at an end that runs. */
    long nextNanos(SimEnd slave, SimEnd master) {
        long nanos = Long.MAX_VALUE;
        for (SimLinkPair link : links) {
            nanos = Math.min(nanos, master.awake(link.up().nextNanos()));
            nanos = Math.min(nanos, slave.awake(link.down().nextNanos()));
        }
        return nanos;
    }

    /** Hands over what has arrived at ends that run. */
    void deliver(SimEnd slave, SimEnd master, long nowNanos) {
        for (SimLinkPair link : List.copyOf(links)) {
            if (!master.frozen() && link.up().nextNanos() <= nowNanos) {
                deliverUp(link, master, nowNanos);
            }
            if (!slave.frozen() && link.down().nextNanos() <= nowNanos) {
                deliverDown(link, slave, nowNanos);
            }
        }
    }

    private void deliverUp(SimLinkPair link, SimEnd master, long nowNanos) {
        for (Frame frame = link.up().poll(nowNanos);
                frame != null;
                frame = link.up().poll(nowNanos)) {
            master.handleDatagram(LISTENER_SOCKET, externalAddress(link, frame.mark()), wrap(frame));
        }
    }

    private void deliverDown(SimLinkPair link, SimEnd slave, long nowNanos) {
        for (Frame frame = link.down().poll(nowNanos);
                frame != null;
                frame = link.down().poll(nowNanos)) {
            if (frame.mark() == link.mapping() && link.socket() != 0) {
                slave.handleDatagram(link.socket(), MASTER_ADDRESS, wrap(frame));
            } else {
                misdirectedDatagrams++; // the NAT has forgotten whom it is for
            }
        }
    }

    /** The address that the master sees for an entry of a link's NAT. */
    static InetSocketAddress externalAddress(SimLinkPair link, int mapping) {
        return address(203, 0, link.index() >>> 8, link.index() & 0xFF, FIRST_PORT + mapping % PORTS);
    }

    private @Nullable SimLinkPair bySocket(int socket) {
        for (SimLinkPair link : links) {
            if (link.socket() == socket) {
                return link;
            }
        }
        return null;
    }

    private @Nullable SimLinkPair byAddress(@Nullable InetSocketAddress remote) {
        for (SimLinkPair link : links) {
            if (link.externalAddress().equals(remote)) {
                return link;
            }
        }
        return null;
    }

    private static ByteBuffer wrap(Frame frame) {
        return ByteBuffer.wrap(frame.data(), 0, frame.length());
    }

    private static byte[] copy(byte[] bytes, int offset, int length) {
        byte[] copied = new byte[length];
        System.arraycopy(bytes, offset, copied, 0, length);
        return copied;
    }

    private static InetSocketAddress address(int a, int b, int c, int d, int port) {
        try {
            byte[] ip = {(byte) a, (byte) b, (byte) c, (byte) d};
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }
}
