package io.bindlink.core.mux;

import io.bindlink.core.queue.Backlog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One flow at its sender: its sequence, what of it is unsettled, its credit, and what waits of it. Confined to its
 * session.
 */
final class Outflow extends Backlog {
    private static final int[] NOBODY = {};
    private static final long NONE = -1;

    private final int key;
    private long nextSequence;
    private @Nullable Piece first;
    private @Nullable Piece last;
    private long creditLimit;
    private long deliveredTo;
    private int flowNumber;
    private int[] refused = NOBODY;
    private long givenUpFrom = NONE;
    private long givenUpLast = NONE;

    /** Which links it may use, if it is in order and bulk. */
    final Reach reach = new Reach();

    /** Whether a FLOOR of this flow waits to be sent. */
    boolean floorPosted;

    /** Whether the flow waits for credit. */
    boolean parked;

    Outflow(int key, long firstSequence) {
        super(ChunkLayout.classOf(key).delivery());
        this.key = key;
        this.nextSequence = firstSequence;
        this.deliveredTo = firstSequence;
        this.creditLimit = firstSequence + ChunkLayout.FIRST_WINDOW_CHUNKS;
        this.flowNumber = ChunkLayout.firstFlowNumber(ChunkLayout.slotOf(key));
    }

    int key() {
        return key;
    }

    FlowClass flowClass() {
        return ChunkLayout.classOf(key);
    }

    // ---- sequence and unsettled pieces ----

    long nextSequence() {
        return nextSequence;
    }

    /** Appends a piece of the chunk with the next sequence. */
    void append(Piece piece, boolean endsChunk) {
        piece.sequence = nextSequence;
        piece.before = last;
        piece.after = null;
        if (last == null) {
            first = piece;
        } else {
            last.after = piece;
        }
        last = piece;
        if (endsChunk) {
            nextSequence++;
        }
    }

    /** Puts the rest of a split piece behind its beginning. */
    void insertAfter(Piece piece, Piece rest) {
        rest.before = piece;
        rest.after = piece.after;
        if (piece.after == null) {
            last = rest;
        } else {
            piece.after.before = rest;
        }
        piece.after = rest;
    }

    void remove(Piece piece) {
        if (piece.before == null) {
            first = piece.after;
        } else {
            piece.before.after = piece.after;
        }
        if (piece.after == null) {
            last = piece.before;
        } else {
            piece.after.before = piece.before;
        }
        piece.before = null;
        piece.after = null;
    }

    @Nullable
    Piece firstUnsettled() {
        return first;
    }

    // ---- giving up ----

    /** Lowest sequence that may still be sent again. */
    long floor() {
        return first == null ? nextSequence : first.sequence;
    }

    void giveUp(long sequence) {
        if (givenUpFrom == NONE || sequence < givenUpFrom) {
            givenUpFrom = sequence;
        }
        givenUpLast = Math.max(givenUpLast, sequence);
    }

    /** Whether the floor has passed something given up that the peer was not told of. */
    boolean owesFloor() {
        return givenUpFrom != NONE && givenUpFrom < floor();
    }

    /** The floor is on its way to the peer. */
    void onFloorSent() {
        floorPosted = false;
        givenUpFrom = givenUpLast >= floor() ? floor() : NONE;
    }

    // ---- credit ----

    /** Chunks sent that the peer has not said to have delivered. */
    long undeliveredChunks() {
        return nextSequence - deliveredTo;
    }

    boolean hasCredit() {
        return nextSequence < creditLimit;
    }

    /**
     * Takes news of credit: where it ends, and how often the window before it has doubled. Answers how many chunks more the
     * peer has delivered, 0 for what is old or makes no sense.
     */
    long credit(long limit, int doublings) {
        long to = limit - ChunkLayout.windowChunks(doublings);
        if (to <= deliveredTo || to > nextSequence || doublings > ChunkLayout.MOST_DOUBLINGS) {
            return 0;
        }
        long delivered = to - deliveredTo;
        deliveredTo = to;
        creditLimit = Math.max(creditLimit, limit);
        return delivered;
    }

    // ---- the device's number for it ----

    /** The number the peer thinks the flow has. */
    int flowNumber() {
        return flowNumber;
    }

    void flowNumber(int told) {
        flowNumber = told;
    }

    /** Remembers whom to tell when there is room again. */
    void refuse(int number) {
        for (int known : refused) {
            if (known == number) {
                return;
            }
        }
        refused = Arrays.copyOf(refused, refused.length + 1);
        refused[refused.length - 1] = number;
    }

    boolean hasRefused() {
        return refused.length > 0;
    }

    /** Forgets and tells whom to tell. */
    int[] takeRefused() {
        int[] taken = refused;
        refused = NOBODY;
        return taken;
    }
}
