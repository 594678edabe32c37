package io.bindlink.core.mux;

import java.nio.ByteBuffer;

/**
 * Reads of an IP packet what tells its flow, and whether it needs order: addresses, protocol, and ports where there are
 * some. What shows no ports is told apart by what all packets of a flow have in common:
 *
 * <ul>
 *   <li>fragments, the first one too: addresses and protocol, in IPv6 also the flow label (RFC 6437), so that all
 *       fragments of a packet, and all fragmented packets of a flow, stay together and in order;
 *   <li>ICMP: echoes by their identifier; errors, which connections wait for, apart from them;
 *   <li>ESP (RFC 4303): the security association;
 *   <li>any other protocol: addresses, protocol and flow label.
 * </ul>
 *
 * Broken packets are a flow too; it never throws. Confined to its session.
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

    private static final int PROTOCOL_HOP_BY_HOP = 0;
    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_DCCP = 33;
    private static final int PROTOCOL_ROUTING = 43;
    private static final int PROTOCOL_FRAGMENT = 44;
    private static final int PROTOCOL_ESP = 50;
    private static final int PROTOCOL_AH = 51;
    private static final int PROTOCOL_ICMP6 = 58;
    private static final int PROTOCOL_DESTINATION = 60;
    private static final int PROTOCOL_SCTP = 132;
    private static final int PROTOCOL_UDP_LITE = 136;
    private static final int DNS_PORT = 53;
    private static final int IPV4_HEADER_BYTES = 20; // RFC 791 section 3.1
    private static final int IPV4_FRAGMENT_MASK = 0x3FFF; // more fragments, and the offset
    private static final int IPV6_HEADER_BYTES = 40; // RFC 8200 section 3
    private static final int IPV6_FRAGMENT_MASK = 0xFFF9; // the offset, and more fragments: RFC 8200 section 4.5
    private static final int IPV6_LABEL_MASK = 0xFFFFF;
    private static final int LEAST_EXTENSION_BYTES = 8;
    private static final int MAX_EXTENSIONS = 8; // more is nobody's honest traffic
    private static final int ICMP_IDENTIFIER_OFFSET = 4; // RFC 792, RFC 4443 section 4.1
    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_ECHO = 8;
    private static final int ICMP6_LEAST_INFORMATION = 128; // below are errors, RFC 4443 section 2.1
    private static final int ICMP6_ECHO_REPLY = 129;
    private static final int TCP_HEADER_BYTES = 20; // RFC 9293 section 3.1
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_ACK = 0x10;
    private static final int TCP_ECE_CWR = 0xC0;

    private final long salt;
    private byte[] bytes = {};
    private int start;
    private int end;
    private long hash;
    private int label;
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
        label = 0;
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
        boolean fragment = (shortAt(start + 6) & IPV4_FRAGMENT_MASK) != 0;
        int packetEnd = Math.min(end, start + shortAt(start + 2));
        parseTransport(protocol, start + Math.max(headerBytes, IPV4_HEADER_BYTES), packetEnd, fragment);
    }

    private void parseIpv6() {
        for (int offset = 8; offset < IPV6_HEADER_BYTES; offset += 4) {
            mix(word(start + offset));
        }
        label = word(start) & IPV6_LABEL_MASK;
        int packetEnd = Math.min(end, start + IPV6_HEADER_BYTES + shortAt(start + 4));
        int next = bytes[start + 6] & 0xFF;
        int at = start + IPV6_HEADER_BYTES;
        boolean fragment = false;
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(next) && packetEnd - at >= LEAST_EXTENSION_BYTES; i++) {
            // RFC 6946: a "fragment" that is the whole packet is none
            fragment |= next == PROTOCOL_FRAGMENT && (shortAt(at + 2) & IPV6_FRAGMENT_MASK) != 0;
            int lengthBytes = extensionBytes(next, bytes[at + 1] & 0xFF);
            next = bytes[at] & 0xFF;
            at += lengthBytes;
            if (fragment) {
                break; // what follows is there in the first fragment only
            }
        }
        parseTransport(next, at, packetEnd, fragment);
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case PROTOCOL_HOP_BY_HOP, PROTOCOL_ROUTING, PROTOCOL_FRAGMENT, PROTOCOL_AH, PROTOCOL_DESTINATION -> true;
            default -> false;
        };
    }

    /** Size of an extension header, RFC 8200 section 4, RFC 4302 section 2.2. */
    private static int extensionBytes(int protocol, int length) {
        return switch (protocol) {
            case PROTOCOL_FRAGMENT -> LEAST_EXTENSION_BYTES;
            case PROTOCOL_AH -> Math.max(LEAST_EXTENSION_BYTES, 4 * (length + 2));
            default -> LEAST_EXTENSION_BYTES + 8 * length;
        };
    }

    private void parseTransport(int protocol, int at, int packetEnd, boolean fragment) {
        mix(protocol);
        if (fragment || packetEnd - at < 4) {
            mix(label);
            return;
        }
        switch (protocol) {
            case PROTOCOL_TCP -> {
                mix(word(at));
                traffic = tcpTraffic(at, packetEnd);
            }
            case PROTOCOL_UDP -> {
                mix(word(at));
                traffic = udpTraffic(at);
            }
            case PROTOCOL_UDP_LITE, PROTOCOL_DCCP -> {
                mix(word(at));
                traffic = Traffic.DATAGRAMS;
            }
            case PROTOCOL_SCTP, PROTOCOL_ESP -> mix(word(at)); // ports, security association
            case PROTOCOL_ICMP, PROTOCOL_ICMP6 -> parseIcmp(protocol, at, packetEnd);
            default -> mix(label);
        }
    }

    private void parseIcmp(int protocol, int at, int packetEnd) {
        traffic = Traffic.UNORDERED;
        int type = bytes[at] & 0xFF;
        boolean echo = protocol == PROTOCOL_ICMP
                ? type == ICMP_ECHO || type == ICMP_ECHO_REPLY
                : type == ICMP6_LEAST_INFORMATION || type == ICMP6_ECHO_REPLY;
        if (echo && packetEnd - at >= ICMP_IDENTIFIER_OFFSET + 2) {
            mix(shortAt(at + ICMP_IDENTIFIER_OFFSET));
        } else {
            mix(-1);
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
