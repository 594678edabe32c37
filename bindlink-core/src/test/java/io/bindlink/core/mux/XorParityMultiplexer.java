package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.Delivery;
import io.bindlink.api.Link;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole multiplexer of some forty statements, written against the API alone: after every four packets it sends the XOR of them,
 * so that the receiver can rebuild any one that is lost. Payload: {@code group 4, index 1, length 2, bytes}, of which
 * length and bytes are what is XORed; index 4 is the parity.
 */
public final class XorParityMultiplexer implements Multiplexer {
    private static final int GROUP = 4;
    private static final int ALL_BUT_ONE = GROUP; // of four packets and the parity

    private final ByteBuffer out = ByteBuffer.allocate(2_048);
    private final byte[] sentXor = new byte[2_048];
    private final byte[] receivedXor = new byte[2_048];
    private @Nullable MultiplexerContext context;
    private int sentGroup;
    private int sentInGroup;
    private int largestInGroup;
    private int receivedGroup = -1;
    private int receivedMask;

    @Override
    public void start(MultiplexerContext started) {
        context = started;
    }

    private MultiplexerContext context() {
        return Objects.requireNonNull(context, "not started");
    }

    @Override
    public void addLink(Link link) {}

    @Override
    public void removeLink(Link link) {}

    @Override
    public boolean send(Packet packet) {
        byte[] bytes = new byte[2 + packet.data().remaining()];
        ByteBuffer.wrap(bytes).putShort((short) packet.data().remaining()).put(packet.data());
        packet.release();
        largestInGroup = Math.max(largestInGroup, bytes.length);
        xor(sentXor, bytes);
        transmit(sentInGroup++, bytes, bytes.length);
        if (sentInGroup == GROUP) {
            transmit(GROUP, sentXor, largestInGroup);
            Arrays.fill(sentXor, (byte) 0);
            sentInGroup = 0;
            largestInGroup = 0;
            sentGroup++;
        }
        return true;
    }

    private void transmit(int index, byte[] bytes, int length) {
        out.clear().putInt(sentGroup).put((byte) index).put(bytes, 0, length).flip();
        context().links().stream().filter(Link::writable).findFirst().ifPresent(link -> link.send(out));
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        int group = payload.getInt();
        int index = payload.get();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        if (group != receivedGroup) {
            receivedGroup = group;
            receivedMask = 0;
            Arrays.fill(receivedXor, (byte) 0);
        }
        receivedMask |= 1 << index;
        xor(receivedXor, bytes);
        if (index < GROUP) {
            deliver(bytes);
        }
        if (Integer.bitCount(receivedMask) == ALL_BUT_ONE && (receivedMask & (1 << GROUP)) != 0) {
            deliver(receivedXor); // what is left is the missing one
        }
    }

    private void deliver(byte[] bytes) {
        int length = ByteBuffer.wrap(bytes).getShort() & 0xFFFF;
        PacketInfo info = PacketInfo.of(length, 0, Delivery.BEST_EFFORT, Offload.NONE);
        context().deliver(ByteBuffer.wrap(bytes, 2, length), info);
    }

    private static void xor(byte[] into, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            into[i] ^= bytes[i];
        }
    }

    @Override
    public void close() {}
}
