package io.bindlink.tun.jna;

import java.nio.ByteBuffer;

/**
 * Lowers the maximum segment size that TCP handshakes announce to what fits the tun (RFC 9293 section 3.7.1), as
 * routers do: hosts behind this one know only their own network's MTU, and path MTU discovery fails often enough.
 *
 * <p>Only first fragments over IPv4 and plain TCP over IPv6 are looked at; a SYN behind IPv6 extension headers passes
 * as it is. So does what makes no sense: whoever it is for will know. A SYN without the option is left alone: it stands
 * for 536 bytes over IPv4 and 1,220 over IPv6, which fit. Immutable.
 */
final class MssClamp {
    private static final int TCP = 6;

    private static final int IPV4_MIN_HEADER = 20;
    private static final int IPV4_FRAGMENT_OFFSET = 6;
    private static final int IPV4_FRAGMENT_MASK = 0x1fff;
    private static final int IPV4_PROTOCOL_OFFSET = 9;

    private static final int IPV6_HEADER = 40;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;

    private static final int TCP_MIN_HEADER = 20;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int TCP_SYN = 0x02;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_MSS_LENGTH = 4;

    private final int maxIpv4;
    private final int maxIpv6;

    /**
     * For a tun.
     *
     * @param mtuBytes the largest packet it carries, 576..65,535
     */
    MssClamp(int mtuBytes) {
        maxIpv4 = mtuBytes - IPV4_MIN_HEADER - TCP_MIN_HEADER;
        maxIpv6 = mtuBytes - IPV6_HEADER - TCP_MIN_HEADER;
    }

    /**
     * Lowers a packet's maximum segment size and mends its checksum, if it is a SYN that needs it.
     *
     * @param packet in any byte order; its position and limit stay
     * @param offset where the packet begins
     * @param length its bytes, 0 or more
     */
    void apply(ByteBuffer packet, int offset, int length) {
        if (length < IPV4_MIN_HEADER + TCP_MIN_HEADER) {
            return;
        }
        int first = packet.get(offset) & 0xff;
        if (first >>> 4 == 4) {
            applyIpv4(packet, offset, length, (first & 0xf) * 4);
        } else if (first >>> 4 == 6 && packet.get(offset + IPV6_NEXT_HEADER_OFFSET) == TCP) {
            applyTcp(packet, offset + IPV6_HEADER, length - IPV6_HEADER, maxIpv6);
        }
    }

    private void applyIpv4(ByteBuffer packet, int offset, int length, int headerLength) {
        if (packet.get(offset + IPV4_PROTOCOL_OFFSET) == TCP
                && headerLength >= IPV4_MIN_HEADER
                && (u16(packet, offset + IPV4_FRAGMENT_OFFSET) & IPV4_FRAGMENT_MASK) == 0) {
            applyTcp(packet, offset + headerLength, length - headerLength, maxIpv4);
        }
    }

    private static void applyTcp(ByteBuffer packet, int tcp, int length, int max) {
        if (length < TCP_MIN_HEADER || (packet.get(tcp + TCP_FLAGS_OFFSET) & TCP_SYN) == 0) {
            return;
        }
        int headerLength = (packet.get(tcp + TCP_DATA_OFFSET) >>> 4 & 0xf) * 4;
        int end = tcp + Math.min(headerLength, length);
        int option = tcp + TCP_MIN_HEADER;
        while (option < end) {
            int kind = packet.get(option);
            if (kind == OPTION_END) {
                return;
            }
            int size = kind == OPTION_NOTHING ? 1 : option + 1 < end ? packet.get(option + 1) & 0xff : 0;
            if (size == 0 || option + size > end || (size == 1 && kind != OPTION_NOTHING)) {
                return;
            }
            if (kind == OPTION_MSS && size == OPTION_MSS_LENGTH) {
                lower(packet, tcp, option + 2, max);
            }
            option += size;
        }
    }

    private static void lower(ByteBuffer packet, int tcp, int at, int max) {
        int old = u16(packet, at);
        if (old <= max) {
            return;
        }
        putU16(packet, at, max);
        // The checksum sums words from the header's start; a value at an odd place lies across two of them, swapped.
        boolean swapped = (at - tcp & 1) != 0;
        int checksumAt = tcp + TCP_CHECKSUM_OFFSET;
        int checksum = u16(packet, checksumAt);
        putU16(packet, checksumAt, updated(checksum, swapped ? swap(old) : old, swapped ? swap(max) : max));
    }

    /** The checksum after one word of what it covers changed: RFC 1624 section 3, equation 3. */
    static int updated(int checksum, int oldWord, int newWord) {
        int sum = (~checksum & 0xffff) + (~oldWord & 0xffff) + newWord;
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~sum & 0xffff;
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }

    private static int u16(ByteBuffer packet, int at) {
        return (packet.get(at) & 0xff) << 8 | (packet.get(at + 1) & 0xff);
    }

    private static void putU16(ByteBuffer packet, int at, int value) {
        packet.put(at, (byte) (value >>> 8)).put(at + 1, (byte) value);
    }
}
