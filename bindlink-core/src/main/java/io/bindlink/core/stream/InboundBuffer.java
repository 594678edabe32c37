package io.bindlink.core.stream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes of one stream that have arrived and were not yet read, in blocks that are given back as they are read. Confined to
 * its stream's lock, but for what {@link #head} shows.
 */
final class InboundBuffer {
    /** Most bytes that wait: more than a reader's pause of 50 ms at 40 Mbit/s, and over two of the largest packets. */
    static final int CAPACITY_BYTES = 256 << 10;

    private static final byte[] NONE = {};
    private static final ByteBuffer NOTHING = ByteBuffer.wrap(NONE);

    private final Blocks blocks;
    private final Deque<byte[]> full = new ArrayDeque<>(1); // and the last one, not full
    private int start; // in the first block
    private int end = Blocks.BLOCK_BYTES; // in the last block
    private int size;

    InboundBuffer(Blocks blocks) {
        this.blocks = blocks;
    }

    int size() {
        return size;
    }

    /** Whether bytes fit. An empty buffer takes any packet, however much other streams hold. */
    boolean hasRoom(int bytes) {
        return size == 0 || (bytes <= CAPACITY_BYTES - size && blocks.plenty());
    }

    /** Appends what is left in a buffer; the caller has asked {@link #hasRoom}. */
    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (end == Blocks.BLOCK_BYTES) {
                full.addLast(blocks.take());
                end = 0;
            }
            int length = Math.min(bytes.remaining(), Blocks.BLOCK_BYTES - end);
            bytes.get(full.getLast(), end, length);
            end += length;
            size += length;
        }
    }

    /** Moves bytes out, oldest first; returns how many. */
    int take(ByteBuffer target) {
        int taken = 0;
        while (size > 0 && target.hasRemaining()) {
            ByteBuffer head = head();
            int length = Math.min(head.remaining(), target.remaining());
            target.put(head.limit(head.position() + length));
            skip(length);
            taken += length;
        }
        return taken;
    }

    /**
     * The oldest bytes that lie together. They stay as they are until they are skipped, even if the buffer is cleared
     * meanwhile, so that they can be read without its lock.
     */
    ByteBuffer head() {
        byte[] first = full.peekFirst();
        return first == null ? NOTHING : ByteBuffer.wrap(first, start, Math.min(size, Blocks.BLOCK_BYTES - start));
    }

    /** Lets go of some of what {@link #head} showed; nothing if it was cleared since. */
    void skip(int bytes) {
        if (size == 0) {
            return;
        }
        start += bytes;
        size -= bytes;
        if (size == 0 || start == Blocks.BLOCK_BYTES) {
            blocks.give(full.removeFirst());
            start = 0;
            end = size == 0 ? Blocks.BLOCK_BYTES : end;
        }
    }

    /** Lets the memory go; what waits is lost. */
    void clear() {
        blocks.lose(full.size());
        full.clear();
        start = 0;
        end = Blocks.BLOCK_BYTES;
        size = 0;
    }
}
