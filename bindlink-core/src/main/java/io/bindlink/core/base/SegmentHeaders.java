package io.bindlink.core.base;

import io.bindlink.api.Offload;

/**
 * Reads the headers of a segmentation-offload super-packet, and mends them so that they stand for some of its segments
 * alone. A super-packet is one IP header and one TCP or UDP header, followed by the bytes of many segments:
 *
 * <pre>
 * | IP, with options or extension headers | TCP or UDP | segment 0 | segment 1 | ... | last segment, maybe shorter |
 *   total length: of all that is here       checksum: only the sum of the pseudo-header, with the length of all
 * </pre>
 *
 * <p>Only what is wholly sound is read: lengths inside the bytes that are here, the total length of the IP header, no
 * fragments, no header that is not known. Segments are told apart as the system's own segmentation does it: IPv4's
 * identification and TCP's sequence number go on from segment to segment, FIN and PSH (RFC 9293 section 3.1) belong to the
 * last one, CWR (RFC 3168 section 6.1.2) to the first. Confined to its session.
 */
public final class SegmentHeaders {
    /** More headers than this no sender puts before its data. */
    public static final int MAX_BYTES = 256;

    private static final int PROTOCOL_HOP_BY_HOP = 0;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_ROUTING = 43;
    private static final int PROTOCOL_DESTINATION = 60;
    private static final int IPV4_HEADER_BYTES = 20; // RFC 791 section 3.1
    private static final int IPV4_TOTAL_OFFSET = 2;
    private static final int IPV4_IDENTIFICATION_OFFSET = 4;
    private static final int IPV4_FRAGMENT_OFFSET = 6;
    private static final int IPV4_FRAGMENT_MASK = 0x3FFF; // more fragments, and the offset
    private static final int IPV4_PROTOCOL_OFFSET = 9;
    private static final int IPV4_CHECKSUM_OFFSET = 10;
    private static final int IPV6_HEADER_BYTES = 40; // RFC 8200 section 3
    private static final int IPV6_PAYLOAD_OFFSET = 4;
    private static final int IPV6_NEXT_OFFSET = 6;
    private static final int LEAST_EXTENSION_BYTES = 8;
    private static final int TCP_HEADER_BYTES = 20; // RFC 9293 section 3.1
    private static final int TCP_SEQUENCE_OFFSET = 4;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int TCP_FIN_PSH = 0x09;
    private static final int TCP_CWR = 0x80;
    private static final int UDP_HEADER_BYTES = 8; // RFC 768
    private static final int UDP_LENGTH_OFFSET = 4;
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private boolean ipv4;
    private int protocol;
    private int transportOffset;
    private int headerBytes;
    private int totalBytes;
    private int segmentBytes;

    /** Nothing read yet. */
    public SegmentHeaders() {}

    /**
     * Reads headers.
     *
     * @param kind what the super-packet is said to be; {@link Offload.Kind#NONE} is not sound
     * @param segment bytes in each segment but the last
     * @param bytes where they are
     * @param start index of the first
     * @param lengthBytes how many bytes are here, the headers at least
     * @return whether they are sound; only then there is anything to ask or mend
     */
    public boolean read(Offload.Kind kind, int segment, byte[] bytes, int start, int lengthBytes) {
        ipv4 = kind == Offload.Kind.TCP4 || (kind == Offload.Kind.UDP && lengthBytes > 0 && bytes[start] >>> 4 == 4);
        segmentBytes = segment;
        boolean sound =
                segment > 0 && (ipv4 ? readIpv4(bytes, start, lengthBytes) : readIpv6(bytes, start, lengthBytes));
        return sound
                && kind != Offload.Kind.NONE
                && protocol == (kind == Offload.Kind.UDP ? PROTOCOL_UDP : PROTOCOL_TCP)
                && readTransport(bytes, start, lengthBytes)
                && headerBytes < totalBytes;
    }

    private boolean readIpv4(byte[] bytes, int start, int lengthBytes) {
        if (lengthBytes < IPV4_HEADER_BYTES || (bytes[start] & 0xF0) != 0x40) {
            return false;
        }
        transportOffset = (bytes[start] & 0x0F) * 4;
        totalBytes = shortAt(bytes, start + IPV4_TOTAL_OFFSET);
        protocol = bytes[start + IPV4_PROTOCOL_OFFSET] & 0xFF;
        return transportOffset >= IPV4_HEADER_BYTES
                && (shortAt(bytes, start + IPV4_FRAGMENT_OFFSET) & IPV4_FRAGMENT_MASK) == 0;
    }

    private boolean readIpv6(byte[] bytes, int start, int lengthBytes) {
        if (lengthBytes < IPV6_HEADER_BYTES || (bytes[start] & 0xF0) != 0x60) {
            return false;
        }
        totalBytes = IPV6_HEADER_BYTES + shortAt(bytes, start + IPV6_PAYLOAD_OFFSET);
        protocol = bytes[start + IPV6_NEXT_OFFSET] & 0xFF;
        transportOffset = IPV6_HEADER_BYTES;
        while (isExtension(protocol) && transportOffset + LEAST_EXTENSION_BYTES <= Math.min(lengthBytes, MAX_BYTES)) {
            int at = start + transportOffset;
            protocol = bytes[at] & 0xFF;
            transportOffset += LEAST_EXTENSION_BYTES + 8 * (bytes[at + 1] & 0xFF);
        }
        return true;
    }

    private static boolean isExtension(int protocol) {
        return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_DESTINATION;
    }

    private boolean readTransport(byte[] bytes, int start, int lengthBytes) {
        int roomBytes = Math.min(lengthBytes, MAX_BYTES) - transportOffset;
        int at = start + transportOffset;
        if (protocol == PROTOCOL_UDP) {
            headerBytes = transportOffset + UDP_HEADER_BYTES;
            return roomBytes >= UDP_HEADER_BYTES
                    && shortAt(bytes, at + UDP_LENGTH_OFFSET) == totalBytes - transportOffset;
        }
        if (roomBytes < TCP_HEADER_BYTES) {
            return false;
        }
        int ownBytes = (bytes[at + TCP_DATA_OFFSET] & 0xF0) >>> 2;
        headerBytes = transportOffset + ownBytes;
        return ownBytes >= TCP_HEADER_BYTES && ownBytes <= roomBytes;
    }

    /**
     * Size of the headers.
     *
     * @return bytes, at most {@link #MAX_BYTES}
     */
    public int headerBytes() {
        return headerBytes;
    }

    /**
     * Size of the whole super-packet.
     *
     * @return bytes, more than the headers
     */
    public int totalBytes() {
        return totalBytes;
    }

    /**
     * How many segments it stands for.
     *
     * @return 1 or more
     */
    public int segments() {
        return (totalBytes - headerBytes + segmentBytes - 1) / segmentBytes;
    }

    /**
     * Bytes of a segment, without headers.
     *
     * @param index 0..{@link #segments} - 1
     * @return at most the segment size
     */
    public int segmentBytes(int index) {
        return Math.min(segmentBytes, totalBytes - headerBytes - index * segmentBytes);
    }

    /**
     * Makes headers stand for some segments.
     *
     * @param bytes a copy of the headers that were read, to be mended
     * @param start index of the first
     * @param from the first segment
     * @param to the one behind the last segment, over {@code from}
     */
    public void mend(byte[] bytes, int start, int from, int to) {
        boolean withLast = to == segments();
        int dataBytes = (withLast ? totalBytes - headerBytes : to * segmentBytes) - from * segmentBytes;
        int at = start + transportOffset;
        if (protocol == PROTOCOL_UDP) {
            putShort(bytes, at + UDP_LENGTH_OFFSET, headerBytes - transportOffset + dataBytes);
            mendPartialChecksum(bytes, at + UDP_CHECKSUM_OFFSET, dataBytes);
        } else {
            mendTcp(bytes, at, from, withLast);
            mendPartialChecksum(bytes, at + TCP_CHECKSUM_OFFSET, dataBytes);
        }
        if (ipv4) {
            mendIpv4(bytes, start, from, headerBytes + dataBytes);
        } else {
            putShort(bytes, start + IPV6_PAYLOAD_OFFSET, headerBytes + dataBytes - IPV6_HEADER_BYTES);
        }
    }

    private void mendTcp(byte[] bytes, int at, int from, boolean withLast) {
        int sequence = (shortAt(bytes, at + TCP_SEQUENCE_OFFSET) << 16 | shortAt(bytes, at + TCP_SEQUENCE_OFFSET + 2))
                + from * segmentBytes;
        putShort(bytes, at + TCP_SEQUENCE_OFFSET, sequence >>> 16);
        putShort(bytes, at + TCP_SEQUENCE_OFFSET + 2, sequence);
        int cleared = (withLast ? 0 : TCP_FIN_PSH) | (from == 0 ? 0 : TCP_CWR);
        bytes[at + TCP_FLAGS_OFFSET] &= (byte) ~cleared;
    }

    /** Ones' complement: the old length out, the new one in (RFC 1624 section 3). */
    private void mendPartialChecksum(byte[] bytes, int at, int dataBytes) {
        int oldBytes = totalBytes - transportOffset;
        int newBytes = headerBytes - transportOffset + dataBytes;
        putShort(bytes, at, folded(shortAt(bytes, at) + (~oldBytes & 0xFFFF) + newBytes));
    }

    private void mendIpv4(byte[] bytes, int start, int from, int newTotalBytes) {
        putShort(bytes, start + IPV4_TOTAL_OFFSET, newTotalBytes);
        int identification = shortAt(bytes, start + IPV4_IDENTIFICATION_OFFSET) + from;
        putShort(bytes, start + IPV4_IDENTIFICATION_OFFSET, identification);
        putShort(bytes, start + IPV4_CHECKSUM_OFFSET, 0);
        int sum = 0;
        for (int i = 0; i < transportOffset; i += 2) {
            sum += shortAt(bytes, start + i);
        }
        putShort(bytes, start + IPV4_CHECKSUM_OFFSET, ~folded(sum));
    }

    private static int folded(int sum) {
        int once = (sum & 0xFFFF) + (sum >>> 16);
        return (once & 0xFFFF) + (once >>> 16);
    }

    private static int shortAt(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }
}
