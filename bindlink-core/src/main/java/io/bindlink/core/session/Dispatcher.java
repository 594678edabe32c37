package io.bindlink.core.session;

import io.bindlink.api.Role;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.wire.Datagram;
import io.bindlink.core.wire.TransportHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a datagram is, and whom it concerns: a handshake, the session, or a session that a handshake began and
 * nobody has confirmed. What has failed to authenticate too often is not looked at. Confined to its node.
 */
final class Dispatcher {
    private final NodeContext node;
    private final SessionSlot slot;
    private final SlaveLinks slaveLinks;
    private final TcpFallback fallback;
    private final SlaveHandshake slaveHandshake;
    private final MasterHandshake masterHandshake;
    private final SourceBudget budget = new SourceBudget();
    private final byte[] trial = new byte[1 << 16];

    Dispatcher(
            NodeContext node,
            SessionSlot slot,
            SlaveLinks slaveLinks,
            TcpFallback fallback,
            SlaveHandshake slaveHandshake,
            MasterHandshake masterHandshake) {
        this.node = node;
        this.slot = slot;
        this.slaveLinks = slaveLinks;
        this.fallback = fallback;
        this.slaveHandshake = slaveHandshake;
        this.masterHandshake = masterHandshake;
    }

    /**
     * A datagram came. One that is dropped is counted.
     *
     * @return whether it was authentic
     */
    boolean handleDatagram(int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        DropReason dropped = dispatch(socket, source, datagram, now);
        if (dropped != null) {
            node.counters.add(dropped);
        }
        if (dropped == DropReason.AUTHENTICATION || dropped == DropReason.KEY) {
            budget.onFailure(source.getAddress(), now);
        }
        return dropped == null;
    }

    private @Nullable DropReason dispatch(int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        if (!datagram.hasRemaining()) {
            return DropReason.SHORT;
        }
        byte first = datagram.get(datagram.position());
        int type = Datagram.type(first);
        if (budget.spent(source.getAddress(), now) && !isLinkAddress(socket, source)) {
            return DropReason.BUDGET;
        }
        if (type == Datagram.TRANSPORT) {
            return Datagram.speaks(Datagram.version(first))
                    ? handleTransport(socket, source, datagram, now)
                    : DropReason.VERSION;
        }
        return node.config.role() == Role.MASTER
                ? handleAtMaster(type, socket, source, datagram, now)
                : handleAtSlave(type, socket, datagram, now);
    }

    private boolean isLinkAddress(int socket, InetSocketAddress source) {
        if (node.config.role() == Role.SLAVE) {
            return true; // its sockets are its own; what comes through them is bounded by the links
        }
        Session session = slot.session();
        if (session == null) {
            return false;
        }
        for (SessionLink link : session.links().all()) {
            PathAddress address = link.address();
            if (address != null && address.is(socket, source)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable DropReason handleAtMaster(
            int type, int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        if (type != Datagram.HELLO) {
            return DropReason.TYPE;
        }
        PathAddress to = PathAddress.chosen(socket, source); // what is answered is never longer than what came
        return masterHandshake.handleHello(to, source, datagram, slot.session(), now);
    }

    private @Nullable DropReason handleAtSlave(int type, int socket, ByteBuffer datagram, long now) {
        SlaveLink tried = slaveLinks.findTrialBySocket(socket);
        SlaveLink link = tried == null ? slaveLinks.findBySocket(socket) : tried;
        PathAddress address = link == null ? null : link.address();
        if (address == null) {
            return DropReason.SOURCE;
        }
        return switch (type) {
            case Datagram.COOKIE -> slaveHandshake.handleCookie(datagram, address, now);
            case Datagram.UNSUPPORTED -> slaveHandshake.handleUnsupported(datagram);
            case Datagram.REPLY -> handleReply(datagram, tried, now);
            default -> DropReason.TYPE;
        };
    }

    private @Nullable DropReason handleReply(ByteBuffer datagram, @Nullable SlaveLink tried, long now) {
        DropReason dropped = slaveHandshake.handleReply(datagram, now);
        Established established = slaveHandshake.takeEstablished();
        if (established != null && tried != null) {
            fallback.handleTrialAnswered(tried, slot.session(), now);
        }
        if (established != null) {
            slot.offer(established, now);
        }
        return dropped;
    }

    private @Nullable DropReason handleTransport(int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        if (datagram.remaining() < TransportHeader.MIN_DATAGRAM_BYTES) {
            return DropReason.SHORT;
        }
        byte[] bytes = datagram.array();
        int offset = datagram.arrayOffset() + datagram.position();
        int receiver = TransportHeader.receiver(bytes, offset);
        Session session = slot.session();
        Epoch epoch = session == null ? null : session.keys().find(receiver);
        if (session != null && epoch != null) {
            return session.handleDatagram(epoch, socket, source, datagram, now);
        }
        Established pending = masterHandshake.find(receiver, now);
        if (pending == null) {
            return DropReason.RECEIVER;
        }
        return confirm(pending, socket, source, datagram, now);
    }

    /** A datagram under keys of a pending handshake: if it is authentic, the slave is really there. */
    private @Nullable DropReason confirm(
            Established pending, int socket, InetSocketAddress source, ByteBuffer datagram, long now) {
        byte[] bytes = datagram.array();
        int offset = datagram.arrayOffset() + datagram.position();
        int id = TransportHeader.linkId(bytes, offset);
        long number = LinkRecord.expand(null, node.firstNumber, TransportHeader.numberLow(bytes, offset));
        int plain = id == 0 || number < 0
                ? -1
                : pending.epoch()
                        .keys()
                        .opener()
                        .open(id, number, bytes, offset, TransportHeader.CLEAR_BYTES, datagram.remaining(), trial);
        if (plain < 0) {
            return DropReason.AUTHENTICATION;
        }
        if (MasterHandshake.inUse(slot.session(), pending.peer().instanceId(), now)) {
            return DropReason.RECEIVER;
        }
        Session begun = slot.begin(pending, now);
        masterHandshake.clear();
        return begun.handleDatagram(pending.epoch(), socket, source, datagram, now);
    }
}
