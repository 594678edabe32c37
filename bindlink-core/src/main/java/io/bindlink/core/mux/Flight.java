package io.bindlink.core.mux;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one datagram carried: pieces, or notices. Confined to its session. */
final class Flight {
    private @Nullable Piece[] pieces = new Piece[2];
    private int pieceCount;
    private int[] notices = {};
    private int noticeCount;

    /** Packet number on its link. */
    long number;

    /** Whether it was lost, or its link fell silent: what it carried goes elsewhere, but it may still arrive. */
    boolean lost;

    void begin(long packetNumber) {
        number = packetNumber;
        lost = false;
        pieceCount = 0;
        noticeCount = 0;
    }

    void add(Piece piece) {
        if (pieceCount == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * pieceCount);
        }
        pieces[pieceCount++] = piece;
    }

    void add(int notice) {
        if (noticeCount == notices.length) {
            notices = Arrays.copyOf(notices, 2 * noticeCount + 4);
        }
        notices[noticeCount++] = notice;
    }

    int pieceCount() {
        return pieceCount;
    }

    Piece piece(int index) {
        Piece piece = pieces[index];
        if (piece == null) {
            throw new IllegalStateException("no piece " + index + " of " + pieceCount);
        }
        return piece;
    }

    int noticeCount() {
        return noticeCount;
    }

    int notice(int index) {
        return notices[index];
    }

    void clear() {
        Arrays.fill(pieces, 0, pieceCount, null);
        pieceCount = 0;
        noticeCount = 0;
    }
}
