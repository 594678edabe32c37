package io.bindlink.core.mux;

import java.nio.ByteBuffer;

/**
 * Reads the chunks of one payload after another into its own fields; docs/wire-mux.md section 1. Whatever the bytes are,
 * it answers and never throws. Confined to its session.
 */
final class ChunkReader {
    /** What {@link #next} found. */
    enum Found {
        /** A chunk of a known kind, in the fields. */
        CHUNK,
        /** A chunk of a kind this version does not know. */
        UNKNOWN,
        /** The payload is used up. */
        END,
        /** Bytes that are no chunk: the rest of the payload cannot be read. */
        MALFORMED
    }

    private ByteBuffer payload = ByteBuffer.allocate(0);
    private int position;
    private int end;
    private int kind;
    private int flags;
    private int slot;
    private int sequence;
    private int cutOffset;
    private int metaKind;
    private int segmentBytes;
    private int totalBytes;
    private int flowNumber;
    private int dataBytes;

    void begin(ByteBuffer bytes) {
        payload = bytes;
        position = bytes.position();
        end = bytes.limit();
        dataBytes = 0;
    }

    Found next() {
        position += dataBytes;
        dataBytes = 0;
        if (position == end) {
            return Found.END;
        }
        kind = payload.get(position) & 0xFF;
        if (kind >= ChunkLayout.FIRST_UNKNOWN_KIND || kind == ChunkLayout.KIND_REPAIR) {
            return skip();
        }
        if (end - position < ChunkLayout.HEADER_BYTES
                || kind < ChunkLayout.KIND_DATA
                || kind > ChunkLayout.KIND_PLAYOUT) {
            return Found.MALFORMED;
        }
        readHeader();
        boolean sound = isFlowSound() && (kind != ChunkLayout.KIND_DATA || readData());
        return sound ? Found.CHUNK : Found.MALFORMED;
    }

    private Found skip() {
        if (end - position < ChunkLayout.UNKNOWN_HEADER_BYTES) {
            return Found.MALFORMED;
        }
        int lengthBytes = payload.getShort(position + 1) & 0xFFFF;
        position += ChunkLayout.UNKNOWN_HEADER_BYTES;
        dataBytes = lengthBytes;
        return lengthBytes <= end - position ? Found.UNKNOWN : Found.MALFORMED;
    }

    private void readHeader() {
        flags = payload.get(position + ChunkLayout.FLAGS_OFFSET) & 0xFF;
        slot = payload.getShort(position + ChunkLayout.SLOT_OFFSET) & 0xFFFF;
        sequence = payload.getInt(position + ChunkLayout.SEQUENCE_OFFSET - 1) & ChunkLayout.SEQUENCE_MASK;
        position += ChunkLayout.HEADER_BYTES;
    }

    private boolean isFlowSound() {
        int bits = classBits();
        boolean reliable = bits == FlowClass.RELIABLE.bits();
        return bits <= FlowClass.RELIABLE.bits() && reliable == (slot >= ChunkLayout.BEST_EFFORT_SLOTS);
    }

    private boolean readData() {
        boolean cut = has(ChunkLayout.FLAG_CUT);
        if ((has(ChunkLayout.FLAG_CUT_END) && !cut) || (has(ChunkLayout.FLAG_META) && !has(ChunkLayout.FLAG_FIRST))) {
            return false;
        }
        boolean lastInPayload = has(ChunkLayout.FLAG_LAST_IN_PAYLOAD);
        int fixedBytes = (lastInPayload ? 0 : ChunkLayout.LENGTH_BYTES) + (cut ? ChunkLayout.CUT_BYTES : 0);
        if (end - position < fixedBytes) {
            return false;
        }
        int lengthBytes = lastInPayload ? -1 : readShort();
        cutOffset = cut ? readShort() : 0;
        if (!readMeta()) {
            return false;
        }
        int restBytes = end - position;
        dataBytes = lastInPayload ? restBytes : lengthBytes;
        return dataBytes > 0 && dataBytes <= restBytes && cutOffset + dataBytes <= ChunkLayout.MAX_PACKET_BYTES;
    }

    private boolean readMeta() {
        metaKind = 0;
        segmentBytes = 0;
        totalBytes = 0;
        flowNumber = 0;
        if (!has(ChunkLayout.FLAG_META) || cutOffset > 0) {
            return true;
        }
        if (end - position < ChunkLayout.META_BYTES) {
            return false;
        }
        metaKind = payload.get(position++) & 0xFF;
        segmentBytes = readShort();
        totalBytes = readShort();
        if (!Meta.isSound(metaKind, segmentBytes) || (isSuper() && flowClass() != FlowClass.ORDERED)) {
            return false;
        }
        if (!Meta.hasFlow(metaKind)) {
            return true;
        }
        if (end - position < ChunkLayout.META_FLOW_BYTES) {
            return false;
        }
        flowNumber = payload.getInt(position);
        position += ChunkLayout.META_FLOW_BYTES;
        return flowNumber >= 0;
    }

    private int readShort() {
        int value = payload.getShort(position) & 0xFFFF;
        position += 2;
        return value;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int kind() {
        return kind;
    }

    FlowClass flowClass() {
        return ChunkLayout.classOf(key());
    }

    int slot() {
        return slot;
    }

    /** The flow, as {@link ChunkLayout#key}. */
    int key() {
        return (classBits() << 16) | slot;
    }

    private int classBits() {
        return (flags & ChunkLayout.CLASS_MASK) >>> ChunkLayout.CLASS_SHIFT;
    }

    /** Low bits of the sequence. */
    int sequence() {
        return sequence;
    }

    /** Whether all bytes of the chunk are here. */
    boolean isWhole() {
        return !has(ChunkLayout.FLAG_CUT);
    }

    /** Whether the chunk is a packet by itself, all of it here. */
    boolean isWholePacket() {
        int flagsOfPacket = ChunkLayout.FLAG_FIRST | ChunkLayout.FLAG_LAST;
        return isWhole() && (flags & flagsOfPacket) == flagsOfPacket;
    }

    /** How often a reliable flow's window has doubled, as its FLOW_CREDIT says. */
    int windowDoublings() {
        return (flags & ChunkLayout.DOUBLINGS_MASK) >>> ChunkLayout.DOUBLINGS_SHIFT;
    }

    /** Whether it begins a super-packet. */
    boolean isSuper() {
        return segmentBytes > 0;
    }

    int cutOffset() {
        return cutOffset;
    }

    int metaKind() {
        return metaKind;
    }

    int segmentBytes() {
        return segmentBytes;
    }

    /** Size of the whole packet as its first chunk tells it; 0 when it does not. */
    int totalBytes() {
        return totalBytes;
    }

    /** Whether META tells the device's number for the flow. */
    boolean hasFlowNumber() {
        return Meta.hasFlow(metaKind);
    }

    /** The device's number for the flow as META tells it. */
    int flowNumber() {
        return flowNumber;
    }

    /** Index of the first data byte in the payload. */
    int dataIndex() {
        return position;
    }

    int dataBytes() {
        return dataBytes;
    }
}
