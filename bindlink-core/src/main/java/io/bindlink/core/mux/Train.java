package io.bindlink.core.mux;

import io.bindlink.core.base.SegmentHeaders;
import java.nio.ByteBuffer;

/**
 * The super-packet an ordered flow is at, at its receiver: what its first chunk told, so that any run of its segments can
 * be handed out as a super-packet of its own. Nothing is believed before the headers were read and found sound. Confined
 * to its session.
 */
final class Train {
    private final SegmentHeaders headers = new SegmentHeaders();
    private final byte[] pristine = new byte[SegmentHeaders.MAX_BYTES];
    private int metaKind;
    private int segmentBytes;
    private long first;
    private int chunks; // 0: none

    /** Begins with its first chunk; false when that is none. */
    boolean begin(Held chunk, long sequence) {
        chunks = 0;
        metaKind = chunk.metaKind();
        segmentBytes = chunk.segmentBytes();
        boolean sound = Meta.isPartialChecksum(metaKind)
                && headers.read(Meta.offloadKind(metaKind), segmentBytes, chunk.bytes(), 0, chunk.lengthBytes())
                && headers.totalBytes() == chunk.totalBytes();
        if (sound) {
            System.arraycopy(chunk.bytes(), 0, pristine, 0, headers.headerBytes());
            first = sequence;
            chunks = headers.segments();
        }
        return sound;
    }

    void end() {
        chunks = 0;
    }

    /** Whether a chunk is one of its segments. */
    boolean covers(long sequence) {
        return sequence >= first && sequence < endSequence();
    }

    long endSequence() {
        return first + chunks;
    }

    /** Whether a chunk it covers has the size of its segment. */
    boolean fits(Held chunk, long sequence) {
        return chunk.lengthBytes() == headerBytesOf(sequence) + headers.segmentBytes((int) (sequence - first));
    }

    private int headerBytesOf(long sequence) {
        return sequence == first ? headers.headerBytes() : 0;
    }

    /** Writes the segments from a flow's {@code next} to before {@code end}, with headers of their own. */
    void write(Inflow flow, long end, ByteBuffer out) {
        out.put(pristine, 0, headers.headerBytes());
        for (long sequence = flow.next(); sequence < end; sequence++) {
            Held chunk = flow.complete(sequence);
            int skipBytes = headerBytesOf(sequence);
            out.put(chunk.bytes(), skipBytes, chunk.lengthBytes() - skipBytes);
        }
        headers.mend(out.array(), out.arrayOffset(), (int) (flow.next() - first), (int) (end - first));
    }

    /** META's kind of a run: a single segment is a plain packet. */
    int metaKind(int segments) {
        return segments == 1 ? ChunkLayout.META_PARTIAL_CHECKSUM : metaKind;
    }

    int segmentBytes(int segments) {
        return segments == 1 ? 0 : segmentBytes;
    }
}
