package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Offload.Kind;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes super-packets, and checks that what comes through stands for their segments: each byte for byte what the system's
 * own segmentation would have made, each once, in the order of its flow. Confined to its test.
 */
final class SuperTraffic implements FakeEnd.Device {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final SplittableRandom random;
    private final Map<ByteBuffer, Expected> expected = new HashMap<>();
    private final Map<Integer, Long> newestByFlow = new HashMap<>();
    private final int[] sequences = new int[64];
    private long made;
    long deliveredSegments;
    long deliveredPackets;

    /** A segment that was sent. */
    private record Expected(int flow, long number) {}

    SuperTraffic(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The next super-packet of a flow: its number says also what kind it is. */
    FakePacket next(int flow, int segmentBytes, int dataBytes) {
        Kind kind = Kind.values()[1 + flow % 3];
        Offload offload = new Offload(kind, segmentBytes, true);
        byte[] packet = packet(flow, kind, dataBytes);
        for (byte[] segment : cut(packet, offload)) {
            expected.put(ByteBuffer.wrap(segment), new Expected(flow, made++));
        }
        return new FakePacket(packet, 0, Delivery.BEST_EFFORT, offload);
    }

    long sentSegments() {
        return made;
    }

    private byte[] packet(int flow, Kind kind, int dataBytes) {
        boolean tcp = kind != Kind.UDP;
        boolean ipv4 = kind == Kind.TCP4 || (kind == Kind.UDP && flow % 2 == 0);
        int ip = ipv4 ? 20 + 4 * random.nextInt(3) : 40 + 8 * random.nextInt(3);
        int transport = tcp ? 20 + 4 * random.nextInt(11) : 8;
        ByteBuffer packet = ByteBuffer.allocate(ip + transport + dataBytes);
        byte[] data = new byte[dataBytes];
        random.nextBytes(data);
        packet.put(ip + transport, data);
        int protocol = tcp ? TCP : UDP;
        if (ipv4) {
            packet.put(0, (byte) (0x40 | ip / 4)).put(8, (byte) 64).put(9, (byte) protocol);
            packet.putShort(2, (short) packet.capacity())
                    .putShort(4, (short) random.nextInt())
                    .putShort(6, (short) 0x4000);
            packet.putInt(12, 0x0A000001).putInt(16, 0x0A000002 + flow);
        } else {
            packet.put(0, (byte) 0x60)
                    .putShort(4, (short) (packet.capacity() - 40))
                    .put(7, (byte) 64);
            int at = 6;
            for (int extension = 40; extension < ip; extension += 8) {
                packet.put(at, (byte) 60); // destination options
                at = extension;
            }
            packet.put(at, (byte) protocol)
                    .putLong(8, 1)
                    .putLong(16, 2)
                    .putLong(24, 3)
                    .putLong(32, flow);
        }
        packet.putShort(ip, (short) 1000).putShort(ip + 2, (short) (2000 + flow));
        if (tcp) {
            packet.putInt(ip + 4, sequences[flow]).put(ip + 12, (byte) (transport / 4 << 4));
            packet.put(ip + 13, (byte) (0x10 | random.nextInt() & 0x89)); // ACK, and perhaps FIN, PSH, CWR
            sequences[flow] += dataBytes;
        } else {
            packet.putShort(ip + 4, (short) (8 + dataBytes));
        }
        byte[] bytes = packet.array();
        checksum(packet, ip, ipv4);
        packet.putShort(ip + (tcp ? 16 : 6), (short) pseudoSum(packet, ip, ipv4, protocol));
        return bytes;
    }

    private static void checksum(ByteBuffer packet, int ip, boolean ipv4) {
        if (ipv4) {
            packet.putShort(10, (short) 0);
            packet.putShort(10, (short) ~sum(packet, 0, ip, 0));
        }
    }

    /** What a partial checksum is, RFC 9293 section 3.1, RFC 8200 section 8.1. */
    private static int pseudoSum(ByteBuffer packet, int ip, boolean ipv4, int protocol) {
        int sum = protocol + packet.capacity() - ip;
        return ipv4 ? sum(packet, 12, 20, sum) : sum(packet, 8, 40, sum);
    }

    private static int sum(ByteBuffer packet, int from, int to, int start) {
        long sum = start;
        for (int i = from; i < to; i++) {
            sum += (packet.get(i) & 0xFF) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    /** What a super-packet stands for: plain packets with complete checksums. Also checks that its own is a partial one. */
    static List<byte[]> cut(byte[] bytes, Offload offload) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        boolean ipv4 = bytes[0] >>> 4 == 4;
        int ip = ipv4 ? (bytes[0] & 0xF) * 4 : 40;
        int protocol = bytes[ipv4 ? 9 : 6];
        while (protocol == 60) {
            protocol = bytes[ip];
            ip += 8;
        }
        boolean tcp = protocol == TCP;
        int headers = ip + (tcp ? (bytes[ip + 12] & 0xF0) >> 2 : 8);
        int place = ip + (tcp ? 16 : 6);
        int told = packet.getShort(place) & 0xFFFF;
        if ((told - pseudoSum(packet, ip, ipv4, protocol)) % 0xFFFF != 0) {
            throw new AssertionError("checksum is not a partial one");
        }
        int segment = offload.kind() == Kind.NONE ? bytes.length - headers : offload.segmentBytes();
        List<byte[]> segments = new ArrayList<>();
        for (int i = 0; headers + i * segment < bytes.length; i++) {
            int from = headers + i * segment;
            int to = Math.min(bytes.length, from + segment);
            byte[] one = Arrays.copyOf(bytes, headers + to - from);
            System.arraycopy(bytes, from, one, headers, to - from);
            segments.add(finish(ByteBuffer.wrap(one), ip, ipv4, tcp, i, i * segment, to == bytes.length));
        }
        return segments;
    }

    private static byte[] finish(
            ByteBuffer one, int ip, boolean ipv4, boolean tcp, int index, int offset, boolean isLast) {
        if (ipv4) {
            one.putShort(2, (short) one.capacity()).putShort(4, (short) (one.getShort(4) + index));
        } else {
            one.putShort(4, (short) (one.capacity() - 40));
        }
        if (tcp) {
            one.putInt(ip + 4, one.getInt(ip + 4) + offset);
            one.put(ip + 13, (byte) (one.get(ip + 13) & ~(isLast ? 0 : 0x09) & ~(index == 0 ? 0 : 0x80)));
        } else {
            one.putShort(ip + 4, (short) (one.capacity() - ip));
        }
        checksum(one, ip, ipv4);
        int place = ip + (tcp ? 16 : 6);
        one.putShort(place, (short) 0);
        int protocol = tcp ? TCP : UDP;
        one.putShort(place, (short) ~sum(one, ip, one.capacity(), pseudoSum(one, ip, ipv4, protocol)));
        return one.array();
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        if (!info.offload().partialChecksum() || info.sizeBytes() != bytes.length) {
            throw new AssertionError("described as " + info.offload() + ", " + info.sizeBytes() + " bytes");
        }
        deliveredPackets++;
        for (byte[] segment : cut(bytes, info.offload())) {
            Expected one = expected.remove(ByteBuffer.wrap(segment));
            if (one == null) {
                throw new AssertionError("a segment that was not sent, or came twice");
            }
            long newest = newestByFlow.getOrDefault(one.flow(), -1L);
            if (one.number() < newest) {
                throw new AssertionError("out of order: " + one + " after " + newest);
            }
            newestByFlow.put(one.flow(), one.number());
            deliveredSegments++;
        }
        return true;
    }
}
