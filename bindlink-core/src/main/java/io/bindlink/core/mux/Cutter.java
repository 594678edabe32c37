package io.bindlink.core.mux;

import io.bindlink.api.Offload;
import io.bindlink.core.queue.Parcel;
import org.jspecify.annotations.Nullable;

/**
 * Makes chunks of packets. A packet that fits a datagram is never cut to fill another: half a packet is as good as none.
 * One that must be cut anyway fills what room there is. A super-packet is cut into its segments, so that a lost chunk is a
 * lost segment; a segment that no link takes whole is cut again, into parts of its chunk. Confined to its session.
 */
final class Cutter {
    /** Less room than this is left empty: a header and another chance of loss are worth more. */
    private static final int LEAST_CUT_BYTES = 256;

    private final Pieces pieces;

    Cutter(Pieces pieces) {
        this.pieces = pieces;
    }

    /** Makes the next piece of a flow's head to fit a payload; null when it should wait for the next payload. */
    @Nullable
    Piece cut(Outflow flow, Parcel parcel, PayloadPlan plan, long nowNanos) {
        boolean fresh = parcel.takenBytes() == 0;
        boolean tellsFlow = fresh && tellsFlow(flow, parcel);
        boolean meta = tellsFlow || (fresh && !parcel.offload().equals(Offload.NONE));
        int headerBytes = ChunkLayout.HEADER_BYTES + (meta ? Meta.sizeBytes(tellsFlow) : 0);
        int lengthBytes = lengthBytes(flow, parcel, plan, headerBytes);
        if (lengthBytes <= 0) {
            return null;
        }
        Piece piece = make(flow, parcel, meta, lengthBytes);
        piece.madeNanos = nowNanos;
        if (tellsFlow) {
            piece.tellFlow();
            flow.flowNumber(parcel.packet().info().flow());
        }
        return piece;
    }

    /** A reliable flow's number is told when it changes, another's with every packet, as packets may be lost. */
    private static boolean tellsFlow(Outflow flow, Parcel parcel) {
        int number = parcel.packet().info().flow();
        return flow.flowClass() == FlowClass.RELIABLE ? number != flow.flowNumber() : number != 0;
    }

    private static int lengthBytes(Outflow flow, Parcel parcel, PayloadPlan plan, int headerBytes) {
        int restBytes = parcel.partEnd() - parcel.takenBytes();
        int spaceBytes = plan.spaceBytes() - headerBytes;
        boolean oneChunk = isOneChunk(flow, parcel);
        boolean inParts = oneChunk && parcel.takenBytes() > parcel.partStart();
        if (restBytes <= spaceBytes && !inParts) {
            return atMost(flow, restBytes);
        }
        boolean fitsAlone = restBytes <= plan.roomBytes() - headerBytes;
        if (!plan.isEmpty() && (fitsAlone || spaceBytes < LEAST_CUT_BYTES)) {
            return 0;
        }
        int cutBytes = oneChunk ? ChunkLayout.CUT_BYTES : 0;
        return atMost(flow, Math.min(restBytes, spaceBytes - cutBytes));
    }

    /** Whether a packet, or each segment of it, is one chunk: an unordered flow has no order to put chunks together. */
    private static boolean isOneChunk(Outflow flow, Parcel parcel) {
        return flow.flowClass() == FlowClass.UNORDERED || parcel.isSuper();
    }

    private static int atMost(Outflow flow, int lengthBytes) {
        return flow.flowClass() == FlowClass.RELIABLE
                ? Math.min(lengthBytes, ChunkLayout.RELIABLE_CHUNK_BYTES)
                : lengthBytes;
    }

    private Piece make(Outflow flow, Parcel parcel, boolean meta, int lengthBytes) {
        int from = parcel.takenBytes();
        int start = parcel.partStart();
        int end = parcel.partEnd();
        boolean ends = from + lengthBytes == end;
        boolean oneChunk = isOneChunk(flow, parcel);
        int flags = ChunkLayout.classFlags(flow.flowClass())
                | (from == 0 || (oneChunk && start == 0) ? ChunkLayout.FLAG_FIRST : 0)
                | ((ends || oneChunk) && end == parcel.sizeBytes() ? ChunkLayout.FLAG_LAST : 0)
                | (meta ? ChunkLayout.FLAG_META : 0);
        boolean part = oneChunk && !(from == start && ends);
        Piece piece = pieces.acquire();
        piece.make(flow, parcel, flags | (part && ends ? ChunkLayout.FLAG_CUT_END : 0), from, lengthBytes);
        if (part) {
            piece.beginPart(from - start);
        }
        flow.append(piece, !oneChunk || ends);
        return piece;
    }

    /** Makes a piece of what another loses. */
    Piece split(Piece piece, int keepBytes) {
        Piece rest = pieces.acquire();
        piece.split(keepBytes, rest);
        piece.flow().insertAfter(piece, rest);
        return rest;
    }
}
