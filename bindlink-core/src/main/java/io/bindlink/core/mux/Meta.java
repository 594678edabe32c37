package io.bindlink.core.mux;

import io.bindlink.api.Offload;
import java.nio.ByteBuffer;

/** Reads and writes the META field of a packet's first chunk, docs/wire-mux.md section 1.3. Immutable. */
final class Meta {
    private static final Offload.Kind[] OFFLOADS =
            Offload.Kind.values(); // NONE 0, TCP4 1, TCP6 2, UDP 3, as on the wire

    private Meta() {}

    static int sizeBytes(boolean withFlow) {
        return ChunkLayout.META_BYTES + (withFlow ? ChunkLayout.META_FLOW_BYTES : 0);
    }

    static void write(ByteBuffer out, Offload offload, int totalBytes, boolean withFlow, int flowNumber) {
        int kind = bits(offload.kind())
                | (offload.partialChecksum() ? ChunkLayout.META_PARTIAL_CHECKSUM : 0)
                | (withFlow ? ChunkLayout.META_FLOW : 0);
        out.put((byte) kind);
        out.putShort((short) offload.segmentBytes());
        out.putShort((short) totalBytes);
        if (withFlow) {
            out.putInt(flowNumber);
        }
    }

    private static int bits(Offload.Kind kind) {
        return switch (kind) {
            case NONE -> 0;
            case TCP4 -> 1;
            case TCP6 -> 2;
            case UDP -> 3;
        };
    }

    static boolean hasFlow(int kind) {
        return (kind & ChunkLayout.META_FLOW) != 0;
    }

    /** A super-packet names its segments' size, and no other packet does. */
    static boolean isSound(int kind, int segmentBytes) {
        return ((kind & ChunkLayout.META_OFFLOAD_MASK) == 0) == (segmentBytes == 0);
    }

    static Offload.Kind offloadKind(int kind) {
        return OFFLOADS[kind & ChunkLayout.META_OFFLOAD_MASK];
    }

    static boolean isPartialChecksum(int kind) {
        return (kind & ChunkLayout.META_PARTIAL_CHECKSUM) != 0;
    }

    static Offload offload(int kind, int segmentBytes) {
        Offload.Kind offload = offloadKind(kind);
        boolean partialChecksum = isPartialChecksum(kind);
        return offload == Offload.Kind.NONE && !partialChecksum
                ? Offload.NONE
                : new Offload(offload, segmentBytes, partialChecksum);
    }
}
