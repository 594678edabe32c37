package io.bindlink.tun.jna;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Packets as they are on a wire, for tests: IPv4 and IPv6, with checksums computed the plain way. */
final class IpPacket {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private IpPacket() {}

    static byte[] udp(String from, int fromPort, String to, int toPort, byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) fromPort).putShort((short) toPort).putShort((short) udp.capacity());
        udp.putShort((short) 0).put(payload);
        return packet(from, to, UDP, udp.array(), 6);
    }

    /** A SYN with the options given, padded with zeros. */
    static byte[] syn(String from, int fromPort, String to, int toPort, byte... options) {
        int headerBytes = 20 + (options.length + 3) / 4 * 4;
        ByteBuffer tcp = ByteBuffer.allocate(headerBytes);
        tcp.putShort((short) fromPort)
                .putShort((short) toPort)
                .putInt(0x1234_5678)
                .putInt(0);
        tcp.put((byte) (headerBytes / 4 << 4)).put((byte) 2).putShort((short) 64_000);
        tcp.putInt(0).put(options);
        return packet(from, to, TCP, tcp.array(), 16);
    }

    static byte[] echoRequest(String from, String to) {
        ByteBuffer icmp = ByteBuffer.allocate(16).put(0, (byte) 8);
        icmp.putShort(2, (short) checksum(icmp.array(), 0, 16, 0));
        return packet(from, to, ICMP, icmp.array(), -1);
    }

    private static byte[] packet(String from, String to, int protocol, byte[] inner, int checksumOffset) {
        byte[] source = address(from);
        byte[] target = address(to);
        int headerBytes = source.length == 4 ? 20 : 40;
        ByteBuffer packet = ByteBuffer.allocate(headerBytes + inner.length);
        if (source.length == 4) {
            packet.put((byte) 0x45)
                    .put((byte) 0)
                    .putShort((short) packet.capacity())
                    .putInt(0x4000);
            packet.put((byte) 64)
                    .put((byte) protocol)
                    .putShort((short) 0)
                    .put(source)
                    .put(target);
            packet.putShort(10, (short) checksum(packet.array(), 0, 20, 0));
        } else {
            packet.putInt(0x6000_0000)
                    .putShort((short) inner.length)
                    .put((byte) protocol)
                    .put((byte) 64);
            packet.put(source).put(target);
        }
        packet.put(inner);
        if (checksumOffset >= 0) {
            packet.putShort(headerBytes + checksumOffset, (short) 0);
            packet.putShort(headerBytes + checksumOffset, (short) transportChecksum(packet.array()));
        }
        return packet.array();
    }

    /** The sum over a packet's pseudo-header and what follows its header: 0 when the checksum in it is right. */
    static int transportChecksum(byte[] packet) {
        boolean ipv4 = packet[0] >>> 4 == 4;
        int headerBytes = ipv4 ? (packet[0] & 0xf) * 4 : 40;
        int addressesAt = ipv4 ? 12 : 8;
        int addressesBytes = ipv4 ? 8 : 32;
        int protocol = packet[ipv4 ? 9 : 6];
        int length = packet.length - headerBytes;
        int pseudo = protocol + length + (~checksum(packet, addressesAt, addressesBytes, 0) & 0xffff);
        return checksum(packet, headerBytes, length, pseudo);
    }

    private static int checksum(byte[] bytes, int offset, int length, int start) {
        long sum = start;
        for (int i = 0; i < length; i++) {
            int value = bytes[offset + i] & 0xff;
            sum += i % 2 == 0 ? value << 8 : value;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }

    private static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
