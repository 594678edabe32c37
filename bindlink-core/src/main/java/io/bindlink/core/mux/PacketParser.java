package io.bindlink.core.mux;

import java.nio.ByteBuffer;

/**
 * Reads of an IP packet what tells its flow: addresses, protocol, ports, and whether it needs order. Broken packets are
 * a flow too; it never throws. Confined to its session.
 */
final class PacketParser {
    /** What a packet's kind says about order. */
    enum Traffic {
        /** Its receiver wants it in order. */
        ORDERED,
        /** Its receiver gains nothing from order: ICMP, DNS, acknowledgements without data. */
        UNORDERED,
        /** Depends on how much of it there is. */
        DATAGRAMS
    }

    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_ICMP6 = 58;
    private static final int DNS_PORT = 53;
    private static final int IPV4_HEADER_BYTES = 20; // RFC 791 section 3.1
    private static final int IPV6_HEADER_BYTES = 40; // RFC 8200 section 3
    private static final int MAX_EXTENSIONS = 8; // more is nobody's honest traffic
    private static final int TCP_HEADER_BYTES = 20; // RFC 9293 section 3.1
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_ACK = 0x10;
    private static final int TCP_ECE_CWR = 0xC0;

    private final long salt;
    private byte[] bytes = {};
    private int start;
    private int end;
    private long hash;
    private Traffic traffic = Traffic.ORDERED;

    /** The salt keeps strangers from choosing packets that fall into one slot. */
    PacketParser(long salt) {
        this.salt = salt;
    }

    void parse(ByteBuffer packet) {
        bytes = packet.array();
        start = packet.arrayOffset() + packet.position();
        end = start + packet.remaining();
        hash = salt;
        traffic = Traffic.ORDERED;
        int version = (bytes[start] & 0xFF) >>> 4;
        if (version == 4 && end - start >= IPV4_HEADER_BYTES) {
            parseIpv4();
        } else if (version == 6 && end - start >= IPV6_HEADER_BYTES) {
            parseIpv6();
        }
    }

    /** The flow's slot. */
    int slot() {
        long mixed = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40) & (ChunkLayout.BEST_EFFORT_SLOTS - 1);
    }

    Traffic traffic() {
        return traffic;
    }

    private void parseIpv4() {
        int headerBytes = (bytes[start] & 0x0F) * 4;
        int protocol = bytes[start + 9] & 0xFF;
        mix(word(start + 12));
        mix(word(start + 16));
        boolean fragment = (shortAt(start + 6) & 0x3FFF) != 0; // more fragments, or an offset
        int packetEnd = Math.min(end, start + shortAt(start + 2));
        parseTransport(protocol, start + headerBytes, packetEnd, fragment);
    }

    private void parseIpv6() {
        for (int offset = 8; offset < IPV6_HEADER_BYTES; offset += 4) {
            mix(word(start + offset));
        }
        int packetEnd = Math.min(end, start + IPV6_HEADER_BYTES + shortAt(start + 4));
        int next = bytes[start + 6] & 0xFF;
        int at = start + IPV6_HEADER_BYTES;
        boolean fragment = false;
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(next) && packetEnd - at >= 8; i++) {
            fragment |= next == 44;
            int lengthBytes = next == 44 ? 8 : 8 + 8 * (bytes[at + 1] & 0xFF);
            next = bytes[at] & 0xFF;
            at += lengthBytes;
        }
        parseTransport(next, at, packetEnd, fragment);
    }

    /** Hop-by-hop options, routing, fragment, destination options. */
    private static boolean isExtension(int protocol) {
        return protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60;
    }

    /** Fragments carry no ports but the first, so the flow of all of them is their addresses. */
    private void parseTransport(int protocol, int at, int packetEnd, boolean fragment) {
        mix(protocol);
        if (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMP6) {
            traffic = Traffic.UNORDERED;
        } else if (!fragment && packetEnd - at >= 4 && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP)) {
            mix(word(at));
            traffic = protocol == PROTOCOL_TCP ? tcpTraffic(at, packetEnd) : udpTraffic(at);
        }
    }

    private Traffic tcpTraffic(int at, int packetEnd) {
        if (packetEnd - at < TCP_HEADER_BYTES) {
            return Traffic.ORDERED;
        }
        int headerBytes = (bytes[at + 12] & 0xF0) >>> 2;
        boolean onlyAck = (bytes[at + TCP_FLAGS_OFFSET] & ~TCP_ECE_CWR & 0xFF) == TCP_ACK;
        return onlyAck && packetEnd - at <= headerBytes ? Traffic.UNORDERED : Traffic.ORDERED;
    }

    private Traffic udpTraffic(int at) {
        boolean dns = shortAt(at) == DNS_PORT || shortAt(at + 2) == DNS_PORT;
        return dns ? Traffic.UNORDERED : Traffic.DATAGRAMS;
    }

    private void mix(int word) {
        hash = (hash ^ word) * 0xBF58476D1CE4E5B9L; // a multiplier of SplitMix64
        hash ^= hash >>> 29;
    }

    private int word(int at) {
        return (shortAt(at) << 16) | shortAt(at + 2);
    }

    private int shortAt(int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }
}
