package io.bindlink.core.sim;

import io.bindlink.api.Role;
import java.nio.ByteBuffer;

/**
 * Writes and reads the headers of the simulated applications' packets, RFC 791, 768 and 9293:
 *
 * <pre>
 * 0 0x45 | 1 TOS | 2 length | 4 id, flags | 8 TTL | 9 protocol | 10 checksum | 12 source | 16 destination
 * 20 source port | 22 destination port | then UDP: 24 length | 26 checksum, none
 *                                        or TCP:   24 sequence | 28 acknowledgement | 32 header words | 33 flags
 *                                                  34 window | 36 checksum, none | 38 urgent | 40 options
 * </pre>
 *
 * Immutable.
 */
final class Ipv4 {
    static final int HEADER_BYTES = 20;
    static final int UDP_HEADER_BYTES = HEADER_BYTES + 8;
    static final int TCP_HEADER_BYTES = HEADER_BYTES + 20;
    static final int ACK_FLAG = 0x10;

    private static final int PROTOCOL_OFFSET = 9;
    private static final int CHECKSUM_OFFSET = 10;
    private static final int DESTINATION_PORT_OFFSET = 22;
    private static final int SEQUENCE_OFFSET = 24;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MASTER_IP = 0x0A4D0001; // 10.77.0.1
    private static final int SLAVE_IP = 0x0A4D0002; // 10.77.0.2
    private static final int TTL = 64;
    private static final int FULL_WINDOW = 0xFFFF;

    private Ipv4() {}

    /** Writes the headers of a UDP packet at index 0; position and limit are left at its payload. */
    static void writeUdp(ByteBuffer packet, Role sender, int sourcePort, int destinationPort, int payloadBytes) {
        int length = UDP_HEADER_BYTES + payloadBytes;
        writeIp(packet, sender, UDP, length);
        packet.putShort((short) sourcePort).putShort((short) destinationPort);
        packet.putShort((short) (length - HEADER_BYTES)).putShort((short) 0);
        packet.limit(length);
    }

    /** Writes the headers of a TCP segment, its options still to come; the position is left behind them. */
    static void writeTcp(
            ByteBuffer packet,
            Role sender,
            int sourcePort,
            int destinationPort,
            long sequence,
            long acknowledgement,
            int optionBytes,
            int payloadBytes) {
        int length = TCP_HEADER_BYTES + optionBytes + payloadBytes;
        writeIp(packet, sender, TCP, length);
        packet.putShort((short) sourcePort).putShort((short) destinationPort);
        packet.putInt((int) sequence).putInt((int) acknowledgement);
        packet.put((byte) (((20 + optionBytes) / 4) << 4)).put((byte) ACK_FLAG);
        packet.putShort((short) FULL_WINDOW).putShort((short) 0).putShort((short) 0);
        packet.limit(length);
    }

    /** Destination port of a UDP or TCP packet; 0 of any other. */
    static int destinationPort(ByteBuffer packet) {
        int start = packet.position();
        if (packet.remaining() < UDP_HEADER_BYTES || packet.get(start) != 0x45) {
            return 0;
        }
        int protocol = packet.get(start + PROTOCOL_OFFSET);
        return protocol == UDP || protocol == TCP
                ? Short.toUnsignedInt(packet.getShort(start + DESTINATION_PORT_OFFSET))
                : 0;
    }

    /** Sequence number of a TCP segment. */
    static long sequence(ByteBuffer packet) {
        return Integer.toUnsignedLong(packet.getInt(packet.position() + SEQUENCE_OFFSET));
    }

    /** Acknowledgement number of a TCP segment. */
    static long acknowledgement(ByteBuffer packet) {
        return Integer.toUnsignedLong(packet.getInt(packet.position() + SEQUENCE_OFFSET + 4));
    }

    /** Whether length and checksum of the IP header are right. */
    static boolean headerIsWhole(ByteBuffer packet) {
        return packet.remaining() >= HEADER_BYTES
                && Short.toUnsignedInt(packet.getShort(packet.position() + 2)) == packet.remaining()
                && checksum(packet, packet.position()) == 0;
    }

    private static void writeIp(ByteBuffer packet, Role sender, int protocol, int length) {
        packet.clear();
        packet.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
        packet.put((byte) TTL).put((byte) protocol).putShort((short) 0);
        packet.putInt(sender == Role.SLAVE ? SLAVE_IP : MASTER_IP);
        packet.putInt(sender == Role.SLAVE ? MASTER_IP : SLAVE_IP);
        packet.putShort(CHECKSUM_OFFSET, (short) checksum(packet, 0));
    }

    private static int checksum(ByteBuffer packet, int start) {
        int sum = 0;
        for (int i = 0; i < HEADER_BYTES; i += 2) {
            sum += Short.toUnsignedInt(packet.getShort(start + i));
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xFFFF;
    }
}
