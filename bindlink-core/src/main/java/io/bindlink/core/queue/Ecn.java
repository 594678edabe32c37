package io.bindlink.core.queue;

import java.nio.ByteBuffer;

/**
 * Marks IP packets as having met congestion, RFC 3168. The field is the low two bits of IPv4's type of service and of
 * IPv6's traffic class:
 *
 * <pre>
 * IPv4  0 version(4) header words(4) | 1 DSCP(6) ECN(2) | ... | 10 header checksum 2
 * IPv6  0 version(4) DSCP(6) ECN(2) flow label(20) ...
 * ECN   0 not capable, 1 ECT(1), 2 ECT(0), 3 CE
 * </pre>
 *
 * Neither field is part of the checksum of TCP or UDP. Immutable.
 */
final class Ecn {
    private static final int FIELD_OFFSET = 1; // of both versions
    private static final int IPV4_HEADER_BYTES = 20; // RFC 791 section 3.1
    private static final int IPV4_CHECKSUM_OFFSET = 10;
    private static final int IPV4_MASK = 0x03;
    private static final int IPV6_HEADER_BYTES = 40; // RFC 8200 section 3
    private static final int IPV6_MASK = 0x30;

    private Ecn() {}

    /** Marks a packet; false, and nothing done, when its sender does not understand that. */
    static boolean mark(ByteBuffer packet) {
        int sizeBytes = packet.remaining();
        int start = packet.position();
        int version = sizeBytes == 0 ? 0 : (packet.get(start) & 0xF0) >>> 4;
        if (version == 4 && sizeBytes >= IPV4_HEADER_BYTES) {
            return markIpv4(packet, start);
        }
        return version == 6 && sizeBytes >= IPV6_HEADER_BYTES && set(packet, start, IPV6_MASK);
    }

    private static boolean markIpv4(ByteBuffer packet, int start) {
        int before = Short.toUnsignedInt(packet.getShort(start));
        if (!set(packet, start, IPV4_MASK)) {
            return false;
        }
        int after = Short.toUnsignedInt(packet.getShort(start));
        int checksumAt = start + IPV4_CHECKSUM_OFFSET;
        int checksum = Short.toUnsignedInt(packet.getShort(checksumAt));
        packet.putShort(checksumAt, (short) updated(checksum, before, after));
        return true;
    }

    /** A header checksum after one of the header's words changed, RFC 1624 section 3, equation 3. */
    private static int updated(int checksum, int before, int after) {
        int sum = (~checksum & 0xFFFF) + (~before & 0xFFFF) + after;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return ~sum & 0xFFFF;
    }

    private static boolean set(ByteBuffer packet, int start, int mask) {
        int at = start + FIELD_OFFSET;
        int field = packet.get(at);
        if ((field & mask) == 0) {
            return false;
        }
        packet.put(at, (byte) (field | mask));
        return true;
    }
}
