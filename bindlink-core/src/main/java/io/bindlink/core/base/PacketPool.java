package io.bindlink.core.base;

import io.bindlink.api.Packet;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bounded store of packet buffers: a reader needs room for the largest packet there is, but what then waits in a queue is
 * mostly smaller, so {@link #compact} moves it to a buffer of its size. The sizes are powers of two, so that no buffer but
 * the smallest is more than half empty. Thread-safe.
 */
public final class PacketPool {
    /** Size of the largest buffer: the largest IP packet. */
    public static final int LARGE_BYTES = 65_535;

    /** Size of the smallest buffer: a packet of an ordinary network, with room to spare. */
    public static final int SMALL_BYTES = 2_048;

    private static final int CLASSES = 6; // 2, 4, 8, 16, 32 KiB, and the largest

    private final ArrayDeque<PooledPacket>[] idle = stores();
    private final long budgetBytes;
    private long heldBytes; // in use and idle
    private long outBytes;
    private int out;

    /**
     * An empty pool.
     *
     * @param budgetBytes what all buffers may take together, {@link #LARGE_BYTES} at least
     */
    public PacketPool(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static ArrayDeque<PooledPacket>[] stores() {
        ArrayDeque[] stores = new ArrayDeque[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            stores[i] = new ArrayDeque<PooledPacket>();
        }
        return stores;
    }

    private static int sizeOf(int sizeClass) {
        return Math.min(SMALL_BYTES << sizeClass, LARGE_BYTES);
    }

    private static int classFor(int sizeBytes) {
        int sizeClass = 0;
        while (sizeOf(sizeClass) < sizeBytes) {
            sizeClass++;
        }
        return sizeClass;
    }

    /**
     * Takes a large packet.
     *
     * @return an empty packet, or null when the budget is spent
     */
    public @Nullable PooledPacket acquire() {
        return acquire(CLASSES - 1);
    }

    private synchronized @Nullable PooledPacket acquire(int sizeClass) {
        int sizeBytes = sizeOf(sizeClass);
        if (outBytes + sizeBytes > budgetBytes) {
            return null;
        }
        PooledPacket packet = idle[sizeClass].poll();
        if (packet == null) {
            dropIdle(budgetBytes - sizeBytes);
            heldBytes += sizeBytes;
            packet = new PooledPacket(this, sizeBytes);
        }
        outBytes += sizeBytes;
        out++;
        packet.reuse();
        return packet;
    }

    /** Leaves idle buffers of other sizes to the garbage collector until no more than so much is held. */
    private void dropIdle(long mostBytes) {
        for (int i = CLASSES - 1; i >= 0 && heldBytes > mostBytes; i--) {
            while (heldBytes > mostBytes && idle[i].poll() != null) {
                heldBytes -= sizeOf(i);
            }
        }
    }

    /**
     * Moves a filled packet to the smallest buffer that holds it. On success the packet given is released.
     *
     * @param packet filled, its data between position and limit
     * @return the packet to hand on: another one, or the same when none is smaller, or none is to be had
     */
    public PooledPacket compact(PooledPacket packet) {
        PooledPacket small = smallCopy(packet);
        if (small == null) {
            return packet;
        }
        packet.release();
        return small;
    }

    /**
     * Copies a filled packet to the smallest buffer that holds it.
     *
     * @param packet filled, its data between position and limit; it stays the holder's
     * @return another packet; null when none is smaller, or none is to be had
     */
    public @Nullable PooledPacket smallCopy(PooledPacket packet) {
        int size = packet.data().remaining();
        int sizeClass = classFor(size);
        if (sizeOf(sizeClass) >= packet.data().capacity()) {
            return null;
        }
        PooledPacket small = acquire(sizeClass);
        if (small == null) {
            return null;
        }
        small.data().put(0, packet.data(), packet.data().position(), size).limit(size);
        small.describe(packet.flow(), packet.delivery(), packet.offload());
        return small;
    }

    synchronized void giveBack(PooledPacket packet) {
        int sizeBytes = packet.data().capacity();
        outBytes -= sizeBytes;
        out--;
        idle[classFor(sizeBytes)].push(packet);
    }

    /**
     * How many packets are in use.
     *
     * @return 0 when all came back
     */
    public synchronized int out() {
        return out;
    }

    /**
     * Whether {@link #acquire} would find a packet.
     *
     * @return false when the budget is spent
     */
    public synchronized boolean available() {
        return outBytes + LARGE_BYTES <= budgetBytes;
    }

    /**
     * Checks that a packet is one of this library's own, as a multiplexer is promised.
     *
     * @param packet what a device submitted
     * @return the same packet
     * @throws IllegalArgumentException if it came from elsewhere
     */
    public static PooledPacket own(Packet packet) {
        if (packet instanceof PooledPacket pooled) {
            return pooled;
        }
        throw new IllegalArgumentException("this packet was not acquired from the sink");
    }
}
