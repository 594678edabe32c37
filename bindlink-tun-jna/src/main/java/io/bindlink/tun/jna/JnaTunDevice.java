package io.bindlink.tun.jna;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A tun device of the Linux kernel, one packet for each call of it.
 *
 * <p>It is read eagerly, so that packets wait where they are queued fairly: a packet nobody takes, because no session
 * is up, is dropped as a network would. Each packet is copied to or from a buffer whose address was looked up once:
 * that costs less than to look up the address of a direct buffer each time, and arrays have no address at all.
 *
 * <p>Thread-safe as {@link TunDevice} has it: one thread runs it, and one at a time does anything else.
 */
final class JnaTunDevice implements TunDevice {
    /** Room for the largest packet there is, whatever the MTU: it can be raised while this runs. */
    private static final int PACKET_BYTES = 65_535;

    private static final long CLOSE_NANOS = 1_000_000_000;

    private final String name;
    private final int mtuBytes;
    private final int descriptor;
    private final TunPoll poll;
    private final MssClamp mssClamp;
    private final NativeMemory inbox = new NativeMemory(PACKET_BYTES);
    private final NativeMemory outbox = new NativeMemory(PACKET_BYTES);
    private final Turnstile turnstile = new Turnstile(this::closeDescriptors);
    private volatile @Nullable Thread reader;

    private JnaTunDevice(TunInterface tun, TunPoll poll, int mtuBytes) {
        this.name = tun.name();
        this.descriptor = tun.descriptor();
        this.poll = poll;
        this.mtuBytes = mtuBytes;
        this.mssClamp = new MssClamp(mtuBytes);
    }

    /** Makes the interface and brings it up. */
    static JnaTunDevice open(TunSettings settings) throws IOException {
        TunInterface tun = TunInterface.open(settings);
        try {
            return new JnaTunDevice(tun, new TunPoll(tun.descriptor()), settings.mtuBytes());
        } catch (IOException e) {
            int unused = Libc.close(tun.descriptor());
            throw e;
        }
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

    // ---- out: from the kernel to the multiplexer ----

    @Override
    public void run(PacketSink toMultiplexer) throws IOException {
        if (!turnstile.enter()) {
            return;
        }
        reader = Thread.currentThread();
        Packet packet = null;
        try {
            while (true) {
                packet = awaitBuffer(toMultiplexer);
                int size = packet == null ? 0 : read(toMultiplexer);
                if (packet == null || size == 0) {
                    return;
                }
                fill(packet.data(), size);
                toMultiplexer.collect(packet, Offload.NONE);
                packet = null;
            }
        } finally {
            if (packet != null) {
                packet.release();
            }
            toMultiplexer.flush();
            turnstile.leave();
        }
    }

    /** An empty packet; null when the device is closed. Until there is one the kernel keeps what comes, up to a limit. */
    private @Nullable Packet awaitBuffer(PacketSink sink) {
        Packet packet = sink.acquire();
        while (packet == null && !turnstile.isShut()) {
            sink.flush();
            LockSupport.park(this); // until accepting(0)
            boolean unused = Thread.interrupted(); // only close() ends this; left set, it would keep us from parking
            packet = sink.acquire();
        }
        return packet;
    }

    /** Reads a packet, and waits only when there is none. Its size; 0 when the device is closed. */
    private int read(PacketSink sink) throws IOException {
        while (!turnstile.isShut()) {
            long size = Libc.read(descriptor, inbox.address(), inbox.sizeBytes());
            if (size > 0) {
                return (int) size;
            }
            int errno = size == 0 ? Libc.EAGAIN : Libc.errno();
            if (errno == Libc.EAGAIN) {
                sink.flush();
                poll.await();
            } else if (errno != Libc.EINTR) {
                throw new IOException("tun device '" + name + "' is gone: " + Libc.strerror(errno));
            }
        }
        return 0;
    }

    private void fill(ByteBuffer data, int size) {
        data.clear().put(0, inbox.bytes(), 0, size).limit(size);
        mssClamp.apply(data, 0, size);
    }

    @Override
    public void accepting(int flow) {
        LockSupport.unpark(reader);
    }

    // ---- in: from the multiplexer to the kernel ----

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        int size = packet.remaining();
        boolean written = size <= PACKET_BYTES && write(packet, size);
        // The kernel refuses what is no IP packet, and all while the interface is down, and never says when that is
        // over.
        // A reliable packet would be held for ever, so it counts as taken; what came out of a tun is never reliable.
        return written || info.delivery() == Delivery.RELIABLE;
    }

    private boolean write(ByteBuffer packet, int size) {
        if (!turnstile.enter()) {
            return false;
        }
        try {
            outbox.bytes().put(0, packet, packet.position(), size);
            mssClamp.apply(outbox.bytes(), 0, size);
            return Libc.write(descriptor, outbox.address(), size) == size;
        } finally {
            turnstile.leave();
        }
    }

    // ---- the end ----

    /** Returns when the interface is gone, and waits at most a second for the reader to let go of it. */
    @Override
    public void close() {
        Thread waiting = reader;
        if (turnstile.enter()) {
            turnstile.shut();
            poll.wake();
            LockSupport.unpark(reader);
            turnstile.leave();
        }
        if (waiting == Thread.currentThread()) {
            return; // called by its own sink: the interface goes when run() returns
        }
        try {
            boolean unused = turnstile.awaitEmpty(CLOSE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the reader lets go without a witness
        }
    }

    private void closeDescriptors() {
        int unused = Libc.close(descriptor);
        poll.close();
    }
}
