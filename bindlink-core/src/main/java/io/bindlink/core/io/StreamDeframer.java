package io.bindlink.core.io;

import io.bindlink.core.link.Transmit;
import java.nio.ByteBuffer;

/**
 * Finds the datagrams in a stream of bytes: each is preceded by its length, 2 bytes, big-endian (docs/wire.md section 14).
 * Bytes may come in pieces of any size. A length that no datagram has ends it: where the next one begins is unknown then.
 *
 * <pre>
 * 0 length (2), 1..1472 | 2 datagram (length)
 * </pre>
 *
 * <p>Confined to the network thread.
 */
final class StreamDeframer {
    static final int LENGTH_BYTES = 2;

    private static final int BUFFER_BYTES = 16 * 1024; // a dozen datagrams for each call of the system

    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ByteBuffer room = ByteBuffer.wrap(bytes);
    private int start;
    private int end;
    private boolean malformed;

    /** Where to put the bytes that come next, at least one datagram's; then call {@link #handleRead}. */
    ByteBuffer room() {
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        return room.limit(BUFFER_BYTES).position(end);
    }

    /** The room was filled up to its position. */
    void handleRead() {
        end = room.position();
    }

    /** Whether {@link #poll} would find a datagram, or see that there can be none any more. */
    boolean isReady() {
        int length = length();
        return !malformed && length >= 0 && (!isLength(length) || end - start >= LENGTH_BYTES + length);
    }

    /**
     * Takes the next datagram.
     *
     * @param into set around it
     * @return false when it is not there yet, or the stream makes no sense
     */
    boolean poll(ByteBuffer into) {
        int length = length();
        if (malformed || length < 0) {
            return false;
        }
        if (!isLength(length)) {
            malformed = true;
            return false;
        }
        if (end - start < LENGTH_BYTES + length) {
            return false;
        }
        into.clear().put(bytes, start + LENGTH_BYTES, length).flip();
        start += LENGTH_BYTES + length;
        return true;
    }

    /** Whether a length came that no datagram has. For good. */
    boolean malformed() {
        return malformed;
    }

    /** The length that stands next, -1 when it is not there yet. */
    private int length() {
        return end - start < LENGTH_BYTES
                ? -1
                : Byte.toUnsignedInt(bytes[start]) << 8 | Byte.toUnsignedInt(bytes[start + 1]);
    }

    private static boolean isLength(int length) {
        return length >= 1 && length <= Transmit.MAX_DATAGRAM_BYTES;
    }
}
