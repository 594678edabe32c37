package io.bindlink.tun.tcp;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;

/** Two devices joined without a network: what one submits the other is sent, flow by flow. Thread-safe. */
final class JoinedDevices implements AutoCloseable {
    private static final int FLOW_PACKETS = 32;

    private final TunDevice slave;
    private final TunDevice master;
    private final Object engine = new Object();
    private final End slaveEnd;
    private final End masterEnd;

    JoinedDevices(TunDevice slave, TunDevice master) {
        this.slave = slave;
        this.master = master;
        this.slaveEnd = new End(slave, master);
        this.masterEnd = new End(master, slave);
    }

    JoinedDevices start() {
        slaveEnd.thread.start();
        masterEnd.thread.start();
        slaveEnd.awaitRunning();
        masterEnd.awaitRunning();
        startSession();
        return this;
    }

    void startSession() {
        synchronized (engine) {
            slave.sessionStarted(Role.SLAVE);
            master.sessionStarted(Role.MASTER);
        }
    }

    void endSession() {
        synchronized (engine) {
            slaveEnd.flows.clear();
            masterEnd.flows.clear();
            slave.sessionEnded();
            master.sessionEnded();
        }
    }

    @Override
    public void close() throws IOException {
        slave.close();
        master.close();
        slaveEnd.awaitEnd();
        masterEnd.awaitEnd();
    }

    /** A buffer of its own for every packet. */
    private record HeapPacket(ByteBuffer data) implements Packet {
        @Override
        public PacketInfo info() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }

    /** One direction. */
    private final class End implements PacketSink {
        private final TunDevice from;
        private final TunDevice to;
        private final Map<Integer, Queue<Packet>> flows = new HashMap<>();
        private final Thread thread = new Thread(this::run, "joined-devices");
        private final CountDownLatch running = new CountDownLatch(1);

        End(TunDevice from, TunDevice to) {
            this.from = from;
            this.to = to;
        }

        private void run() {
            try {
                running.countDown();
                from.run(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void awaitEnd() {
            while (thread.isAlive()) {
                Thread.onSpinWait();
            }
        }

        private void awaitRunning() {
            while (running.getCount() > 0 || thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }

        @Override
        public Packet acquire() {
            return new HeapPacket(ByteBuffer.allocate(65_535));
        }

        @Override
        public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
            synchronized (engine) {
                Queue<Packet> queue = flows.computeIfAbsent(flow, number -> new ArrayDeque<>());
                if (queue.size() >= FLOW_PACKETS) {
                    return false;
                }
                queue.add(packet);
                deliver(flow);
                return true;
            }
        }

        @Override
        public void writable(int flow) {
            synchronized (engine) {
                (this == slaveEnd ? masterEnd : slaveEnd).deliver(flow);
            }
        }

        private void deliver(int flow) {
            Queue<Packet> queue = flows.getOrDefault(flow, new ArrayDeque<>());
            boolean full = queue.size() >= FLOW_PACKETS;
            for (Packet next = queue.peek(); next != null; next = queue.peek()) {
                ByteBuffer data = next.data();
                if (!to.send(data, PacketInfo.of(data.remaining(), flow, Delivery.RELIABLE, Offload.NONE))) {
                    break;
                }
                queue.remove();
            }
            if (full && queue.size() < FLOW_PACKETS) {
                from.accepting(flow);
            }
        }
    }
}
