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
 * A tun device of the Linux kernel, one packet for each call of it, or one super-packet: with segmentation offload the
 * kernel hands over up to 64 KiB of a connection at once, and takes as much, which costs it hardly more than one segment.
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
    private final NativeMemory inbox = new NativeMemory(VirtioHeader.BYTES + PACKET_BYTES);
    private final NativeMemory outbox = new NativeMemory(VirtioHeader.BYTES + PACKET_BYTES);
    private final VirtioHeader readHeader = new VirtioHeader();
    private final VirtioHeader writeHeader = new VirtioHeader();
    private final int headerBytes;
    private final int offload;
    private final Turnstile turnstile = new Turnstile(this::closeDescriptors);
    private int usedOffload; // the reader's
    private volatile int wantedOffload;
    private volatile @Nullable Thread reader;

    private JnaTunDevice(TunInterface tun, TunPoll poll, int mtuBytes) {
        this.name = tun.name();
        this.descriptor = tun.descriptor();
        this.headerBytes = tun.headerBytes();
        this.offload = tun.offload();
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

    @Override
    public boolean acceptsOffload() {
        return offload != 0;
    }

    // ---- out: from the kernel to the multiplexer ----

    @Override
    public void offloading(boolean allowed) {
        int wanted = allowed ? offload : 0;
        if (wanted != wantedOffload && turnstile.enter()) {
            wantedOffload = wanted;
            poll.wake(); // the reader asks the kernel, which may make it wait
            turnstile.leave();
        }
    }

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
                if (size > headerBytes && fill(packet.data(), size - headerBytes)) {
                    toMultiplexer.collect(packet, left());
                } else {
                    packet.release();
                }
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
            if (usedOffload != wantedOffload) {
                useOffload(wantedOffload);
            }
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

    /** Tells the kernel what it may leave undone; what it refuses stays as it was. */
    private void useOffload(int wanted) {
        usedOffload = wanted;
        int unused = Libc.ioctl(descriptor, InterfaceRequest.SET_OFFLOAD, wanted);
    }

    /** Takes what was read; false when it is not sound. */
    private boolean fill(ByteBuffer data, int size) {
        if (headerBytes > 0 && !VirtioHeader.isSound(inbox.bytes(), size)) {
            return false;
        }
        data.clear().put(0, inbox.bytes(), headerBytes, size).limit(size);
        if (left().equals(Offload.NONE)) {
            if (headerBytes > 0) {
                VirtioHeader.finishChecksum(inbox.bytes(), data);
            }
            mssClamp.apply(data, 0, size);
        }
        return true;
    }

    /** What the kernel left undone of the packet that was read. */
    private Offload left() {
        return headerBytes == 0 ? Offload.NONE : readHeader.offload(inbox.bytes());
    }

    @Override
    public void accepting(int flow) {
        LockSupport.unpark(reader);
    }

    // ---- in: from the multiplexer to the kernel ----

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        int size = packet.remaining();
        boolean written = size <= PACKET_BYTES && write(packet, size, info.offload());
        // The kernel refuses what is no IP packet, and all while the interface is down, and never says when that is
        // over.
        // A reliable packet would be held for ever, so it counts as taken; what came out of a tun is never reliable.
        return written || info.delivery() == Delivery.RELIABLE;
    }

    private boolean write(ByteBuffer packet, int size, Offload left) {
        if (!turnstile.enter()) {
            return false;
        }
        try {
            ByteBuffer out = outbox.bytes();
            if (headerBytes == 0 ? !left.equals(Offload.NONE) : !writeHeader.write(out, packet, left)) {
                return false;
            }
            out.put(headerBytes, packet, packet.position(), size);
            if (left.equals(Offload.NONE)) {
                mssClamp.apply(out, headerBytes, size);
            }
            int all = headerBytes + size;
            return Libc.write(descriptor, outbox.address(), all) == all;
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
