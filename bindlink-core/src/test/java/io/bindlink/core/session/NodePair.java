package io.bindlink.core.session;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.RateControl;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A master and slaves on virtual time, joined by wires of constant delay that a test can cut, tap and feed. The slave's
 * socket for link n is 100 + n and leaves from 10.0.0.n:40000; the master's only socket is 1.
 */
final class NodePair {
    static final int MASTER_SOCKET = 1;
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    private static final long DELAY_NANOS = 10 * MILLI;
    private static final byte[] KEY = new byte[32];

    final InetSocketAddress masterAddress = new InetSocketAddress("10.9.9.9", 4500);
    final SplittableRandom random;
    final List<End> ends = new ArrayList<>();
    final End master;
    private final long firstNumber;
    long now = 5 * SECOND;
    private long order;
    private final PriorityQueue<Flying> flying =
            new PriorityQueue<>(Comparator.comparingLong(Flying::atNanos).thenComparingLong(Flying::order));

    /** A node's own clock: it starts anywhere, and runs fast by some millionths. Immutable. */
    record Clock(long offsetNanos, int fastPpm) {
        static final Clock TRUE = new Clock(0, 0);
        private static final long MILLION = 1_000_000;

        /** What it shows at a time of the pair. */
        long at(long nanos) {
            return offsetNanos + nanos + nanos / MILLION * fastPpm + nanos % MILLION * fastPpm / MILLION;
        }

        /** When it first shows a time or a later one. */
        long when(long shown) {
            if (shown == Long.MAX_VALUE) {
                return shown;
            }
            long elapsed = shown - offsetNanos;
            long scale = MILLION + fastPpm;
            long nanos = elapsed - elapsed / scale * fastPpm - elapsed % scale * fastPpm / scale - 2;
            while (at(nanos) < shown) {
                nanos++;
            }
            return nanos;
        }
    }

    /** A datagram on its way. */
    record Flying(long atNanos, long order, End to, int socket, InetSocketAddress source, byte[] bytes) {}

    /** What a test may do with a datagram: let it pass (true) or not. */
    interface Filter {
        boolean passes(End from, int linkId, byte[] bytes);
    }

    Filter filter = (from, linkId, bytes) -> true;
    final List<byte[]> seen = new ArrayList<>();

    /** Bytes that the master sent to where nobody is. */
    final Map<InetSocketAddress, Integer> strayBytes = new HashMap<>();

    /** One node with its device. */
    final class End implements NodeEdge {
        final Node node;
        final TransmitPool pool = new TransmitPool();
        final PacketPool packets = new PacketPool(12 << 20);
        final List<PlainMultiplexer> multiplexers = new ArrayList<>();
        final List<String> delivered = new ArrayList<>();
        final List<Event> events = new ArrayList<>();
        final int subnet;
        final Clock clock;
        int maxDatagramBytes = 1472;
        int nextSocket = 1000;
        Predicate<LinkUri> refusesDatagrams = uri -> false;

        /** Most tests are of links that are cut, where no connection is made either. */
        Predicate<LinkUri> unreachable = uri -> uri.scheme() == LinkUri.Scheme.TCP;

        final List<DialRequest> dials = new ArrayList<>();
        final int[] socketOfLink = new int[256];
        final InetSocketAddress[] addressOfLink = new InetSocketAddress[256];
        int sessionsStarted;
        int sessionsEnded;
        private long frozenUntilNanos;
        private long deafUntilNanos;

        End(
                UnaryOperator<NodeConfig> change,
                Role role,
                int subnet,
                long instanceId,
                Clock clock,
                long packetsPerKeys) {
            this.subnet = subnet;
            this.clock = clock;
            NodeConfig config = new NodeConfig(
                    role,
                    PresharedSecret.of(KEY),
                    List.of(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305),
                    instanceId,
                    TunDevice.Kind.IP_PACKETS,
                    false,
                    "plain",
                    1,
                    () -> {
                        multiplexers.add(new PlainMultiplexer());
                        return multiplexers.get(multiplexers.size() - 1);
                    },
                    () -> (Scheduler) (packet, links, picks) -> {},
                    RateControl::new,
                    NodeConfig.DEFAULT_BUFFER_BYTES,
                    NodeConfig.DEFAULT_REKEY_NANOS,
                    NodeConfig.DEFAULT_SESSION_TIMEOUT_NANOS);
            node = new Node(
                    change.apply(config), this, pool, random.split(), packetsPerKeys, firstNumber, clock.at(now));
            ends.add(this);
        }

        @Override
        public boolean deliver(ByteBuffer packet, PacketInfo info) {
            delivered.add(StandardCharsets.UTF_8.decode(packet.duplicate()).toString());
            return true;
        }

        @Override
        public Packet acquire() {
            return packets.acquire();
        }

        @Override
        public void accepting(int flow) {}

        @Override
        public void sessionStarted(boolean offload) {
            sessionsStarted++;
        }

        @Override
        public void sessionEnded() {
            sessionsEnded++;
        }

        LinkId link(int n) {
            return node.addLink(LinkUri.parse("udp://10.9.9.9:4500?from=10." + subnet + ".0." + n), clock.at(now));
        }

        PlainMultiplexer multiplexer() {
            return multiplexers.get(multiplexers.size() - 1);
        }

        void submit(String text) {
            PooledPacket packet = packets.acquire();
            packet.data().put(text.getBytes(StandardCharsets.UTF_8)).flip();
            packet = packets.compact(packet);
            if (!node.handlePacket(packet, clock.at(now))) {
                packet.release();
            }
            drain(this);
        }

        /** Stops the whole process, as a garbage collection does. What comes waits in the sockets' buffers. */
        void freeze(long nanos, boolean timersFirst) {
            frozenUntilNanos = now + nanos;
            deafUntilNanos = frozenUntilNanos + (timersFirst ? 1 : 0);
        }

        private long dueNanos() {
            return Math.max(frozenUntilNanos, clock.when(node.pollTimeout()));
        }

        long counter(String name) {
            return node.stats().counter(name);
        }

        private void dial() {
            DialRequest request;
            while ((request = node.pollDial()) != null) {
                int id = request.linkId().value();
                dials.add(request);
                if (refusesDatagrams.test(request.uri())) {
                    node.handleDatagramsRefused(request.linkId(), "no UDP here", clock.at(now));
                    continue;
                }
                if (unreachable.test(request.uri())) {
                    node.handleDialFailed(request.linkId(), "timed out", clock.at(now));
                    continue;
                }
                socketOfLink[id] = nextSocket++;
                String from = request.uri().from().orElse(request.uri().host());
                addressOfLink[id] = new InetSocketAddress(from, 40_000 + socketOfLink[id] % 1000);
                node.handleSocket(request.linkId(), socketOfLink[id], null, maxDatagramBytes, clock.at(now));
            }
            int unused = node.pollUnusedSocket();
            while (unused != 0) {
                unused = node.pollUnusedSocket();
            }
        }
    }

    NodePair(long seed) {
        this(seed, config -> config);
    }

    NodePair(long seed, UnaryOperator<NodeConfig> changeMaster) {
        this(seed, changeMaster, Clock.TRUE);
    }

    NodePair(long seed, UnaryOperator<NodeConfig> changeMaster, Clock masterClock) {
        this(seed, changeMaster, masterClock, NodeContext.FIRST_NUMBER);
    }

    /** A pair whose links have been in use for a long time: both ends begin with another packet number. */
    NodePair(long seed, long firstNumber) {
        this(seed, config -> config, Clock.TRUE, firstNumber);
    }

    private NodePair(long seed, UnaryOperator<NodeConfig> changeMaster, Clock masterClock, long firstNumber) {
        this.firstNumber = firstNumber;
        random = new SplittableRandom(seed);
        master = new End(changeMaster, Role.MASTER, 9, 1, masterClock, NodeContext.PACKETS_PER_KEYS);
    }

    End slave(int subnet, long instanceId) {
        return slave(subnet, instanceId, config -> config);
    }

    End slave(int subnet, long instanceId, UnaryOperator<NodeConfig> change) {
        return new End(change, Role.SLAVE, subnet, instanceId, Clock.TRUE, NodeContext.PACKETS_PER_KEYS);
    }

    End slave(int subnet, Clock clock) {
        return new End(config -> config, Role.SLAVE, subnet, subnet, clock, NodeContext.PACKETS_PER_KEYS);
    }

    End slave(int subnet, long packetsPerKeys, Clock clock) {
        return new End(config -> config, Role.SLAVE, subnet, subnet, clock, packetsPerKeys);
    }

    /** Puts a datagram on the way to the master as if it came from some address. */
    void inject(End to, int socket, InetSocketAddress source, byte[] bytes) {
        flying.add(new Flying(now, order++, to, socket, source, bytes.clone()));
    }

    void runFor(long nanos) {
        long end = now + nanos;
        for (int steps = 0; ; steps++) {
            if (steps > 2_000_000) {
                throw new AssertionError("the nodes keep spinning at " + now);
            }
            for (End each : ends) {
                drain(each);
            }
            long next = end;
            for (End each : ends) {
                next = Math.min(next, each.dueNanos());
            }
            if (!flying.isEmpty()) {
                next = Math.min(next, flying.peek().atNanos());
            }
            now = Math.max(now, next);
            boolean idle = true;
            while (!flying.isEmpty() && flying.peek().atNanos() <= now) {
                deliver(flying.poll());
                idle = false;
            }
            for (End each : ends) {
                if (each.dueNanos() <= now) {
                    each.node.handleTimeout(each.clock.at(now));
                    idle = false;
                }
            }
            if (idle && now >= end) {
                return;
            }
        }
    }

    private void deliver(Flying due) {
        End to = due.to();
        if (now < to.deafUntilNanos) {
            flying.add(new Flying(to.deafUntilNanos, order++, to, due.socket(), due.source(), due.bytes()));
            return;
        }
        to.node.handleDatagram(due.socket(), due.source(), ByteBuffer.wrap(due.bytes()), to.clock.at(now));
        drain(to);
    }

    private void drain(End end) {
        end.dial();
        Transmit transmit;
        while ((transmit = end.node.pollTransmit()) != null) {
            byte[] bytes = new byte[transmit.length()];
            System.arraycopy(transmit.bytes(), Transmit.HEADROOM_BYTES, bytes, 0, bytes.length);
            route(end, transmit, bytes);
            transmit.release();
        }
        Event event;
        while ((event = end.node.pollEvent()) != null) {
            end.events.add(event);
        }
    }

    private void route(End from, Transmit transmit, byte[] bytes) {
        seen.add(bytes);
        if (from == master) {
            for (End to : ends) {
                for (int id = 1; to != master && id < 256; id++) {
                    if (transmit.remote().equals(to.addressOfLink[id])) {
                        if (filter.passes(from, id, bytes)) {
                            fly(to, to.socketOfLink[id], masterAddress, bytes);
                        }
                        return;
                    }
                }
            }
            strayBytes.merge(transmit.remote(), bytes.length, Integer::sum);
            return;
        }
        for (int id = 1; id < 256; id++) {
            if (from.socketOfLink[id] == transmit.socket() && filter.passes(from, id, bytes)) {
                fly(master, MASTER_SOCKET, from.addressOfLink[id], bytes);
            }
        }
    }

    /** Puts a datagram that an end sent on the way, once more or at last. */
    void resend(End from, int linkId, byte[] bytes) {
        End slave = from == master ? ends.get(1) : from;
        if (from == master) {
            fly(slave, slave.socketOfLink[linkId], masterAddress, bytes);
        } else {
            fly(master, MASTER_SOCKET, slave.addressOfLink[linkId], bytes);
        }
    }

    private void fly(End to, int socket, InetSocketAddress source, byte[] bytes) {
        flying.add(new Flying(now + DELAY_NANOS, order++, to, socket, source, bytes));
    }
}
