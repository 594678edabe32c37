package io.bindlink.core.link;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One sealed datagram on its way to a socket, in a pooled buffer with room in front for a proxy's header. It has one
 * holder at a time, who calls {@link #release} exactly once. Not thread-safe; its pool is.
 */
public final class Transmit {
    /** Room before the datagram: a SOCKS5 UDP header with an IPv6 address takes 22 bytes (RFC 1928 section 7). */
    public static final int HEADROOM_BYTES = 24;

    /** Largest datagram: what fits an Ethernet frame over IPv4. */
    public static final int MAX_DATAGRAM_BYTES = 1472;

    private final TransmitPool pool;
    private final byte[] bytes = new byte[HEADROOM_BYTES + MAX_DATAGRAM_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private int length;
    private int socket;
    private @Nullable InetSocketAddress remote;
    private boolean released;

    Transmit(TransmitPool pool) {
        this.pool = pool;
    }

    /** Makes it ready for its next use. */
    void reuse() {
        released = false;
        length = 0;
        remote = null;
    }

    /**
     * Says where the datagram goes and how long it is.
     *
     * @param socket the socket's number
     * @param remote the peer's address; null when the socket knows it
     * @param length bytes of the datagram, 1..{@link #MAX_DATAGRAM_BYTES}
     */
    public void address(int socket, @Nullable InetSocketAddress remote, int length) {
        this.socket = socket;
        this.remote = remote;
        this.length = length;
    }

    /**
     * The buffer. The datagram begins at {@link #HEADROOM_BYTES}.
     *
     * @return headroom and datagram
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The same bytes for relative reading and writing; whoever holds the datagram sets position and limit.
     *
     * @return a view of {@link #bytes}
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Bytes of the datagram.
     *
     * @return 1..{@link #MAX_DATAGRAM_BYTES}
     */
    public int length() {
        return length;
    }

    /**
     * The socket to send on.
     *
     * @return the number it was announced with
     */
    public int socket() {
        return socket;
    }

    /**
     * Where to send it.
     *
     * @return the peer's address; null when the socket knows it
     */
    public @Nullable InetSocketAddress remote() {
        return remote;
    }

    /**
     * Gives the buffer back.
     *
     * @throws IllegalStateException if it was released before
     */
    public void release() {
        if (released) {
            throw new IllegalStateException("datagram released twice");
        }
        released = true;
        pool.giveBack(this);
    }
}
