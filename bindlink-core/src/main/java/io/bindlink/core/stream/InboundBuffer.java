package io.bindlink.core.stream;

import java.nio.ByteBuffer;

/**
 * Bytes of one stream that have arrived and were not yet read: a ring that grows with the most that ever
 * waited in it. Confined to its stream's lock.
 */
final class InboundBuffer {
    /** Most bytes that wait: more than a reader's pause of 50 ms at 40 Mbit/s, and over two of the largest packets. */
    static final int CAPACITY_BYTES = 256 << 10;

    private static final int FIRST_BYTES = 4 << 10;
    private static final byte[] NONE = {};

    private byte[] ring = NONE; // its length is a power of two, or 0
    private int start;
    private int size;

    int size() {
        return size;
    }

    boolean hasRoom(int bytes) {
        return bytes <= CAPACITY_BYTES - size;
    }

    /** Appends what is left in a buffer; the caller has asked {@link #hasRoom}. */
    void add(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        ensure(size + bytes.remaining());
        int end = (start + size) & (ring.length - 1);
        size += bytes.remaining();
        int first = Math.min(bytes.remaining(), ring.length - end);
        bytes.get(ring, end, first);
        bytes.get(ring, 0, bytes.remaining());
    }

    /** Moves bytes out, oldest first; returns how many. */
    int take(byte[] target, int offset, int length) {
        int taken = Math.min(length, size);
        int first = Math.min(taken, ring.length - start);
        System.arraycopy(ring, start, target, offset, first);
        System.arraycopy(ring, 0, target, offset + first, taken - first);
        size -= taken;
        start = size == 0 ? 0 : (start + taken) & (ring.length - 1);
        return taken;
    }

    /** Lets the memory go; what waits is lost. */
    void clear() {
        ring = NONE;
        start = 0;
        size = 0;
    }

    private void ensure(int bytes) {
        if (bytes <= ring.length) {
            return;
        }
        int length = Math.max(FIRST_BYTES, ring.length);
        while (length < bytes) {
            length *= 2;
        }
        byte[] larger = new byte[length];
        int kept = size;
        take(larger, 0, kept);
        ring = larger;
        start = 0;
        size = kept;
    }
}
