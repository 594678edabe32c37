package io.bindlink.core.bench;

import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A slave and a master in one thread on virtual time, joined by links without delay, loss or allocation. Packets are
 * TCP's, of as many flows as wished, one after the other. Confined to its benchmark.
 */
final class LoopbackBond {
    private static final long PACKET_INTERVAL_NANOS = 100_000; // 96 Mbit/s of 1200 bytes
    private static final long CONNECT_STEP_NANOS = 1_000_000;
    private static final int CONNECT_STEPS = 10_000;
    private static final int MASTER_SOCKET = 1;
    private static final int MAX_DATAGRAM_BYTES = 1472;
    private static final InetSocketAddress MASTER = new InetSocketAddress("10.9.9.9", 4500);
    private static final int FIRST_PORT = 40_000; // of the slave's sockets, which count from it
    private static final int ADDRESS = 0x0A010100; // of the flows' senders, 256 of them
    private static final byte TCP = 6;

    private final SplittableRandom random = new SplittableRandom(1);
    private final int packetBytes;
    private final int links;
    private final int flows;
    private final MultiplexerProvider multiplexer;
    private final SchedulerProvider scheduler;
    private final End master;
    private final End slave;
    private final List<InetSocketAddress> slaveAddresses = new ArrayList<>(); // by socket number
    private int flow;
    private long now;
    private long datagrams;
    private long submitted;
    private long delivered;
    private long submittedBefore;
    private long deliveredBefore;

    /**
     * Two ends that are not connected yet.
     *
     * @param packetBytes size of each packet
     * @param multiplexerName {@code direct} for the least there can be, else a provider's name
     * @param links how many join them
     * @param flows how many take turns
     */
    LoopbackBond(int packetBytes, String multiplexerName, int links, int flows) {
        this.packetBytes = packetBytes;
        this.links = links;
        this.flows = flows;
        this.multiplexer = multiplexerName.equals(DirectMultiplexer.PROVIDER.name())
                ? DirectMultiplexer.PROVIDER
                : provider(MultiplexerProvider.class, plugin -> plugin.name().equals(multiplexerName));
        this.scheduler = provider(SchedulerProvider.class, plugin -> plugin.name().equals("adaptive"));
        this.master = new End(Role.MASTER);
        this.slave = new End(Role.SLAVE);
    }

    void connect() {
        for (int i = 0; i < links; i++) {
            slave.node.addLink(LinkUri.udp("10.9.9.9", 4500), now);
        }
        for (int step = 0; step < CONNECT_STEPS; step++) {
            advance(CONNECT_STEP_NANOS);
            if (slave.linksUp() == links && master.linksUp() == links && submit() && delivered > 0) {
                return;
            }
        }
        throw new IllegalStateException("the bond does not come up");
    }

    /** Submits one packet at the slave and goes on until it is delivered at the master. */
    void sendOne() {
        long wanted = delivered + 1;
        boolean taken = submit();
        exchange();
        do {
            advance(PACKET_INTERVAL_NANOS);
            taken = taken || submit();
        } while (delivered < wanted);
    }

    /**
     * Submits packets at the slave, all at once, and lets the time pass until it is the next ones' turn. What links have
     * no room for is delivered then.
     *
     * @param packets how many
     */
    void sendBurst(int packets) {
        for (int i = 0; i < packets; i++) {
            submit();
        }
        exchange();
        long nextNanos = now + packets * PACKET_INTERVAL_NANOS;
        while (now < nextNanos) {
            long dueNanos = Math.min(slave.node.pollTimeout(), master.node.pollTimeout());
            advance(Math.min(nextNanos, Math.max(dueNanos, now + PACKET_INTERVAL_NANOS)) - now);
        }
    }

    /** What share of the packets was delivered since this was asked last. */
    double takeDeliveredShare() {
        double share = (double) (delivered - deliveredBefore) / (submitted - submittedBefore);
        deliveredBefore = delivered;
        submittedBefore = submitted;
        return share;
    }

    long datagrams() {
        return datagrams;
    }

    long delivered() {
        return delivered;
    }

    private boolean submit() {
        submitted++;
        PooledPacket packet = slave.packets.acquire();
        if (packet == null) {
            return false;
        }
        describe(packet.data());
        boolean taken = slave.node.handlePacket(packet, now);
        if (!taken) {
            packet.release();
            return false;
        }
        flow = (flow + 1) % flows;
        return true;
    }

    /** The headers of IP and TCP, as far as they tell one flow from another. */
    private void describe(ByteBuffer data) {
        data.limit(packetBytes)
                .put(0, (byte) 0x45)
                .putShort(2, (short) packetBytes)
                .put(9, TCP)
                .putInt(12, ADDRESS + (flow & 0xFF))
                .putShort(20, (short) (1_024 + (flow >> 8)))
                .put(32, (byte) 0x50);
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
        while (slave.carryTo(master) + master.carryTo(slave) > 0) {
            // Each answer may call for another one.
        }
    }

    private static <P> P provider(Class<P> kind, Predicate<P> wanted) {
        return ServiceLoader.load(kind).stream()
                .map(ServiceLoader.Provider::get)
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a " + kind.getSimpleName() + " is missing"));
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
                    () -> scheduler.create(Map.of()),
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
                int socket = slaveAddresses.size();
                slaveAddresses.add(new InetSocketAddress("10.1.1.1", FIRST_PORT + socket));
                node.handleSocket(request.linkId(), socket, null, MAX_DATAGRAM_BYTES, now);
                request = node.pollDial();
            }
        }

        long linksUp() {
            return node.stats().links().stream()
                    .filter(link -> link.state() == LinkState.UP)
                    .count();
        }

        int carryTo(End peer) {
            int carried = 0;
            Transmit transmit = node.pollTransmit();
            while (transmit != null) {
                ByteBuffer datagram = transmit.buffer();
                datagram.limit(Transmit.HEADROOM_BYTES + transmit.length()).position(Transmit.HEADROOM_BYTES);
                InetSocketAddress remote = transmit.remote();
                if (remote == null) {
                    peer.node.handleDatagram(MASTER_SOCKET, slaveAddresses.get(transmit.socket()), datagram, now);
                } else {
                    peer.node.handleDatagram(remote.getPort() - FIRST_PORT, MASTER, datagram, now);
                }
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
