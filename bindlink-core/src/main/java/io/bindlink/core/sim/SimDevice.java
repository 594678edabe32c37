package io.bindlink.core.sim;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.PacketPool;
import io.bindlink.core.base.PooledPacket;
import io.bindlink.core.session.NodeEdge;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory device of a simulated end, and the applications behind it. What the node tells it is put aside until the
 * node has returned, so that applications may answer. Confined to its end.
 */
final class SimDevice implements NodeEdge {
    private static final long PACKET_BYTES = 72 << 20;

    private final TunDevice.Kind kind;
    private final Map<Integer, PacketReceiver> receivers = new HashMap<>();
    private final Deque<Delivered> inbox = new ArrayDeque<>();
    private final Set<Integer> accepting = new LinkedHashSet<>();
    private final Set<Integer> refused = new LinkedHashSet<>();
    private PacketPool packets = newPool();
    private boolean stalled;
    private long unclaimedPackets;
    private long deliveredBytes;

    /** A packet on its way to the application of a port or flow; null: the session ended here. */
    private record Delivered(int key, @Nullable ByteBuffer bytes) {}

    SimDevice(TunDevice.Kind kind) {
        this.kind = kind;
    }

    void attach(int key, PacketReceiver receiver) {
        receivers.put(key, receiver);
    }

    void detach(int key) {
        receivers.remove(key);
    }

    /** Forgets what a dead process left, its buffers too. */
    void reset(long nowNanos) {
        packets = newPool();
        inbox.clear();
        accepting.clear();
        refused.clear();
        everyone().forEach(receiver -> receiver.handleSessionEnded(nowNanos));
    }

    void stall() {
        stalled = true;
    }

    /** Ends a stall; answers the flows that were refused meanwhile. */
    List<Integer> resume() {
        stalled = false;
        List<Integer> waiting = List.copyOf(refused);
        refused.clear();
        return waiting;
    }

    /** A described packet for the node, or null when the buffers are spent. */
    @Nullable
    PooledPacket wrap(ByteBuffer bytes, int flow, Delivery delivery) {
        PooledPacket packet = packets.acquire();
        if (packet == null) {
            return null;
        }
        packet.data().put(bytes.duplicate()).flip();
        packet.describe(flow, delivery, Offload.NONE);
        return packets.compact(packet);
    }

    /** Hands on what came out; true when anything did. */
    boolean serve(long nowNanos) {
        boolean any = !inbox.isEmpty() || !accepting.isEmpty();
        for (Delivered packet = inbox.poll(); packet != null; packet = inbox.poll()) {
            hand(packet, nowNanos);
        }
        List<Integer> flows = List.copyOf(accepting);
        accepting.clear();
        for (int flow : flows) {
            PacketReceiver one = receivers.get(flow);
            if (flow == 0) {
                everyone().forEach(receiver -> receiver.handleAccepting(nowNanos));
            } else if (one != null) {
                one.handleAccepting(nowNanos);
            }
        }
        return any;
    }

    private void hand(Delivered packet, long nowNanos) {
        ByteBuffer bytes = packet.bytes();
        PacketReceiver receiver = receivers.get(packet.key());
        if (bytes == null) {
            everyone().forEach(each -> each.handleSessionEnded(nowNanos));
        } else if (receiver == null) {
            unclaimedPackets++;
        } else {
            receiver.handlePacket(bytes, nowNanos);
        }
    }

    /** All receivers, as a copy: they may attach others. */
    private List<PacketReceiver> everyone() {
        return List.copyOf(receivers.values());
    }

    long unclaimedPackets() {
        return unclaimedPackets;
    }

    long deliveredBytes() {
        return deliveredBytes;
    }

    int buffersOut() {
        return packets.out();
    }

    static ByteBuffer copy(ByteBuffer bytes) {
        byte[] copied = new byte[bytes.remaining()];
        bytes.duplicate().get(copied);
        return ByteBuffer.wrap(copied);
    }

    @Override
    public boolean deliver(ByteBuffer packet, PacketInfo info) {
        if (stalled) {
            refused.add(info.flow());
            return false;
        }
        int key = kind == TunDevice.Kind.STREAMS ? info.flow() : Ipv4.destinationPort(packet);
        deliveredBytes += packet.remaining();
        inbox.add(new Delivered(key, copy(packet)));
        return true;
    }

    @Override
    public @Nullable Packet acquire() {
        return packets.acquire();
    }

    @Override
    public void accepting(int flow) {
        accepting.add(flow);
    }

    @Override
    public void sessionStarted(boolean offload) {
        accepting.add(0);
    }

    @Override
    public void sessionEnded() {
        refused.clear();
        inbox.add(new Delivered(0, null));
    }

    private static PacketPool newPool() {
        return new PacketPool(PACKET_BYTES);
    }
}
