package io.bindlink.core.mux;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The pieces that share the next datagram. Only the last one goes without its length. Confined to its session. */
final class PayloadPlan {
    private @Nullable Piece[] pieces = new Piece[8];
    private int count;
    private int roomBytes;
    private int usedBytes;

    void begin(int payloadBytes) {
        Arrays.fill(pieces, 0, count, null);
        count = 0;
        roomBytes = payloadBytes;
        usedBytes = 0;
    }

    /** What one more piece may take, its header included. */
    int spaceBytes() {
        return roomBytes - usedBytes - (count > 0 ? ChunkLayout.LENGTH_BYTES : 0);
    }

    /** What a piece may take in a payload of its own. */
    int roomBytes() {
        return roomBytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(Piece piece) {
        usedBytes += piece.headerBytes() + piece.lengthBytes() + (count > 0 ? ChunkLayout.LENGTH_BYTES : 0);
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
        }
        pieces[count++] = piece;
    }

    int count() {
        return count;
    }

    Piece piece(int index) {
        Piece piece = pieces[index];
        if (piece == null) {
            throw new IllegalStateException("no piece " + index + " of " + count);
        }
        return piece;
    }

    void write(ByteBuffer out) {
        for (int i = 0; i < count; i++) {
            piece(i).write(out, i == count - 1);
        }
    }
}
