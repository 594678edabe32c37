package io.bindlink.core.mux;

import io.bindlink.core.queue.Parcel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that was sent, or one part of it: what the sender remembers until it has arrived or is given up. Made and
 * reused by {@link Pieces}. Confined to its session.
 */
final class Piece {
    private @Nullable Outflow flow;
    private @Nullable Parcel parcel;
    private int flags;
    private boolean tellsFlow;
    private int from;
    private int chunkOffset;
    private int lengthBytes;

    /** Number of the chunk in its flow; parts share it. */
    long sequence;

    /** When the chunk was made, which is when it is first sent. */
    long madeNanos;

    /** How often it was sent after the first time. */
    int resends;

    /** Whether it was sent at all. */
    boolean sent;

    /** Copies under way: sent, and neither acknowledged nor lost. */
    int underWay;

    /** Whether it waits to be sent again. */
    boolean waits;

    /** Whether it has arrived or is given up. */
    boolean settled;

    /** Whether it was given up, if it is settled. */
    boolean givenUp;

    /** Payload records and queues that point here; with none left a settled piece is reused. */
    int holders;

    /** Neighbours in the flow's list of unsettled pieces, or in the pool. */
    @Nullable
    Piece before;

    @Nullable
    Piece after;

    /** Makes it the bytes {@code from..from + length} of a packet. */
    void make(Outflow ofFlow, Parcel ofParcel, int pieceFlags, int fromOffset, int pieceLengthBytes) {
        flow = ofFlow;
        parcel = ofParcel;
        flags = pieceFlags;
        from = fromOffset;
        lengthBytes = pieceLengthBytes;
        tellsFlow = false;
        chunkOffset = 0;
        resends = 0;
        sent = false;
        underWay = 0;
        waits = false;
        settled = false;
        givenUp = false;
        ofParcel.retain();
    }

    /** Says that META carries the device's number for the flow. */
    void tellFlow() {
        tellsFlow = true;
    }

    /** Says that it is a part of its chunk, beginning at an offset. */
    void beginPart(int offset) {
        flags |= ChunkLayout.FLAG_CUT;
        chunkOffset = offset;
    }

    /** Shrinks it to its first bytes and makes {@code rest} what it loses. */
    void split(int keepBytes, Piece rest) {
        int ending = isCut() ? flags & ChunkLayout.FLAG_CUT_END : ChunkLayout.FLAG_CUT_END;
        int restFlags = (flags & ~(ChunkLayout.FLAG_META | ChunkLayout.FLAG_CUT_END)) | ending;
        rest.make(flow(), parcel(), restFlags, from + keepBytes, lengthBytes - keepBytes);
        rest.beginPart(chunkOffset + keepBytes);
        rest.sequence = sequence;
        rest.madeNanos = madeNanos;
        rest.resends = resends;
        rest.sent = sent;
        flags = (flags & ~ChunkLayout.FLAG_CUT_END) | ChunkLayout.FLAG_CUT;
        lengthBytes = keepBytes;
    }

    /** Marks it as arrived or given up: its packet's bytes are not needed any more. */
    void settle() {
        settled = true;
        parcel().release();
        parcel = null;
    }

    Outflow flow() {
        Outflow owner = flow;
        if (owner == null) {
            throw new IllegalStateException("piece used before it was made");
        }
        return owner;
    }

    Parcel parcel() {
        Parcel whole = parcel;
        if (whole == null) {
            throw new IllegalStateException("piece used after it was settled");
        }
        return whole;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    private boolean isCut() {
        return (flags & ChunkLayout.FLAG_CUT) != 0;
    }

    private boolean hasMeta() {
        return (flags & ChunkLayout.FLAG_META) != 0;
    }

    /** Bytes before the data, the length apart. */
    int headerBytes() {
        return ChunkLayout.HEADER_BYTES
                + (isCut() ? ChunkLayout.CUT_BYTES : 0)
                + (hasMeta() ? Meta.sizeBytes(tellsFlow) : 0);
    }

    void write(ByteBuffer out, boolean lastInPayload) {
        int lastFlag = lastInPayload ? ChunkLayout.FLAG_LAST_IN_PAYLOAD : 0;
        writeHeader(out, ChunkLayout.KIND_DATA, flags | lastFlag, ChunkLayout.slotOf(flow().key()), sequence);
        if (!lastInPayload) {
            out.putShort((short) lengthBytes);
        }
        if (isCut()) {
            out.putShort((short) chunkOffset);
        }
        if (hasMeta()) {
            int number = parcel().packet().info().flow();
            Meta.write(out, parcel().offload(), parcel().sizeBytes(), tellsFlow, number);
        }
        parcel().copy(from, lengthBytes, out);
    }

    static void writeHeader(ByteBuffer out, int kind, int flags, int slot, long sequence) {
        out.put((byte) kind);
        out.put((byte) flags);
        out.putShort((short) slot);
        out.put((byte) (sequence >>> 16));
        out.putShort((short) sequence);
    }
}
