package io.bindlink.cli.doctor;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * An edge without a system behind it: it sends datagrams to the discard port (RFC 863) at the bond's other end, as many as it is
 * allowed to, and drops what comes. Thread-safe.
 */
final class ProbeDevice implements TunDevice {
    private static final int PACKET_BYTES = 1300;
    private static final int IPV4_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int DISCARD_PORT = 9;
    private static final long PAUSE_MILLIS = 5;
    private static final byte[] FROM = {10, 10, 10, 2};
    private static final byte[] TO = {10, 10, 10, 1};

    private volatile LongSupplier allowance = () -> 0;
    private volatile boolean closed;
    private volatile long submittedBytes;

    /** From now on this many bytes in all may go out; asked for again and again. */
    void allow(LongSupplier bytes) {
        allowance = bytes;
    }

    long submittedBytes() {
        return submittedBytes;
    }

    @Override
    public String name() {
        return "probe";
    }

    @Override
    public Kind kind() {
        return Kind.IP_PACKETS;
    }

    @Override
    public int mtuBytes() {
        return TunConfig.DEFAULT_MTU_BYTES;
    }

    @Override
    public void run(PacketSink toMultiplexer) {
        try {
            while (!closed) {
                if (submittedBytes + PACKET_BYTES > allowance.getAsLong() || !submit(toMultiplexer)) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the node is closed
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private boolean submit(PacketSink sink) {
        Packet packet = sink.acquire();
        if (packet == null) {
            return false;
        }
        fill(packet.data());
        if (sink.submit(packet, 0, Delivery.BEST_EFFORT, Offload.NONE)) {
            submittedBytes += PACKET_BYTES;
            return true;
        }
        packet.release();
        return false;
    }

    /** An IPv4 datagram (RFC 791 section 3.1) with a UDP header without checksum (RFC 768). */
    private static void fill(ByteBuffer data) {
        int start = data.position();
        data.put((byte) 0x45).put((byte) 0).putShort((short) PACKET_BYTES);
        data.putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
        data.put(FROM).put(TO);
        data.putShort(start + 10, checksum(data, start));
        data.putShort((short) 40_000).putShort((short) DISCARD_PORT);
        data.putShort((short) (PACKET_BYTES - IPV4_BYTES)).putShort((short) 0);
        byte[] words = "bindlink probe ".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < PACKET_BYTES - IPV4_BYTES - UDP_BYTES; i++) {
            data.put(words[i % words.length]);
        }
        data.flip();
    }

    /** RFC 1071. */
    private static short checksum(ByteBuffer data, int start) {
        int sum = 0;
        for (int i = start; i < start + IPV4_BYTES; i += Short.BYTES) {
            sum += data.getShort(i) & 0xFFFF;
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        return true; // such as the other end's complaint that nobody listens
    }

    @Override
    public void close() {
        closed = true;
    }
}
