package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams that one socket received together, one behind the other in one array, as the ciphers want them. Used again
 * and again; confined to the network thread.
 */
final class Inbound {
    /** Datagrams after which no more are read before these are handled: a train of the kernel's. */
    static final int ENOUGH = 64;

    /** Longest datagram taken; the rest of a longer one is cut off, and so nobody takes it for authentic. */
    static final int MAX_DATAGRAM_BYTES = 2048;

    private static final int MAX_DATAGRAMS = 4 * ENOUGH; // what comes on top of almost enough is at most 128

    private final ByteBuffer arrivals = ByteBuffer.allocateDirect(UdpSocket.RECEIVE_BYTES);
    private final ByteBuffer bytes = ByteBuffer.allocate(2 * UdpSocket.RECEIVE_BYTES);
    private final int[] starts = new int[MAX_DATAGRAMS];
    private final int[] ends = new int[MAX_DATAGRAMS];
    private final @Nullable InetSocketAddress[] sources = new InetSocketAddress[MAX_DATAGRAMS];
    private int filledBytes;
    private int count;

    /** Whether one datagram is to be taken; its position may be set behind a header. */
    @FunctionalInterface
    interface Filter {
        boolean accepts(InetSocketAddress source, ByteBuffer datagram);
    }

    /** Forgets all datagrams. */
    void clear() {
        filledBytes = 0;
        count = 0;
    }

    /** Where the system puts what it has; empty. */
    ByteBuffer arrivals() {
        return arrivals.clear();
    }

    /** Whether more can be read. */
    boolean hasRoom() {
        return count < ENOUGH && filledBytes <= bytes.capacity() - UdpSocket.RECEIVE_BYTES;
    }

    /**
     * Takes the datagrams that came.
     *
     * @param source where they are from
     * @param datagramBytes size of each but the last
     * @param filter which to take
     */
    void take(InetSocketAddress source, int datagramBytes, Filter filter) {
        int start = filledBytes;
        int end = start + arrivals.remaining();
        bytes.clear().put(start, arrivals, arrivals.position(), arrivals.remaining());
        filledBytes = end;
        do {
            int next = Math.min(start + Math.max(datagramBytes, 1), end);
            bytes.limit(Math.min(next, start + MAX_DATAGRAM_BYTES)).position(start);
            if (count < MAX_DATAGRAMS && filter.accepts(source, bytes)) {
                starts[count] = bytes.position();
                ends[count] = bytes.limit();
                sources[count++] = source;
            }
            start = next;
        } while (start < end);
    }

    /** How many datagrams there are. */
    int count() {
        return count;
    }

    /** A datagram between position and limit of an array's buffer; valid until the next call. */
    ByteBuffer datagram(int index) {
        return bytes.limit(ends[index]).position(starts[index]);
    }

    InetSocketAddress source(int index) {
        InetSocketAddress source = sources[index];
        if (source == null) {
            throw new IllegalStateException("nothing was received");
        }
        return source;
    }
}
