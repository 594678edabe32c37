package io.bindlink.core.stream;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory in which a device's streams keep what has arrived and was not yet read: blocks of one size, lent to streams
 * that hold something, so that an idle stream has none. Thread-safe.
 */
final class Blocks {
    /** Size of a block: what one packet of a device of the usual kind carries. */
    static final int BLOCK_BYTES = 16 << 10;

    /** Most blocks that streams hold together, 16 MiB: 64 slow readers' full buffers, an eighth of a node's heap. */
    static final int MAX_LENT = 1_024;

    /** Idle blocks beyond this are left to the garbage collector. */
    private static final int MAX_IDLE = 64;

    private final Deque<byte[]> idle = new ArrayDeque<>();
    private int lent;

    /** Takes a block, whatever is lent: a stream that holds nothing must be able to take one packet. */
    synchronized byte[] take() {
        lent++;
        byte[] block = idle.poll();
        return block == null ? new byte[BLOCK_BYTES] : block;
    }

    synchronized void give(byte[] block) {
        lent--;
        if (idle.size() < MAX_IDLE) {
            idle.push(block);
        }
    }

    /** A block that somebody may still be reading will never be used again. */
    synchronized void lose(int count) {
        lent -= count;
    }

    /** Whether a stream that holds something may hold more. */
    synchronized boolean plenty() {
        return lent < MAX_LENT;
    }

    synchronized int lent() {
        return lent;
    }
}
