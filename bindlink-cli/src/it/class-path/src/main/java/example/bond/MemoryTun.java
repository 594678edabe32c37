package example.bond;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.TunDeviceProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A tun device in memory: what is put into {@link #out} comes out of the peer's {@link #in}. */
public final class MemoryTun implements TunDevice {
    private static final byte[] END = {};

    /** Packets to send. */
    public final BlockingQueue<byte[]> out = new LinkedBlockingQueue<>();

    /** Packets that came. */
    public final BlockingQueue<byte[]> in = new LinkedBlockingQueue<>();

    private final String name;
    private final int mtuBytes;

    private MemoryTun(String name, int mtuBytes) {
        this.name = name;
        this.mtuBytes = mtuBytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.IP_PACKETS;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public void run(PacketSink toMultiplexer) throws IOException {
        try {
            for (byte[] bytes = out.take(); bytes != END; bytes = out.take()) {
                Packet packet = toMultiplexer.acquire();
                if (packet == null) {
                    continue;
                }
                packet.data().put(bytes).flip();
                if (!toMultiplexer.submit(packet, 0, Delivery.BEST_EFFORT, Offload.NONE)) {
                    packet.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return in.offer(bytes);
    }

    @Override
    public void close() {
        out.add(END);
    }

    /** Opens them for {@code .tun("memory")}; each is then found by its device name. */
    public static final class Provider implements TunDeviceProvider {
        private static final Map<String, MemoryTun> OPENED = new ConcurrentHashMap<>();

        /** Made by ServiceLoader. */
        public Provider() {}

        /** The device that was opened under a name. */
        public static MemoryTun opened(String name) {
            return OPENED.get(name);
        }

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Optional<String> unsupported() {
            return Optional.empty();
        }

        @Override
        public TunDevice open(TunConfig config) throws IOException {
            String name = config.deviceName().orElseThrow(() -> new IOException("give the device a name"));
            MemoryTun opened = new MemoryTun(name, config.mtuBytes());
            OPENED.put(name, opened);
            return opened;
        }
    }
}
