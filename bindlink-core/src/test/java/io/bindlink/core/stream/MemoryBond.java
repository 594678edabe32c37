package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Two stream devices joined without a network. It behaves as the engine does: one lock around everything, devices called
 * while it is held, bounded flows, bounded buffers, packets held until a full device has room. Thread-safe.
 */
final class MemoryBond implements AutoCloseable {
    final Streams slave;
    final Streams master;
    private final ReentrantLock engine = new ReentrantLock();
    private final PacketPool pool;
    private final int flowPackets;
    private final End slaveEnd;
    private final End masterEnd;
    private volatile boolean refused;

    MemoryBond(Streams slave, Streams master, int flowPackets, int poolPackets) {
        this.slave = slave;
        this.master = master;
        this.flowPackets = flowPackets;
        this.pool = new PacketPool((long) poolPackets * PacketPool.LARGE_BYTES);
        this.slaveEnd = new End(slave, master);
        this.masterEnd = new End(master, slave);
    }

    static MemoryBond up() {
        MemoryBond bond = new MemoryBond(new Streams(), new Streams(), 8, 64);
        bond.start();
        return bond;
    }

    void start() {
        slaveEnd.start();
        masterEnd.start();
        startSession();
    }

    void startSession() {
        engine.lock();
        try {
            slave.sessionStarted(Role.SLAVE);
            master.sessionStarted(Role.MASTER);
        } finally {
            engine.unlock();
        }
    }

    void endSession() {
        engine.lock();
        try {
            slaveEnd.drop();
            masterEnd.drop();
            slave.sessionEnded();
            master.sessionEnded();
        } finally {
            engine.unlock();
        }
    }

    /** Puts a packet before the master as if the slave had sent it. */
    boolean inject(byte[] packet, int flow) {
        PooledPacket pooled = (PooledPacket) Objects.requireNonNull(slaveEnd.acquire());
        pooled.data().put(packet).flip();
        return slaveEnd.submit(pooled, flow, Delivery.RELIABLE, Offload.NONE);
    }

    /** Waits until a flow was full. */
    void awaitRefusal() {
        while (!refused) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("no flow was ever full");
            }
            Thread.onSpinWait();
        }
    }

    int packetsOut() {
        return pool.out();
    }

    @Override
    public void close() {
        slave.close();
        master.close();
        slaveEnd.awaitEnd();
        masterEnd.awaitEnd();
        endSession();
    }

    /** One direction: from a device to the other one. */
    private final class End implements PacketSink {
        private final Streams from;
        private final Streams to;
        private final Map<Integer, Queue<PooledPacket>> flows = new HashMap<>();
        private final Thread thread;
        private boolean starved;

        End(Streams from, Streams to) {
            this.from = from;
            this.to = to;
            this.thread = new Thread(this::run, "memory-bond");
        }

        void start() {
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }

        /** Waits, as busily as {@link #start}: the device's thread ends at once. */
        void awaitEnd() {
            while (thread.isAlive()) {
                Thread.onSpinWait();
            }
        }

        private void run() {
            try {
                from.run(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public @Nullable Packet acquire() {
            engine.lock();
            try {
                Packet packet = pool.acquire();
                starved |= packet == null;
                return packet;
            } finally {
                engine.unlock();
            }
        }

        @Override
        public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
            engine.lock();
            try {
                Queue<PooledPacket> queue = flows.computeIfAbsent(flow, number -> new ArrayDeque<>());
                if (queue.size() >= flowPackets) {
                    refused = true;
                    return false;
                }
                PooledPacket own = PacketPool.own(packet);
                own.describe(flow, delivery, offload);
                queue.add(own);
                deliver(flow);
                return true;
            } finally {
                engine.unlock();
            }
        }

        @Override
        public void writable(int flow) {
            engine.lock();
            try {
                (this == slaveEnd ? masterEnd : slaveEnd).deliver(flow);
            } finally {
                engine.unlock();
            }
        }

        private void deliver(int flow) {
            Queue<PooledPacket> queue = flows.getOrDefault(flow, new ArrayDeque<>());
            boolean full = queue.size() >= flowPackets;
            for (PooledPacket next = queue.peek(); next != null; next = queue.peek()) {
                if (!to.send(next.data(), next.info())) {
                    break;
                }
                queue.remove().release();
            }
            if (full && queue.size() < flowPackets) {
                from.accepting(flow);
            }
            slaveEnd.feed();
            masterEnd.feed();
        }

        private void feed() {
            if (starved && pool.available()) {
                starved = false;
                from.accepting(0);
            }
        }

        private void drop() {
            flows.values().forEach(queue -> queue.forEach(PooledPacket::release));
            flows.clear();
            feed();
        }
    }
}
