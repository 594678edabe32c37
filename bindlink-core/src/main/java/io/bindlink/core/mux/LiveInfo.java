package io.bindlink.core.mux;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import io.bindlink.core.queue.Parcel;

/** The description of whatever packet is in hand; one object serves all. Confined to its session. */
final class LiveInfo implements PacketInfo {
    private static final long ANY = Long.MAX_VALUE;

    private int sizeBytes;
    private int flow;
    private boolean sparse;
    private boolean resend;
    private boolean tail;
    private long toleranceNanos;
    private Delivery delivery = Delivery.BEST_EFFORT;
    private Offload offload = Offload.NONE;

    /** A packet at the head of its flow, about to be sent. */
    LiveInfo fresh(Outflow ofFlow, Parcel parcel, boolean fromSparse) {
        int partEnd = parcel.partEnd();
        describe(partEnd - parcel.takenBytes(), ChunkLayout.slotOf(ofFlow.key()), ofFlow.delivery());
        sparse = fromSparse;
        resend = false;
        tail = ofFlow.packets() == 1 && partEnd == parcel.sizeBytes();
        offload = parcel.offload();
        toleranceNanos = !fromSparse && ofFlow.flowClass() == FlowClass.ORDERED ? ofFlow.reach.toleranceNanos() : ANY;
        return this;
    }

    /** A piece about to be sent again. */
    LiveInfo repair(Piece piece) {
        Outflow ofFlow = piece.flow();
        describe(piece.lengthBytes(), ChunkLayout.slotOf(ofFlow.key()), ofFlow.delivery());
        sparse = ofFlow.isSparse();
        resend = piece.sent;
        tail = ofFlow.isEmpty();
        return this;
    }

    /** The multiplexer's own few bytes, which somebody waits for. */
    LiveInfo notices(int bytes) {
        describe(bytes, 0, Delivery.BEST_EFFORT);
        sparse = true;
        resend = false;
        tail = true;
        return this;
    }

    /** A packet that came through, for the device. */
    LiveInfo delivered(int bytes, int deviceFlow, Delivery promised, Offload segmentation) {
        describe(bytes, deviceFlow, promised);
        sparse = false;
        resend = false;
        tail = false;
        offload = segmentation;
        return this;
    }

    private void describe(int bytes, int flowNumber, Delivery promised) {
        sizeBytes = bytes;
        flow = flowNumber;
        delivery = promised;
        offload = Offload.NONE;
        toleranceNanos = ANY;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int flow() {
        return flow;
    }

    @Override
    public boolean sparse() {
        return sparse;
    }

    @Override
    public boolean resend() {
        return resend;
    }

    @Override
    public boolean tail() {
        return tail;
    }

    @Override
    public long toleranceNanos() {
        return toleranceNanos;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    @Override
    public Offload offload() {
        return offload;
    }
}
