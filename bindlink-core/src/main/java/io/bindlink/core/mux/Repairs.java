package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The pieces to be sent again, oldest loss first. A best-effort piece is sent again twice at most and only while its
 * receiver may still wait for it; then it is given up, which its flow's FLOOR tells. Confined to its session.
 */
final class Repairs {
    private static final int MAX_RESENDS = 2;

    private final UsableLinks links;
    private final Pieces pieces;
    private final Notices notices;
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private long givenUp;

    Repairs(UsableLinks links, Pieces pieces, Notices notices) {
        this.links = links;
        this.pieces = pieces;
        this.notices = notices;
    }

    /** Of a piece no copy is under way any more. */
    void add(Piece piece, long nowNanos) {
        if (isHopeless(piece, nowNanos)) {
            giveUp(piece);
        } else if (!piece.waits) {
            hold(piece);
            waiting.addLast(piece);
        }
    }

    /** The same for a piece that must go before all others. */
    void addFirst(Piece piece, long nowNanos) {
        if (isHopeless(piece, nowNanos)) {
            giveUp(piece);
        } else if (!piece.waits) {
            hold(piece);
            waiting.addFirst(piece);
        }
    }

    private static void hold(Piece piece) {
        piece.waits = true;
        piece.holders++;
    }

    private boolean isHopeless(Piece piece, long nowNanos) {
        if (piece.flow().delivery() == Delivery.RELIABLE) {
            return false;
        }
        return piece.resends >= MAX_RESENDS || nowNanos - piece.madeNanos > usefulNanos();
    }

    /** The receiver's hold begins when the slowest link has shown the loss, or has fallen silent. */
    private long usefulNanos() {
        return HoldTime.silenceNanos(links.delaySpreadNanos()) + links.slowestRttNanos();
    }

    private void giveUp(Piece piece) {
        givenUp++;
        piece.givenUp = true;
        piece.flow().giveUp(piece.sequence);
        settle(piece);
    }

    /** A piece has arrived or is given up. */
    void settle(Piece piece) {
        Outflow flow = piece.flow();
        flow.remove(piece);
        piece.settle();
        pieces.reuseIfDone(piece);
        if (flow.owesFloor() && !flow.floorPosted && flow.flowClass() == FlowClass.ORDERED) {
            flow.floorPosted = true;
            notices.post(Notices.floor(flow.key()));
        }
    }

    /** The piece to be sent next; null when none waits. */
    @Nullable
    Piece head(long nowNanos) {
        while (true) {
            Piece piece = waiting.peek();
            if (piece == null || (!piece.settled && !isHopeless(piece, nowNanos))) {
                return piece;
            }
            if (!piece.settled) {
                giveUp(piece);
            }
            removeHead(piece);
        }
    }

    /** Takes out what {@link #head} answered, once a payload record holds it. */
    void removeHead(Piece piece) {
        waiting.remove();
        piece.waits = false;
        pieces.release(piece);
    }

    /** Forgets and tells how many pieces were given up. */
    long takeGivenUp() {
        long taken = givenUp;
        givenUp = 0;
        return taken;
    }

    /** Lets go of everything. */
    void clear() {
        waiting.clear();
    }
}
