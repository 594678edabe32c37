package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A received chunk that is held back, or the parts of it that are here. Confined to its session. */
final class Held {
    /** Stands for a chunk that was delivered out of turn. */
    static final Held DELIVERED = new Held();

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int lengthBytes;
    private int flags;
    private int metaKind;
    private int segmentBytes;
    private int totalBytes;
    private int flowNumber;
    private long sentNanos;
    private long receivedNanos;
    private boolean complete;
    private @Nullable BitSet parts;
    private int chunkBytes;

    /** Describes the chunk by the first datagram that brought some of it. */
    void begin(ChunkReader chunk, Arrival arrival) {
        flags = flagIf(chunk, ChunkLayout.FLAG_FIRST) | flagIf(chunk, ChunkLayout.FLAG_LAST);
        metaKind = 0;
        segmentBytes = 0;
        totalBytes = 0;
        flowNumber = 0;
        sentNanos = arrival.sentNanos();
        receivedNanos = arrival.receivedNanos();
        complete = false;
        parts = null;
        lengthBytes = 0;
        chunkBytes = 0;
    }

    private static int flagIf(ChunkReader chunk, int flag) {
        return chunk.has(flag) ? flag : 0;
    }

    /** Takes bytes of the chunk, all or a part; the array grows as needed. */
    void take(ChunkReader chunk, ByteBuffer payload, Slabs slabs) {
        int endBytes = chunk.cutOffset() + chunk.dataBytes();
        reserve(endBytes, slabs);
        payload.get(chunk.dataIndex(), bytes, chunk.cutOffset(), chunk.dataBytes());
        if (chunk.cutOffset() == 0 && chunk.has(ChunkLayout.FLAG_META)) {
            metaKind = chunk.metaKind();
            segmentBytes = chunk.segmentBytes();
            totalBytes = chunk.totalBytes();
            flowNumber = chunk.flowNumber();
        }
        if (chunk.isWhole()) {
            lengthBytes = endBytes;
            complete = true;
        } else {
            takePart(chunk, endBytes);
        }
    }

    private void reserve(int sizeBytes, Slabs slabs) {
        if (bytes.length >= sizeBytes) {
            return;
        }
        byte[] larger = slabs.take(sizeBytes);
        System.arraycopy(bytes, 0, larger, 0, bytes.length);
        if (bytes.length > 0) {
            slabs.give(bytes);
        }
        bytes = larger;
    }

    private void takePart(ChunkReader chunk, int endBytes) {
        BitSet here = parts;
        if (here == null) {
            here = new BitSet();
            parts = here;
        }
        here.set(chunk.cutOffset(), endBytes);
        if (chunk.has(ChunkLayout.FLAG_CUT_END)) {
            chunkBytes = endBytes;
        }
        if (chunkBytes > 0 && here.nextClearBit(0) >= chunkBytes) {
            lengthBytes = chunkBytes;
            complete = true;
            parts = null;
        }
    }

    /** Gives the bytes back. */
    void clear(Slabs slabs) {
        if (bytes.length > 0) {
            slabs.give(bytes);
            bytes = NOTHING;
        }
        parts = null;
    }

    boolean isComplete() {
        return complete;
    }

    boolean isFirst() {
        return (flags & ChunkLayout.FLAG_FIRST) != 0;
    }

    boolean isLast() {
        return (flags & ChunkLayout.FLAG_LAST) != 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    int metaKind() {
        return metaKind;
    }

    int segmentBytes() {
        return segmentBytes;
    }

    /** Size of the whole packet, as its first chunk told. */
    int totalBytes() {
        return totalBytes;
    }

    int flowNumber() {
        return flowNumber;
    }

    long sentNanos() {
        return sentNanos;
    }

    long receivedNanos() {
        return receivedNanos;
    }
}
