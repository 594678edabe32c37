package io.bindlink.core;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A tun device whose system is a test: packets go in by {@link #inject} and come out by {@link #awaitPacket}. */
final class MemoryDevice implements TunDevice {
    private static final byte[] END = {};

    final BlockingQueue<byte[]> toBond = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> fromBond = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);
    volatile Thread reader;
    volatile boolean hangs;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Kind kind() {
        return Kind.IP_PACKETS;
    }

    @Override
    public int mtuBytes() {
        return 1380;
    }

    @Override
    public void run(PacketSink sink) {
        reader = Thread.currentThread();
        try {
            for (byte[] next = toBond.take(); next != END; next = toBond.take()) {
                Packet packet = sink.acquire();
                if (packet == null) {
                    continue;
                }
                packet.data().put(next).flip();
                if (!sink.submit(packet, 0, Delivery.BEST_EFFORT, Offload.NONE)) {
                    packet.release();
                }
            }
            while (hangs) {
                Thread.onSpinWait();
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void inject(byte[] packet) {
        toBond.add(packet);
    }

    byte[] awaitPacket(long seconds) throws InterruptedException {
        return fromBond.poll(seconds, TimeUnit.SECONDS);
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return fromBond.add(bytes);
    }

    @Override
    public void sessionStarted(Role role) {}

    @Override
    public void close() {
        toBond.add(END);
        closed.countDown();
    }

    /** An IPv4 packet with UDP in it. */
    static byte[] packet(int number, int size) {
        byte[] packet = new byte[size];
        Arrays.fill(packet, 28, size, (byte) number);
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        buffer.put(0, (byte) 0x45).putShort(2, (short) size).put(8, (byte) 64).put(9, (byte) 17);
        buffer.putInt(12, 0x0A0A0A01).putInt(16, 0x0A0A0A02);
        buffer.putShort(20, (short) 4000).putShort(22, (short) 4001).putShort(24, (short) (size - 20));
        return buffer.putInt(28, number).array();
    }
}
