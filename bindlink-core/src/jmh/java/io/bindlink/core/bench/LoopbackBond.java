package io.bindlink.core.bench;

import io.bindlink.api.LinkUri;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.RateControl;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import io.bindlink.core.session.DialRequest;
import io.bindlink.core.session.Node;
import io.bindlink.core.session.NodeConfig;
import io.bindlink.core.session.NodeEdge;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;

/**
 * A slave and a master in one thread on virtual time, joined by one link without delay, loss or allocation. Confined to
 * its benchmark.
 */
final class LoopbackBond {
    private static final long PACKET_INTERVAL_NANOS = 100_000; // 96 Mbit/s of 1200 bytes
    private static final long CONNECT_STEP_NANOS = 1_000_000;
    private static final int CONNECT_STEPS = 10_000;
    private static final int MASTER_SOCKET = 1;
    private static final int MAX_DATAGRAM_BYTES = 1472;
    private static final InetSocketAddress MASTER = new InetSocketAddress("10.9.9.9", 4500);
    private static final InetSocketAddress SLAVE = new InetSocketAddress("10.1.1.1", 40_000);

    private final SplittableRandom random = new SplittableRandom(1);
    private final int packetBytes;
    private final MultiplexerProvider multiplexer;
    private final End master;
    private final End slave;
    private int slaveSocket = 1;
    private long now;
    private long datagrams;
    private long delivered;

    /**
     * Two ends that are not connected yet.
     *
     * @param packetBytes size of each packet
     * @param multiplexerName {@code direct} for the least there can be, else a provider's name
     */
    LoopbackBond(int packetBytes, String multiplexerName) {
        this.packetBytes = packetBytes;
        this.multiplexer = provider(multiplexerName);
        this.master = new End(Role.MASTER);
        this.slave = new End(Role.SLAVE);
    }

    void connect() {
        slave.node.addLink(LinkUri.udp("10.9.9.9", 4500), now);
        for (int step = 0; step < CONNECT_STEPS; step++) {
            advance(CONNECT_STEP_NANOS);
            if (slave.node.isUp() && master.node.isUp() && submit() && delivered > 0) {
                return;
            }
        }
        throw new IllegalStateException("the bond does not come up");
    }

    /** Submits one packet at the slave and goes on until it is delivered at the master. */
    void sendOne() {
        long wanted = delivered + 1;
        boolean taken = submit();
        do {
            advance(PACKET_INTERVAL_NANOS);
            taken = taken || submit();
        } while (delivered < wanted);
    }

    long datagrams() {
        return datagrams;
    }

    long delivered() {
        return delivered;
    }

    private boolean submit() {
        PooledPacket packet = slave.packets.acquire();
        if (packet == null) {
            return false;
        }
        packet.data().limit(packetBytes);
        boolean taken = slave.node.handlePacket(packet, now);
        if (!taken) {
            packet.release();
        }
        exchange();
        return taken;
    }

    private void advance(long nanos) {
        now += nanos;
        slave.wake();
        master.wake();
        exchange();
    }

    /** Carries datagrams to and fro until neither end has any. */
    private void exchange() {
        slave.dial();
        while (slave.carryTo(master, MASTER_SOCKET, SLAVE) + master.carryTo(slave, slaveSocket, MASTER) > 0) {
            // Each answer may call for another one.
        }
    }

    /** With one link there is nothing to choose, and the direct multiplexer never asks. */
    private static Scheduler scheduler() {
        return (packet, links, picks) -> picks.add(links.get(0));
    }

    private static MultiplexerProvider provider(String name) {
        if (name.equals(DirectMultiplexer.PROVIDER.name())) {
            return DirectMultiplexer.PROVIDER;
        }
        return ServiceLoader.load(MultiplexerProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no multiplexer '" + name + "'"));
    }

    /** One node with a device that swallows what it is given. */
    private final class End implements NodeEdge {
        private final TransmitPool pool = new TransmitPool();
        private final PacketPool packets = new PacketPool(12 << 20);
        private final Node node;

        End(Role role) {
            NodeConfig config = new NodeConfig(
                    role,
                    PresharedSecret.of(new byte[PresharedSecret.LENGTH]),
                    List.of(Suite.AES_256_GCM),
                    role == Role.MASTER ? 1 : 2,
                    TunDevice.Kind.IP_PACKETS,
                    false,
                    multiplexer.name(),
                    multiplexer.version(),
                    () -> multiplexer.create(Map.of()),
                    LoopbackBond::scheduler,
                    RateControl::new,
                    NodeConfig.DEFAULT_BUFFER_BYTES,
                    NodeConfig.DEFAULT_REKEY_NANOS,
                    NodeConfig.DEFAULT_SESSION_TIMEOUT_NANOS);
            node = new Node(config, this, pool, random.split(), 0);
        }

        void wake() {
            if (node.pollTimeout() <= now) {
                node.handleTimeout(now);
            }
        }

        void dial() {
            DialRequest request = node.pollDial();
            while (request != null) {
                slaveSocket++;
                node.handleSocket(request.linkId(), slaveSocket, null, MAX_DATAGRAM_BYTES, now);
                request = node.pollDial();
            }
        }

        int carryTo(End peer, int socket, InetSocketAddress source) {
            int carried = 0;
            Transmit transmit = node.pollTransmit();
            while (transmit != null) {
                ByteBuffer datagram = transmit.buffer();
                datagram.limit(Transmit.HEADROOM_BYTES + transmit.length()).position(Transmit.HEADROOM_BYTES);
                peer.node.handleDatagram(socket, source, datagram, now);
                transmit.release();
                carried++;
                transmit = node.pollTransmit();
            }
            while (node.pollEvent() != null) {
                // Nobody listens.
            }
            datagrams += carried;
            return carried;
        }

        @Override
        public boolean deliver(ByteBuffer packet, PacketInfo info) {
            delivered++;
            return true;
        }

        @Override
        public Packet acquire() {
            return packets.acquire();
        }

        @Override
        public void accepting(int flow) {}

        @Override
        public void sessionStarted(boolean offload) {}

        @Override
        public void sessionEnded() {}
    }
}
