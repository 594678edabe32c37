package io.bindlink.tun.jna;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * The rtnetlink messages that configure an interface (RFC 3549, {@code man 7 rtnetlink}), each written from the start
 * of a buffer in native order and ended by its limit:
 *
 * <pre>
 *  0  u32 length  u16 type  u16 flags  u32 sequence  u32 port (0: the kernel tells)
 * 16  for a link:     u8 family 0, u8, u16 type 0, i32 index, u32 flags, u32 mask of the flags that change
 *     for an address: u8 family, u8 prefix length, u8 flags, u8 scope, u32 index
 *     then attributes, each: u16 length, u16 type, value, padding to a multiple of 4
 * </pre>
 *
 * <p>The answer is a message of type 2 with an i32 at 16: 0, or the negated error number. Thread-safe.
 */
final class RouteMessage {
    static final int HEADER_BYTES = 16;
    static final int SEQUENCE_OFFSET = 8;

    /** More than any message made here needs. */
    static final int MAX_BYTES = 128;

    static final int TYPE_OFFSET = 4;
    static final int ERROR_OFFSET = HEADER_BYTES;
    static final int ERROR = 2;

    private static final short NEW_LINK = 16;
    private static final short NEW_ADDRESS = 20;

    private static final short REQUEST = 0x01;
    private static final short ACKNOWLEDGE = 0x04;
    private static final short REPLACE = 0x100;
    private static final short CREATE = 0x400;

    private static final int INTERFACE_UP = 1;
    private static final short LINK_MTU = 4;
    private static final short LINK_QUEUE_LENGTH = 13;

    private static final byte FAMILY_IPV4 = 2;
    private static final byte FAMILY_IPV6 = 10;
    private static final short ADDRESS = 1;
    private static final short ADDRESS_LOCAL = 2;

    /**
     * No duplicate address detection: there is nobody else on a tun to have the same address, and until the detection
     * gave up the address could not be used.
     */
    private static final byte ADDRESS_NO_DETECTION = 0x02;

    private RouteMessage() {}

    /** Sets an interface's MTU and the number of packets that wait in it. */
    static void writeSizes(ByteBuffer out, int sequence, int index, int mtuBytes, int queuePackets) {
        beginLink(out, sequence, index, 0);
        putAttribute(out, LINK_MTU, mtuBytes);
        putAttribute(out, LINK_QUEUE_LENGTH, queuePackets);
        end(out);
    }

    /** Brings an interface up. */
    static void writeUp(ByteBuffer out, int sequence, int index) {
        beginLink(out, sequence, index, INTERFACE_UP);
        end(out);
    }

    /** Adds an address to an interface, which may have it already. */
    static void writeAddress(ByteBuffer out, int sequence, int index, InterfaceAddress address) {
        begin(out, NEW_ADDRESS, (short) (CREATE | REPLACE), sequence);
        out.put(address.isIpv6() ? FAMILY_IPV6 : FAMILY_IPV4)
                .put((byte) address.prefixBits())
                .put(address.isIpv6() ? ADDRESS_NO_DETECTION : 0)
                .put((byte) 0) // known everywhere
                .putInt(index);
        InetAddress peer = address.peer();
        putAttribute(out, ADDRESS_LOCAL, address.local());
        putAttribute(out, ADDRESS, peer == null ? address.local() : peer);
        end(out);
    }

    private static void beginLink(ByteBuffer out, int sequence, int index, int flags) {
        begin(out, NEW_LINK, (short) 0, sequence);
        out.put((byte) 0).put((byte) 0).putShort((short) 0);
        out.putInt(index).putInt(flags).putInt(flags);
    }

    private static void begin(ByteBuffer out, short type, short flags, int sequence) {
        out.clear().putInt(0).putShort(type).putShort((short) (flags | REQUEST | ACKNOWLEDGE));
        out.putInt(sequence).putInt(0);
    }

    private static void putAttribute(ByteBuffer out, short type, int value) {
        out.putShort((short) 8).putShort(type).putInt(value);
    }

    private static void putAttribute(ByteBuffer out, short type, InetAddress value) {
        byte[] bytes = value.getAddress(); // 4 or 16: no padding
        out.putShort((short) (4 + bytes.length)).putShort(type).put(bytes);
    }

    private static void end(ByteBuffer out) {
        out.flip().putInt(0, out.limit());
    }
}
