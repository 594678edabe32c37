package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.core.base.SegmentHeaders;
import io.bindlink.core.queue.FlowQueue;
import io.bindlink.core.queue.Parcel;
import io.bindlink.core.queue.Parcels;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The flows at their sender: finds a packet's flow, queues it, and tells the device when a flow that was full takes
 * packets again. Confined to its session.
 */
final class Outflows {
    private final MultiplexerContext context;
    private final FlowQueue<Outflow> queue;
    private final long firstSequence;
    private final boolean takesOffload;
    private final SlotTable<Outflow> table = new SlotTable<>();
    private final Parcels parcels = new Parcels();
    private final DatagramRates rates = new DatagramRates();
    private final PacketParser parser;
    private final SegmentHeaders headers = new SegmentHeaders();

    Outflows(MultiplexerContext context, FlowQueue<Outflow> queue, long firstSequence) {
        this.context = context;
        this.queue = queue;
        this.takesOffload = context.peer().acceptsOffload() && context.peer().acceptsPartialChecksum();
        this.firstSequence = firstSequence;
        this.parser = new PacketParser(context.random().nextLong());
    }

    FlowQueue<Outflow> queue() {
        return queue;
    }

    @Nullable
    Outflow flow(int key) {
        return table.get(key);
    }

    /** Takes a packet, or refuses it because its flow is full. */
    boolean send(Packet packet, long nowNanos) {
        if (!isSound(packet)) {
            context.count("mux_offload_refused", 1);
            packet.release();
            return true;
        }
        Outflow flow = flowOf(packet, nowNanos);
        if (flow.hasRefused() && !queue.hasRoom(flow)) {
            flow.refuse(packet.info().flow());
            return false;
        }
        Parcel parcel = parcels.wrap(packet, nowNanos);
        if (packet.info().offload().kind() != Offload.Kind.NONE) {
            parcel.headers(headers.headerBytes());
        }
        if (queue.offer(flow, parcel, nowNanos)) {
            return true;
        }
        parcel.unwrap();
        flow.refuse(packet.info().flow());
        return false;
    }

    /** A super-packet must be one, and the peer must take it. */
    private boolean isSound(Packet packet) {
        Offload offload = packet.info().offload();
        if (offload.equals(Offload.NONE)) {
            return true;
        }
        if (!takesOffload || !offload.partialChecksum() || packet.info().flow() != 0) {
            return false;
        }
        ByteBuffer data = packet.data();
        int start = data.arrayOffset() + data.position();
        return offload.kind() == Offload.Kind.NONE
                || (headers.read(offload.kind(), offload.segmentBytes(), data.array(), start, data.remaining())
                        && headers.totalBytes() == data.remaining());
    }

    private Outflow flowOf(Packet packet, long nowNanos) {
        PacketInfo info = packet.info();
        if (info.delivery() == Delivery.RELIABLE) {
            return flowAt(ChunkLayout.key(FlowClass.RELIABLE, ChunkLayout.reliableSlot(info.flow())));
        }
        if (info.flow() > 0) {
            return flowAt(ChunkLayout.key(FlowClass.ORDERED, info.flow() & (ChunkLayout.BEST_EFFORT_SLOTS - 1)));
        }
        parser.parse(packet.data());
        int slot = parser.slot();
        boolean unordered = switch (parser.traffic()) {
            case ORDERED -> false;
            case UNORDERED -> true;
            case DATAGRAMS -> rates.isSparse(slot, nowNanos);
        };
        unordered &= info.offload().kind() == Offload.Kind.NONE; // segments have an order
        return flowAt(ChunkLayout.key(unordered ? FlowClass.UNORDERED : FlowClass.ORDERED, slot));
    }

    private Outflow flowAt(int key) {
        Outflow flow = table.get(key);
        if (flow == null) {
            flow = new Outflow(key, firstSequence);
            table.put(key, flow);
        }
        return flow;
    }

    /** Some of a flow's bytes left the queue. */
    void onTaken(Outflow flow) {
        if (!flow.hasRefused() || !queue.hasRoom(flow)) {
            return;
        }
        for (int number : flow.takeRefused()) {
            context.accepting(number);
        }
    }

    /** Releases every packet that waits or is under way. */
    void clear(Repairs repairs) {
        queue.clear();
        table.forEach(flow -> {
            for (Piece piece = flow.firstUnsettled(); piece != null; piece = flow.firstUnsettled()) {
                repairs.settle(piece);
            }
        });
        table.clear();
    }
}
