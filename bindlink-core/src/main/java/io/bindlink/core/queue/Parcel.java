package io.bindlink.core.queue;

import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.core.base.SegmentHeaders;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A packet on its way through the multiplexer, with how far it has been cut into chunks. The packet is released when it
 * is wholly cut, or dropped, and the last chunk made of it is settled. Made and reused by {@link Parcels}. Confined to
 * its session.
 */
public final class Parcel {
    private final Parcels home;
    private @Nullable Packet packet;
    private int sizeBytes;
    private int takenBytes;
    private Offload offload = Offload.NONE;
    private int headerBytes; // of a super-packet
    private int holders;
    private long sinceNanos;

    /** When it came, on the queue's clock of service. */
    long servedSinceNanos;

    /** Whether CoDel has let it pass: each packet is judged once. */
    boolean judged;

    /** Next in its flow's queue or in the pool. */
    @Nullable
    Parcel next;

    Parcel(Parcels home) {
        this.home = home;
    }

    void wrap(Packet wrapped, long nowNanos) {
        packet = wrapped;
        sizeBytes = wrapped.data().remaining();
        takenBytes = 0;
        offload = wrapped.info().offload();
        headerBytes = 0;
        holders = 1;
        sinceNanos = nowNanos;
        judged = false;
        next = null;
    }

    /**
     * The packet inside.
     *
     * @return the packet as it was submitted
     */
    public Packet packet() {
        Packet inside = packet;
        if (inside == null) {
            throw new IllegalStateException("parcel used after its release");
        }
        return inside;
    }

    /**
     * Says that it is a super-packet, to be cut into its segments.
     *
     * @param bytes size of its headers, which go with the first segment
     */
    public void headers(int bytes) {
        headerBytes = bytes;
    }

    /**
     * Whether it is a super-packet.
     *
     * @return true when it is cut at its segments' ends and nowhere else
     */
    public boolean isSuper() {
        return headerBytes > 0;
    }

    /**
     * How the packet is to be segmented: as its device said, or less, when some of it was dropped.
     *
     * @return {@link Offload#NONE} for a plain packet
     */
    public Offload offload() {
        return offload;
    }

    /**
     * Where the part begins that the next byte to be cut belongs to: a segment of a super-packet, the first one with the
     * headers; any other packet is one part.
     *
     * @return offset within the packet
     */
    public int partStart() {
        return segment() == 0 ? 0 : headerBytes + segment() * offload.segmentBytes();
    }

    /**
     * Where that part ends.
     *
     * @return offset within the packet, over {@link #takenBytes}
     */
    public int partEnd() {
        return isSuper() ? Math.min(sizeBytes, headerBytes + (segment() + 1) * offload.segmentBytes()) : sizeBytes;
    }

    private int segment() {
        return isSuper() ? Math.max(0, takenBytes - headerBytes) / offload.segmentBytes() : 0;
    }

    /**
     * Copies some of its bytes.
     *
     * @param from offset of the first byte within the packet
     * @param lengthBytes how many
     * @param out takes them
     */
    public void copy(int from, int lengthBytes, ByteBuffer out) {
        ByteBuffer data = packet().data();
        out.put(data.array(), data.arrayOffset() + data.position() + from, lengthBytes);
    }

    /**
     * Size of the whole packet.
     *
     * @return bytes, over 0
     */
    public int sizeBytes() {
        return sizeBytes;
    }

    /**
     * How much of it was cut into chunks already.
     *
     * @return bytes, 0 for an untouched packet
     */
    public int takenBytes() {
        return takenBytes;
    }

    /**
     * How much of it still waits.
     *
     * @return bytes
     */
    public int remainingBytes() {
        return sizeBytes - takenBytes;
    }

    /**
     * When it came.
     *
     * @return on the node's clock
     */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Gives the packet back to the caller, who keeps it: nobody took the parcel. */
    public void unwrap() {
        packet = null;
        home.giveBack(this);
    }

    /** Tells its sender of congestion by a mark; false when it is no IP packet whose sender understands that. */
    boolean mark() {
        return packet().info().flow() == 0 && Ecn.mark(packet().data());
    }

    /**
     * Drops the first segment of an untouched super-packet.
     *
     * @return by how many bytes it became smaller; 0 when it is a plain packet or there is only one segment
     */
    int dropSegment() {
        ByteBuffer data = packet().data();
        SegmentHeaders headers = home.headers();
        int start = data.arrayOffset() + data.position();
        if (!isSuper() || !headers.read(offload.kind(), offload.segmentBytes(), data.array(), start, sizeBytes)) {
            return 0;
        }
        int segments = headers.segments();
        int droppedBytes = headers.segmentBytes(0);
        if (segments == 1) {
            return 0;
        }
        System.arraycopy(data.array(), start, data.array(), start + droppedBytes, headerBytes);
        headers.mend(data.array(), start + droppedBytes, 1, segments);
        data.position(data.position() + droppedBytes);
        sizeBytes -= droppedBytes;
        if (segments == 2) {
            offload = Offload.UNSUMMED;
            headerBytes = 0;
        }
        return droppedBytes;
    }

    void take(int lengthBytes) {
        takenBytes += lengthBytes;
    }

    /** One more chunk needs the bytes. */
    public void retain() {
        holders++;
    }

    /** One holder less; the last one releases the packet. */
    public void release() {
        if (--holders > 0) {
            return;
        }
        Packet done = packet();
        packet = null;
        done.release();
        home.giveBack(this);
    }
}
