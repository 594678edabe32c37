package io.bindlink.core.base;

import io.bindlink.api.Packet;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bounded store of packet buffers in three sizes: a reader needs room for the largest packet there is, but what then waits
 * in a queue is nearly always smaller, so {@link #compact} moves it to a buffer of its size. Thread-safe.
 */
public final class PacketPool {
    /** Size of a large buffer: the largest IP packet. */
    public static final int LARGE_BYTES = 65_535;

    /** Size of a small buffer: a packet of an ordinary network, with room to spare. */
    public static final int SMALL_BYTES = 2_048;

    /** Size of a medium buffer: a piece of a byte stream. */
    public static final int MEDIUM_BYTES = 16 << 10;

    private final ArrayDeque<PooledPacket> idleLarge = new ArrayDeque<>();
    private final ArrayDeque<PooledPacket> idleMedium = new ArrayDeque<>();
    private final ArrayDeque<PooledPacket> idleSmall = new ArrayDeque<>();
    private final int largeBudget;
    private final int mediumBudget;
    private final int smallBudget;
    private int largeOut;
    private int mediumOut;
    private int smallOut;

    /**
     * An empty pool without medium buffers.
     *
     * @param largeBudget large buffers that may be out at once, over 0
     * @param smallBudget small buffers that may be out at once, over 0
     */
    public PacketPool(int largeBudget, int smallBudget) {
        this(largeBudget, 0, smallBudget);
    }

    /**
     * An empty pool.
     *
     * @param largeBudget large buffers that may be out at once, over 0
     * @param mediumBudget medium buffers that may be out at once
     * @param smallBudget small buffers that may be out at once, over 0
     */
    public PacketPool(int largeBudget, int mediumBudget, int smallBudget) {
        this.largeBudget = largeBudget;
        this.mediumBudget = mediumBudget;
        this.smallBudget = smallBudget;
    }

    /**
     * Takes a large packet.
     *
     * @return an empty packet, or null when the budget is spent
     */
    public synchronized @Nullable PooledPacket acquire() {
        if (largeOut >= largeBudget) {
            return null;
        }
        largeOut++;
        return ready(idleLarge.poll(), LARGE_BYTES);
    }

    /**
     * Moves a filled packet to the smallest buffer that holds it. On success the packet given is released.
     *
     * @param packet filled, its data between position and limit
     * @return the packet to hand on: another one, or the same when it is large or no small one is to be had
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
     * Copies a filled packet to a smaller buffer.
     *
     * @param packet filled, its data between position and limit; it stays the holder's
     * @return another packet; null when it is no large one, its data are too many, or none is to be had
     */
    public @Nullable PooledPacket smallCopy(PooledPacket packet) {
        int size = packet.data().remaining();
        if (packet.data().capacity() != LARGE_BYTES || size > MEDIUM_BYTES) {
            return null;
        }
        PooledPacket small = size > SMALL_BYTES ? acquireMedium() : acquireSmall();
        if (small == null) {
            return null;
        }
        small.data().put(0, packet.data(), packet.data().position(), size).limit(size);
        small.describe(packet.flow(), packet.delivery(), packet.offload());
        return small;
    }

    private synchronized @Nullable PooledPacket acquireMedium() {
        if (mediumOut >= mediumBudget) {
            return null;
        }
        mediumOut++;
        return ready(idleMedium.poll(), MEDIUM_BYTES);
    }

    private synchronized @Nullable PooledPacket acquireSmall() {
        if (smallOut >= smallBudget) {
            return null;
        }
        smallOut++;
        return ready(idleSmall.poll(), SMALL_BYTES);
    }

    private PooledPacket ready(@Nullable PooledPacket idle, int capacityBytes) {
        PooledPacket packet = idle == null ? new PooledPacket(this, capacityBytes) : idle;
        packet.reuse();
        return packet;
    }

    synchronized void giveBack(PooledPacket packet) {
        if (packet.data().capacity() == LARGE_BYTES) {
            largeOut--;
            idleLarge.push(packet);
        } else if (packet.data().capacity() == MEDIUM_BYTES) {
            mediumOut--;
            idleMedium.push(packet);
        } else {
            smallOut--;
            idleSmall.push(packet);
        }
    }

    /**
     * How many packets are in use.
     *
     * @return 0 when all came back
     */
    public synchronized int out() {
        return largeOut + mediumOut + smallOut;
    }

    /**
     * Whether {@link #acquire} would find a packet.
     *
     * @return false when the budget is spent
     */
    public synchronized boolean available() {
        return largeOut < largeBudget;
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
