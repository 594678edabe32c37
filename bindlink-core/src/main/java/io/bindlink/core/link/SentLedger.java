package io.bindlink.core.link;

import java.util.Arrays;

/**
 * The packets sent on one link and what is known of their fate: a ring indexed by packet number. Entries below
 * {@link #floor} stay readable until they are overwritten. Confined to its session.
 */
final class SentLedger {
    /** Packets between the oldest without a fate and the newest, beyond which a link has no room. */
    static final int MAX_OPEN = 1 << 16;

    private static final int FIRST_CAPACITY = 1 << 8;
    private static final int MAX_CAPACITY = 2 * MAX_OPEN; // probes and acknowledgements go on when there is no room

    private static final int ELICITING = 1;
    private static final int PAYLOAD = 2;
    private static final int AFTER_PAUSE = 4;
    private static final int OPEN = 8;

    private long[] sentNanos = new long[FIRST_CAPACITY];
    private int[] bytes = new int[FIRST_CAPACITY];
    private byte[] flags = new byte[FIRST_CAPACITY];

    private final long first;
    private long next;
    private long floor;
    private long openBytes;
    private int openCount;

    SentLedger(long firstNumber) {
        first = firstNumber;
        next = firstNumber;
        floor = firstNumber;
    }

    /** Adds the next packet. Only what asks for an acknowledgement is open; the rest is kept for its time alone. */
    void add(int size, boolean eliciting, boolean payload, boolean afterPause, long nowNanos) {
        makeRoom();
        int slot = slot(next);
        sentNanos[slot] = nowNanos;
        bytes[slot] = size;
        flags[slot] =
                (byte) ((eliciting ? ELICITING | OPEN : 0) | (payload ? PAYLOAD : 0) | (afterPause ? AFTER_PAUSE : 0));
        if (eliciting) {
            openBytes += size;
            openCount++;
        }
        next++;
        raiseFloor();
    }

    /** Takes an open packet out of flight: it arrived or is given up. */
    void close(long number) {
        int slot = slot(number);
        if ((flags[slot] & OPEN) == 0) {
            throw new IllegalStateException("packet " + number + " has its fate already");
        }
        flags[slot] &= ~OPEN;
        openBytes -= bytes[slot];
        openCount--;
    }

    /** Moves the floor past all that has its fate. To be called after a series of {@link #close}. */
    void raiseFloor() {
        while (floor < next && (flags[slot(floor)] & OPEN) == 0) {
            floor++;
        }
    }

    /** Number of the first packet. */
    long first() {
        return first;
    }

    /** Number of the next packet. */
    long next() {
        return next;
    }

    /** The lowest open number, or {@link #next} when none is open. */
    long floor() {
        return floor;
    }

    /** Whether the entry of a number can still be read. */
    boolean holds(long number) {
        return number >= first && number < next && number >= next - flags.length;
    }

    boolean isOpen(long number) {
        return number >= floor && number < next && (flags[slot(number)] & OPEN) != 0;
    }

    boolean isPayload(long number) {
        return (flags[slot(number)] & PAYLOAD) != 0;
    }

    /** Whether the source had nothing to send before this packet. */
    boolean isAfterPause(long number) {
        return (flags[slot(number)] & AFTER_PAUSE) != 0;
    }

    long sentNanos(long number) {
        return sentNanos[slot(number)];
    }

    int bytes(long number) {
        return bytes[slot(number)];
    }

    long openBytes() {
        return openBytes;
    }

    boolean hasOpen() {
        return openCount > 0;
    }

    boolean isFull() {
        return next - floor >= MAX_OPEN;
    }

    private void makeRoom() {
        if (next - floor < flags.length) {
            return;
        }
        if (flags.length < MAX_CAPACITY) {
            grow();
            return;
        }
        // Without room for 65,536 packets on end: whoever sends these does not ask. The oldest is forgotten.
        close(floor);
        raiseFloor();
    }

    private void grow() {
        int oldLength = flags.length;
        long[] oldSent = sentNanos;
        int[] oldBytes = bytes;
        byte[] oldFlags = flags;
        sentNanos = Arrays.copyOf(oldSent, 2 * oldLength);
        bytes = Arrays.copyOf(oldBytes, 2 * oldLength);
        flags = Arrays.copyOf(oldFlags, 2 * oldLength);
        for (long number = Math.max(first, next - oldLength); number < next; number++) {
            int from = (int) (number & (oldLength - 1));
            int to = slot(number);
            sentNanos[to] = oldSent[from];
            bytes[to] = oldBytes[from];
            flags[to] = oldFlags[from];
        }
    }

    private int slot(long number) {
        return (int) (number & (flags.length - 1));
    }
}
