package io.bindlink.tun.jna;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/** A tun whose packets are collected by a thread of its own. Thread-safe. */
final class RunningTun implements PacketSink, AutoCloseable {
    private static final int BUFFERS = 4;
    private static final long PATIENCE_SECONDS = 20;

    final TunDevice device;
    private final LinkedBlockingQueue<Read> read = new LinkedBlockingQueue<>();
    private final boolean offload;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Semaphore buffers = new Semaphore(BUFFERS);
    private final Semaphore refused = new Semaphore(0);
    private final Semaphore starved = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "tun");
    private volatile boolean sessionUp = true;

    /** A packet that came, and what was said of it. */
    record Read(byte[] bytes, Offload offload) {}

    RunningTun(TunConfig config) throws IOException {
        offload = config.offload();
        device = new JnaTunDeviceProvider().open(config);
        thread.setDaemon(true);
    }

    static TunConfig config(Role role, int mtuBytes, String... addresses) {
        return new TunConfig(role, Optional.empty(), List.of(addresses), mtuBytes, false, Map.of());
    }

    static TunConfig named(String name) {
        return new TunConfig(Role.MASTER, Optional.of(name), List.of(), 1380, false, Map.of());
    }

    RunningTun start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            device.run(this);
            end.complete(null);
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    /** Completes as {@code run} does. */
    CompletableFuture<Void> end() {
        return end;
    }

    Thread thread() {
        return thread;
    }

    boolean send(byte[] packet) {
        return send(packet, Delivery.BEST_EFFORT);
    }

    boolean send(byte[] packet, Delivery delivery) {
        return send(packet, delivery, Offload.NONE);
    }

    boolean send(byte[] packet, Delivery delivery, Offload left) {
        ByteBuffer buffer =
                ByteBuffer.allocate(packet.length + 7).position(5).put(packet).position(5);
        buffer.limit(5 + packet.length);
        boolean taken =
                device.send(buffer.asReadOnlyBuffer(), PacketInfo.of(Math.max(packet.length, 1), 0, delivery, left));
        assertThat(buffer.remaining()).isEqualTo(packet.length);
        return taken;
    }

    /** The next packet like this; what else the kernel sends is passed over. */
    byte[] await(Predicate<byte[]> like) throws InterruptedException {
        return awaitRead(like).bytes();
    }

    Read awaitRead(Predicate<byte[]> like) throws InterruptedException {
        Read packet;
        do {
            packet = read.poll(PATIENCE_SECONDS, SECONDS);
            assertThat(packet).as("a packet read").isNotNull();
        } while (!like.test(packet.bytes()));
        return packet;
    }

    void setSessionUp(boolean up) {
        sessionUp = up;
    }

    /** Waits until a packet was refused. */
    void awaitRefused() throws InterruptedException {
        assertThat(refused.tryAcquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    /** Takes all the buffers away. */
    void takeBuffers() throws InterruptedException {
        assertThat(buffers.tryAcquire(BUFFERS, PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    void giveBuffers() {
        buffers.release(BUFFERS);
        device.accepting(0);
    }

    int freeBuffers() {
        return buffers.availablePermits();
    }

    /** Waits until the device was told that there is no buffer. */
    void awaitStarved() throws InterruptedException {
        assertThat(starved.tryAcquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Override
    public void close() throws IOException {
        device.close();
    }

    // ---- the sink ----

    @Override
    public Packet acquire() {
        if (buffers.tryAcquire()) {
            return new Buffer();
        }
        starved.release();
        return null;
    }

    @Override
    public boolean submit(Packet packet, int flow, Delivery delivery, Offload left) {
        assertThat(flow).isZero();
        assertThat(delivery).isEqualTo(Delivery.BEST_EFFORT);
        assertThat(offload || left.equals(Offload.NONE)).isTrue();
        if (!sessionUp) {
            refused.release();
            return false;
        }
        byte[] bytes = new byte[packet.data().remaining()];
        packet.data().get(bytes);
        read.add(new Read(bytes, left));
        packet.release();
        return true;
    }

    @Override
    public void writable(int flow) {}

    private final class Buffer implements Packet {
        private final ByteBuffer data = ByteBuffer.allocate(65_535);

        @Override
        public ByteBuffer data() {
            return data;
        }

        @Override
        public PacketInfo info() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {
            buffers.release();
        }
    }
}
