package io.bindlink.core.io;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The header of a datagram on its way to or from a SOCKS5 relay (RFC 1928 section 7):
 *
 * <pre>
 * 0  reserved 2 = 0 | fragment 1 = 0 | address type 1 | address 4, 16 or 1 + n | port 2
 * </pre>
 *
 * <p>Immutable.
 */
final class Socks5Datagram {
    /** Header with an IPv4 address. */
    static final int IPV4_BYTES = 10;

    /** Header with an IPv6 address. */
    static final int IPV6_BYTES = 22;

    /** Longest header: with a name of 255 bytes. */
    static final int MAX_BYTES = 262;

    private static final int FRAGMENT_OFFSET = 2;
    private static final int TYPE_OFFSET = FRAGMENT_OFFSET + 1;
    private static final int ADDRESS_OFFSET = TYPE_OFFSET + 1;

    private Socks5Datagram() {}

    /**
     * The header of every datagram to a target.
     *
     * @param target resolved
     * @return 10 or 22 bytes
     */
    static byte[] header(InetSocketAddress target) {
        byte[] address = target.getAddress().getAddress();
        return ByteBuffer.allocate(ADDRESS_OFFSET + address.length + 2)
                .putShort((short) 0)
                .put((byte) 0)
                .put((byte) (address.length == 4 ? Socks5Handshake.TYPE_IPV4 : Socks5Handshake.TYPE_IPV6))
                .put(address)
                .putShort((short) target.getPort())
                .array();
    }

    /**
     * Bytes of the header of a datagram from a relay. The address in it is not looked at: it may be of another kind than
     * what we sent to, and what counts is that the content is authentic.
     *
     * @param datagram as received, from position to limit; not moved
     * @return its header's size, or -1 if it is none, a fragment, or nothing follows it
     */
    static int headerBytes(ByteBuffer datagram) {
        int start = datagram.position();
        int available = datagram.remaining();
        if (available <= ADDRESS_OFFSET
                || datagram.getShort(start) != 0
                || datagram.get(start + FRAGMENT_OFFSET) != 0) {
            return -1;
        }
        int header = switch (datagram.get(start + TYPE_OFFSET)) {
            case Socks5Handshake.TYPE_IPV4 -> IPV4_BYTES;
            case Socks5Handshake.TYPE_IPV6 -> IPV6_BYTES;
            case Socks5Handshake.TYPE_NAME ->
                ADDRESS_OFFSET + 1 + Byte.toUnsignedInt(datagram.get(start + ADDRESS_OFFSET)) + 2;
            default -> Integer.MAX_VALUE;
        };
        return header < available ? header : -1;
    }
}
