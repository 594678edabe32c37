package io.bindlink.core.session;

import io.bindlink.core.link.LinkPath;
import io.bindlink.core.link.PeerClock;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.TransportHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Assembles and seals one datagram at a time: {@link #begin}, frames, {@link #finish}. Frames and payload are written
 * straight into the buffer that goes to the socket, and sealed there. Confined to its session.
 */
final class DatagramWriter {
    /** What a datagram costs besides the payload of its one PAYLOAD frame. */
    static final int PAYLOAD_OVERHEAD_BYTES = TransportHeader.OVERHEAD_BYTES + FrameWriter.PAYLOAD_OVERHEAD_BYTES;

    private final Session session;
    private final NodeContext node;
    private @Nullable Transmit transmit;
    private @Nullable SessionLink link;
    private @Nullable PathAddress to;

    DatagramWriter(Session session, NodeContext node) {
        this.session = session;
        this.node = node;
    }

    /**
     * Starts a datagram.
     *
     * @param on the link whose number it takes
     * @param address where it goes
     * @return takes the frames; its limit leaves room for the tag
     */
    ByteBuffer begin(SessionLink on, PathAddress address) {
        return begin(on, address, on.mtu().datagramBytes());
    }

    /**
     * Starts a small datagram that means nothing to the link it takes.
     *
     * @param on null when there is no link to be had
     * @return takes the frames; null when nothing can be sent on the link now, and then nothing is begun
     */
    @Nullable
    ByteBuffer beginSmall(@Nullable SessionLink on) {
        PathAddress address = on == null ? null : on.address();
        return on == null || address == null || !on.reachable() ? null : begin(on, address);
    }

    /** Starts a datagram of another size than the link's. */
    ByteBuffer begin(SessionLink on, PathAddress address, int datagramBytes) {
        if (transmit != null) {
            throw new IllegalStateException("a datagram is begun inside another");
        }
        Transmit started = node.pool.take();
        transmit = started;
        link = on;
        to = address;
        LinkPath path = on.path();
        TransportHeader.write(
                started.bytes(),
                Transmit.HEADROOM_BYTES,
                session.keys().current().peerIndex(),
                path.id(),
                path.nextNumber());
        TransportHeader.writeTime(started.bytes(), Transmit.HEADROOM_BYTES, PeerClock.stamp(session.nowNanos()));
        return started.buffer()
                .clear()
                .position(Transmit.HEADROOM_BYTES + TransportHeader.FRAMES_OFFSET)
                .limit(Transmit.HEADROOM_BYTES + datagramBytes - TransportHeader.TAG_BYTES);
    }

    /**
     * Seals the datagram and puts it into the outbox.
     *
     * @param ackEliciting whether it carries anything but acknowledgements, horizons and padding
     * @param payload whether the multiplexer is told of its fate
     * @return its packet number
     */
    long finish(boolean ackEliciting, boolean payload) {
        Transmit done = transmit;
        SessionLink on = link;
        PathAddress address = to;
        if (done == null || on == null || address == null) {
            throw new IllegalStateException("no datagram is begun");
        }
        transmit = null;
        LinkPath path = on.path();
        long number = path.nextNumber();
        int plain = done.buffer().position() - Transmit.HEADROOM_BYTES - TransportHeader.CLEAR_BYTES;
        Epoch epoch = session.keys().current();
        int length = epoch.keys()
                .sender()
                .seal(path.id(), number, done.bytes(), Transmit.HEADROOM_BYTES, TransportHeader.CLEAR_BYTES, plain);
        epoch.onSealed();
        address.address(done, length);
        address.onSent(length);
        path.onSent(number, length, ackEliciting, payload, session.nowNanos());
        if (ackEliciting) {
            session.onAckElicitingSent(on);
        }
        node.outbox.add(done);
        return number;
    }

    /** Drops the datagram that was begun. Its packet number goes to the next one. */
    void abandon() {
        Transmit begun = transmit;
        if (begun == null) {
            throw new IllegalStateException("no datagram is begun");
        }
        transmit = null;
        begun.release();
    }
}
