package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes packets whose bytes tell their flow and number, and checks what comes through: unaltered, once, in order.
 * Confined to its test.
 */
final class Traffic implements FakeEnd.Device {
    private static final int HEADER_BYTES = 32;

    private final FakeBond bond;
    private final Map<Integer, Long> nextByFlow = new HashMap<>();
    private final Map<Integer, Long> newestByFlow = new HashMap<>();
    private final Map<Integer, BitSet> seenByFlow = new HashMap<>();
    private final boolean expectsOrder;
    private final Map<Integer, Integer> deviceFlows = new HashMap<>();
    long delivered;
    long deliveredBytes;
    long disordered;
    long lastDeliveryNanos;
    long longestGapNanos;
    final List<Long> delaysNanos = new ArrayList<>();

    Traffic(FakeBond bond, boolean expectsOrder) {
        this.bond = bond;
        this.expectsOrder = expectsOrder;
        this.lastDeliveryNanos = bond.nowNanos();
    }

    /** The next packet of a UDP flow, dressed as IPv4 so that the multiplexer knows it. */
    FakePacket udp(int flow, int sizeBytes) {
        return new FakePacket(bytes(flow, sizeBytes, 17), 0, Delivery.BEST_EFFORT);
    }

    /** The next packet of a TCP flow with data. */
    FakePacket tcp(int flow, int sizeBytes) {
        return new FakePacket(bytes(flow, sizeBytes, 6), 0, Delivery.BEST_EFFORT);
    }

    FakePacket reliable(int flow, int sizeBytes) {
        deviceFlows.put(flow, flow);
        return new FakePacket(bytes(flow, sizeBytes, 6), flow, Delivery.RELIABLE);
    }

    FakePacket numbered(int flow, int sizeBytes) {
        deviceFlows.put(flow, flow);
        return new FakePacket(bytes(flow, sizeBytes, 6), flow, Delivery.BEST_EFFORT);
    }

    /** The packet was refused: its number is used again. */
    void takeBack(int flow) {
        nextByFlow.merge(flow, -1L, Long::sum);
    }

    private byte[] bytes(int flow, int sizeBytes, int protocol) {
        long number = nextByFlow.merge(flow, 1L, Long::sum) - 1;
        byte[] bytes = new byte[Math.max(sizeBytes, HEADER_BYTES + 40)];
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) bytes.length);
        packet.putInt(4, 0).put(8, (byte) 64).put(9, (byte) protocol);
        packet.putInt(12, 0x0A000001).putInt(16, 0x0A000002 + flow);
        packet.putShort(20, (short) 1000).putShort(22, (short) (2000 + flow));
        packet.putInt(24, flow).put(32, (byte) 0x50).put(33, (byte) 0x18);
        packet.putLong(40, number).putLong(48, bond.nowNanos());
        fill(bytes, flow, number);
        return bytes;
    }

    private static void fill(byte[] bytes, int flow, long number) {
        SplittableRandom random = new SplittableRandom(flow * 31L + number);
        for (int i = 56; i < bytes.length; i += 8) {
            long word = random.nextLong();
            for (int j = i; j < Math.min(i + 8, bytes.length); j++) {
                bytes[j] = (byte) (word >>> (8 * (j - i)));
            }
        }
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        ByteBuffer view = ByteBuffer.wrap(bytes);
        int flow = view.getInt(24);
        long number = view.getLong(40);
        check(bytes, flow, number, info);
        long now = bond.nowNanos();
        delivered++;
        deliveredBytes += bytes.length;
        longestGapNanos = Math.max(longestGapNanos, now - lastDeliveryNanos);
        lastDeliveryNanos = now;
        delaysNanos.add(now - view.getLong(48));
        return true;
    }

    private void check(byte[] bytes, int flow, long number, PacketInfo info) {
        byte[] expected = bytes.clone();
        fill(expected, flow, number);
        if (!Arrays.equals(bytes, expected)) {
            throw new AssertionError("altered: flow " + flow + " number " + number);
        }
        if (info.flow() != deviceFlows.getOrDefault(flow, 0)) {
            throw new AssertionError("delivered as flow " + info.flow() + ", was " + flow);
        }
        BitSet seen = seenByFlow.computeIfAbsent(flow, f -> new BitSet());
        if (seen.get((int) number)) {
            throw new AssertionError("delivered twice: flow " + flow + " number " + number);
        }
        seen.set((int) number);
        long newest = newestByFlow.getOrDefault(flow, -1L);
        if (number < newest) {
            disordered++;
            if (expectsOrder) {
                throw new AssertionError("out of order: flow " + flow + " number " + number + " after " + newest);
            }
        }
        if (info.delivery() == Delivery.RELIABLE && number != newest + 1) {
            throw new AssertionError("hole in reliable flow " + flow + ": " + number + " after " + newest);
        }
        newestByFlow.put(flow, Math.max(newest, number));
    }

    long sentOf(int flow) {
        return nextByFlow.getOrDefault(flow, 0L);
    }

    long receivedOf(int flow) {
        return seenByFlow.getOrDefault(flow, new BitSet()).cardinality();
    }

    long percentileDelayNanos(int percent) {
        List<Long> sorted = delaysNanos.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }
}
