package io.bindlink.core.mux;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * FLOOR, FLOW_CREDIT and PLAYOUT chunks that wait to be sent. A notice is only the kind and the flow; the sequence is filled in
 * when it leaves, so that it is always the newest, and so that one that was lost is simply posted again. Confined to its
 * session.
 */
final class Notices {
    private static final int KEY_BITS = 18;

    private int[] waiting = new int[16];
    private int count;

    /** Fills in the sequence of a notice that leaves now. */
    @FunctionalInterface
    interface Source {
        /** The sequence to tell; the notice counts as sent. */
        long sequence(int notice);

        /** Flags to tell besides the class. */
        default int flags(int notice) {
            return 0;
        }
    }

    static int floor(int key) {
        return (ChunkLayout.KIND_FLOOR << KEY_BITS) | key;
    }

    static int credit(int key) {
        return (ChunkLayout.KIND_FLOW_CREDIT << KEY_BITS) | key;
    }

    static int playout(int key) {
        return (ChunkLayout.KIND_PLAYOUT << KEY_BITS) | key;
    }

    static int kind(int notice) {
        return notice >>> KEY_BITS;
    }

    static int key(int notice) {
        return notice & ((1 << KEY_BITS) - 1);
    }

    void post(int notice) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * count);
        }
        waiting[count++] = notice;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** What all of them would take. */
    int sizeBytes() {
        return count * ChunkLayout.HEADER_BYTES;
    }

    /** Writes the oldest ones that fit; answers how many. */
    int write(ByteBuffer out, Source source) {
        int fitting = Math.min(count, out.remaining() / ChunkLayout.HEADER_BYTES);
        for (int i = 0; i < fitting; i++) {
            int key = key(waiting[i]);
            int flags = ChunkLayout.classFlags(ChunkLayout.classOf(key)) | source.flags(waiting[i]);
            Piece.writeHeader(out, kind(waiting[i]), flags, ChunkLayout.slotOf(key), source.sequence(waiting[i]));
        }
        return fitting;
    }

    int waiting(int index) {
        return waiting[index];
    }

    /** Forgets the oldest ones: they were sent. */
    void removeFirst(int sent) {
        System.arraycopy(waiting, sent, waiting, 0, count - sent);
        count -= sent;
    }
}
