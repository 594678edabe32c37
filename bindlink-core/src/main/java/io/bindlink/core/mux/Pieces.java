package io.bindlink.core.mux;

import java.util.ArrayDeque;
import java.util.Deque;

/** Store of idle pieces, so that a chunk costs no allocation. Confined to its session. */
final class Pieces {
    private final Deque<Piece> idle = new ArrayDeque<>();

    Piece acquire() {
        Piece piece = idle.poll();
        return piece == null ? new Piece() : piece;
    }

    /** One holder less; a settled piece that nobody holds is reused. */
    void release(Piece piece) {
        piece.holders--;
        reuseIfDone(piece);
    }

    void reuseIfDone(Piece piece) {
        if (piece.settled && piece.holders == 0) {
            idle.push(piece);
        }
    }
}
