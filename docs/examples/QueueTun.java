import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An edge made of two queues: IP packets put into {@link #outbound} come out of the peer's {@link #inbound}. */
public final class QueueTun implements TunDevice {
    private static final int MAX_WAITING = 1024;
    private static final byte[] END = {};

    /** Packets to send. */
    public final BlockingQueue<byte[]> outbound = new LinkedBlockingQueue<>(MAX_WAITING);

    /** Packets that came. */
    public final BlockingQueue<byte[]> inbound = new LinkedBlockingQueue<>(MAX_WAITING);

    /** An edge with empty queues. */
    public QueueTun() {}

    @Override
    public String name() {
        return "queues";
    }

    @Override
    public Kind kind() {
        return Kind.IP_PACKETS;
    }

    @Override
    public int mtuBytes() {
        return TunConfig.DEFAULT_MTU_BYTES;
    }

    /** The node's own thread for reading: it may wait here, and hands over one packet after the other. */
    @Override
    public void run(PacketSink toMultiplexer) {
        try {
            for (byte[] bytes = outbound.take(); bytes != END; bytes = outbound.take()) {
                Packet packet = toMultiplexer.acquire();
                if (packet == null) {
                    continue; // no buffer to be had: an IP packet may be dropped
                }
                packet.data().put(bytes).flip();
                if (!toMultiplexer.submit(packet, 0, Delivery.BEST_EFFORT, Offload.NONE)) {
                    packet.release(); // not taken, so it is still ours
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by the engine, which must never wait; the bytes are valid during the call. */
    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return inbound.offer(bytes);
    }

    @Override
    public void close() {
        while (!outbound.offer(END)) {
            outbound.clear();
        }
    }
}
