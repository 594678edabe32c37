package io.bindlink.core.mux;

import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import java.nio.ByteBuffer;

/** The way out to the device: describes packets and puts those of several chunks together. Confined to its session. */
final class Outlet {
    private final MultiplexerContext context;
    private final LiveInfo info = new LiveInfo();
    private final ByteBuffer assembled = ByteBuffer.allocate(ChunkLayout.MAX_PACKET_BYTES);
    private Offload lastOffload = Offload.NONE;
    private int lastOffloadKey;

    Outlet(MultiplexerContext context) {
        this.context = context;
    }

    /** Delivers a packet that came whole, out of the payload it came in; false when the device is full. */
    boolean deliver(Inflow flow, ChunkReader chunk, ByteBuffer payload) {
        int position = payload.position();
        int limit = payload.limit();
        payload.limit(chunk.dataIndex() + chunk.dataBytes()).position(chunk.dataIndex());
        describe(flow, chunk.dataBytes(), chunk.metaKind(), chunk.segmentBytes(), chunk.flowNumber());
        boolean taken = context.deliver(payload, info);
        payload.limit(limit).position(position);
        return taken;
    }

    /** Delivers a packet whose parts are together; false when the device is full. */
    boolean deliver(Inflow flow, Held whole) {
        assembled.clear();
        assembled.put(whole.bytes(), 0, whole.lengthBytes()).flip();
        describe(flow, whole.lengthBytes(), whole.metaKind(), whole.segmentBytes(), whole.flowNumber());
        return context.deliver(assembled, info);
    }

    /** Delivers the packet whose chunks lie from {@code next} to {@code last}; false when the device is full. */
    boolean deliver(Inflow flow, long last) {
        assembled.clear();
        for (long sequence = flow.next(); sequence <= last; sequence++) {
            Held held = flow.complete(sequence);
            assembled.put(held.bytes(), 0, held.lengthBytes());
        }
        assembled.flip();
        Held first = flow.complete(flow.next());
        describe(flow, assembled.limit(), first.metaKind(), first.segmentBytes(), first.flowNumber());
        return context.deliver(assembled, info);
    }

    /** Delivers the segments of the flow's train from {@code next} to before {@code end}; false when the device is full. */
    boolean deliverRun(Inflow flow, long end) {
        assembled.clear();
        flow.train.write(flow, end, assembled);
        assembled.flip();
        int segments = (int) (end - flow.next());
        describe(flow, assembled.limit(), flow.train.metaKind(segments), flow.train.segmentBytes(segments), 0);
        return context.deliver(assembled, info);
    }

    /** A reliable flow keeps the number it was told; of others each packet tells its own, or none. */
    private void describe(Inflow flow, int sizeBytes, int metaKind, int segmentBytes, int toldNumber) {
        boolean keeps = flow.flowClass() == FlowClass.RELIABLE;
        if (Meta.hasFlow(metaKind) || !keeps) {
            flow.flowNumber = toldNumber;
        }
        info.delivered(sizeBytes, flow.flowNumber, flow.flowClass().delivery(), offload(metaKind, segmentBytes));
    }

    /** Super-packets of a flow are alike, so the last description mostly serves again. */
    private Offload offload(int metaKind, int segmentBytes) {
        int key = ((metaKind & ~ChunkLayout.META_FLOW) << 16) | segmentBytes;
        if (key != lastOffloadKey) {
            lastOffload = Meta.offload(metaKind, segmentBytes);
            lastOffloadKey = key;
        }
        return lastOffload;
    }
}
