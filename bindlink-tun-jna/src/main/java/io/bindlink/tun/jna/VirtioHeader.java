package io.bindlink.tun.jna;

import io.bindlink.api.Offload;
import io.bindlink.api.Offload.Kind;
import java.nio.ByteBuffer;

/**
 * The header before each packet of a tun with {@code IFF_VNET_HDR}, {@code struct virtio_net_hdr} (virtio 1.2, section
 * 5.1.6), in the machine's byte order. It says what is left to do: to cut the packet into segments, to finish a checksum.
 *
 * <pre>
 * 0  u8  flags: 1 the checksum is partial
 * 1  u8  kind: 0 plain, 1 TCP over IPv4, 4 TCP over IPv6, 5 UDP, | 0x80 CWR is set
 * 2  u16 size of all headers
 * 4  u16 size of a segment
 * 6  u16 where what the checksum covers begins
 * 8  u16 where in there the checksum is
 * </pre>
 *
 * Confined to one thread.
 */
final class VirtioHeader {
    static final int BYTES = 10;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int KIND_OFFSET = 1;
    private static final int HEADERS_OFFSET = 2;
    private static final int SEGMENT_OFFSET = 4;
    private static final int CHECKSUM_START_OFFSET = 6;
    private static final int CHECKSUM_PLACE_OFFSET = 8;

    private static final int TCP4 = 1;
    private static final int TCP6 = 4;
    private static final int UDP = 5;
    private static final int CWR = 0x80;

    private static final int IPV4_MIN_HEADER = 20;
    private static final int IPV4_TOTAL_OFFSET = 2;
    private static final int IPV4_FRAGMENT_OFFSET = 6;
    private static final int IPV4_FRAGMENT_MASK = 0x3fff;
    private static final int IPV4_PROTOCOL_OFFSET = 9;
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_PAYLOAD_OFFSET = 4;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;
    private static final int LEAST_EXTENSION = 8;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int TCP_MIN_HEADER = 20;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int UDP_HEADER = 8;
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private Offload last = Offload.NONE;
    private int protocol;
    private int transport;

    // ---- from the kernel ----

    /**
     * Whether packet and header agree; the kernel's always do.
     *
     * @param from begins with the header, behind it the packet
     * @param size of the packet alone
     */
    static boolean isSound(ByteBuffer from, int size) {
        boolean partial = isPartial(from);
        int checksumEnd = u16(from, CHECKSUM_START_OFFSET) + u16(from, CHECKSUM_PLACE_OFFSET) + 2;
        return size > 0 && (!partial || checksumEnd <= size) && (kind(from) == Kind.NONE || partial);
    }

    /** What it says of the packet; a partial checksum of a plain packet is left to {@link #finishChecksum}. */
    Offload offload(ByteBuffer from) {
        Kind kind = kind(from);
        int segment = u16(from, SEGMENT_OFFSET);
        if (kind == Kind.NONE || segment == 0) {
            return Offload.NONE;
        }
        if (last.kind() != kind || last.segmentBytes() != segment) {
            last = new Offload(kind, segment, true);
        }
        return last;
    }

    private static Kind kind(ByteBuffer from) {
        return switch (from.get(KIND_OFFSET) & ~CWR) {
            case TCP4 -> Kind.TCP4;
            case TCP6 -> Kind.TCP6;
            case UDP -> Kind.UDP;
            default -> Kind.NONE;
        };
    }

    private static boolean isPartial(ByteBuffer from) {
        return (from.get(0) & NEEDS_CHECKSUM) != 0;
    }

    /**
     * Finishes a plain packet's checksum, if it is partial: that is cheaper than to tell the peer.
     *
     * @param from begins with the header
     * @param packet the packet alone, between its position and limit, in network byte order
     */
    static void finishChecksum(ByteBuffer from, ByteBuffer packet) {
        if (!isPartial(from)) {
            return;
        }
        int start = packet.position() + u16(from, CHECKSUM_START_OFFSET);
        int place = u16(from, CHECKSUM_PLACE_OFFSET);
        int checksum = ~sum(packet, start, packet.limit()) & 0xffff;
        boolean none = checksum == 0 && place == UDP_CHECKSUM_OFFSET; // zero says that there is none, RFC 768
        packet.putShort(start + place, (short) (none ? 0xffff : checksum));
    }

    /** The ones' complement sum of 16-bit words, RFC 1071. */
    static int sum(ByteBuffer bytes, int from, int to) {
        long sum = 0;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long word = bytes.getLong(at);
            sum += (word >>> 32) + (word & 0xffff_ffffL);
        }
        for (; at + 2 <= to; at += 2) {
            sum += bytes.getShort(at) & 0xffff;
        }
        if (at < to) {
            sum += (bytes.get(at) & 0xff) << 8;
        }
        sum = (sum & 0xffff_ffffL) + (sum >>> 32);
        sum = (sum & 0xffff_ffffL) + (sum >>> 32);
        int folded = (int) ((sum & 0xffff) + (sum >>> 16));
        folded = (folded & 0xffff) + (folded >>> 16);
        return folded;
    }

    // ---- to the kernel ----

    /**
     * Writes the header for a packet, having checked that it is what it is said to be: the kernel believes lengths.
     *
     * @param into its first bytes are written
     * @param packet the packet alone, between its position and limit
     * @return false when the packet is not sound
     */
    boolean write(ByteBuffer into, ByteBuffer packet, Offload offload) {
        into.putLong(0, 0).putShort(CHECKSUM_PLACE_OFFSET, (short) 0);
        if (offload.equals(Offload.NONE)) {
            return true;
        }
        int size = packet.remaining();
        boolean sound = offload.partialChecksum() && readNetwork(packet, packet.position(), size);
        int headers = sound ? headers(packet, packet.position() + transport, size - transport) : 0;
        if (headers == 0 || !fits(offload, packet.get(packet.position()) >>> 4 & 0xf, size - headers)) {
            return false;
        }
        boolean tcp = protocol == PROTOCOL_TCP;
        boolean cwr = tcp && packet.get(packet.position() + transport + TCP_FLAGS_OFFSET) < 0; // the highest bit
        into.put(0, (byte) NEEDS_CHECKSUM)
                .put(KIND_OFFSET, (byte) (bits(offload.kind()) | (cwr && offload.kind() != Kind.NONE ? CWR : 0)))
                .putShort(HEADERS_OFFSET, (short) headers)
                .putShort(SEGMENT_OFFSET, (short) offload.segmentBytes())
                .putShort(CHECKSUM_START_OFFSET, (short) transport)
                .putShort(CHECKSUM_PLACE_OFFSET, (short) (tcp ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET));
        return true;
    }

    private boolean fits(Offload offload, int version, int dataBytes) {
        return switch (offload.kind()) {
            case NONE -> true;
            case TCP4 -> version == 4 && protocol == PROTOCOL_TCP && dataBytes > 0;
            case TCP6 -> version == 6 && protocol == PROTOCOL_TCP && dataBytes > 0;
            case UDP -> protocol == PROTOCOL_UDP && dataBytes > 0;
        };
    }

    private static int bits(Kind kind) {
        return switch (kind) {
            case NONE -> 0;
            case TCP4 -> TCP4;
            case TCP6 -> TCP6;
            case UDP -> UDP;
        };
    }

    /** Finds the transport header; the packet must be exactly as long as it says, and no fragment. */
    private boolean readNetwork(ByteBuffer packet, int at, int size) {
        int version = size < IPV4_MIN_HEADER ? 0 : packet.get(at) >>> 4 & 0xf;
        if (version == 4) {
            protocol = packet.get(at + IPV4_PROTOCOL_OFFSET) & 0xff;
            transport = (packet.get(at) & 0xf) * 4;
            return transport >= IPV4_MIN_HEADER
                    && big16(packet, at + IPV4_TOTAL_OFFSET) == size
                    && (big16(packet, at + IPV4_FRAGMENT_OFFSET) & IPV4_FRAGMENT_MASK) == 0;
        }
        if (version != 6 || size < IPV6_HEADER || big16(packet, at + IPV6_PAYLOAD_OFFSET) + IPV6_HEADER != size) {
            return false;
        }
        protocol = packet.get(at + IPV6_NEXT_HEADER_OFFSET) & 0xff;
        transport = IPV6_HEADER;
        while (isExtension(protocol) && transport + LEAST_EXTENSION <= size) {
            int extension = at + transport;
            protocol = packet.get(extension) & 0xff;
            transport += LEAST_EXTENSION + 8 * (packet.get(extension + 1) & 0xff);
        }
        return true;
    }

    /** Hop by hop, routing, destination: those that a packet may have and be cut into segments. */
    private static boolean isExtension(int protocol) {
        return protocol == 0 || protocol == 43 || protocol == 60;
    }

    /** Size of all headers; 0 when the transport header is not sound. */
    private int headers(ByteBuffer packet, int at, int room) {
        if (protocol == PROTOCOL_UDP) {
            boolean sound = room >= UDP_HEADER && big16(packet, at + 4) == room;
            return sound ? transport + UDP_HEADER : 0;
        }
        if (protocol != PROTOCOL_TCP || room < TCP_MIN_HEADER) {
            return 0;
        }
        int own = (packet.get(at + TCP_DATA_OFFSET) & 0xf0) >>> 2;
        return own >= TCP_MIN_HEADER && own <= room ? transport + own : 0;
    }

    private static int u16(ByteBuffer from, int at) {
        return from.getShort(at) & 0xffff;
    }

    private static int big16(ByteBuffer packet, int at) {
        return (packet.get(at) & 0xff) << 8 | (packet.get(at + 1) & 0xff);
    }
}
