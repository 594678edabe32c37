package io.bindlink.core.mux;

/**
 * The bytes of a chunk, docs/wire-mux.md section 1:
 *
 * <pre>
 * 0  kind                                     1
 * 1  flags                                    1
 * 2  flow slot                                2
 * 4  sequence, low 24 bits                    3
 * 7  DATA only:
 *    length of the bytes                      2   unless LAST_IN_PAYLOAD
 *    offset of the bytes in their chunk       2   if CUT
 *    META, if META and the offset is 0:
 *      kind                                   1
 *      segment size                           2
 *      total length of the packet             2
 *      flow number                            4   if the kind has FLOW
 *    bytes                                    n
 * </pre>
 *
 * Immutable.
 */
final class ChunkLayout {
    static final int KIND_DATA = 1;
    static final int KIND_FLOOR = 2;
    static final int KIND_FLOW_CREDIT = 3;
    static final int KIND_REPAIR = 4; // reserved for coding
    static final int KIND_PLAYOUT = 5;
    static final int FIRST_UNKNOWN_KIND = 0x40; // these carry a length, so that they can be skipped

    static final int FLAG_LAST_IN_PAYLOAD = 0x80;
    static final int FLAG_FIRST = 0x40;
    static final int FLAG_LAST = 0x20;
    static final int FLAG_META = 0x10;
    static final int CLASS_SHIFT = 2;
    static final int CLASS_MASK = 0x0C;
    static final int FLAG_CUT = 0x02;
    static final int FLAG_CUT_END = 0x01;

    static final int KIND_OFFSET = 0;
    static final int FLAGS_OFFSET = KIND_OFFSET + 1;
    static final int SLOT_OFFSET = FLAGS_OFFSET + 1;
    static final int SEQUENCE_OFFSET = SLOT_OFFSET + 2;
    static final int HEADER_BYTES = SEQUENCE_OFFSET + 3;

    /** Unit of the time in PLAYOUT, in place of a sequence. */
    static final long PLAYOUT_UNIT_NANOS = 16_000;

    static final int LENGTH_BYTES = 2;
    static final int CUT_BYTES = 2;
    static final int META_BYTES = 5;
    static final int META_FLOW_BYTES = 4;

    static final int META_OFFLOAD_MASK = 0x03;
    static final int META_PARTIAL_CHECKSUM = 0x04;
    static final int META_FLOW = 0x08;

    /** Kind and length of a chunk that is skipped. */
    static final int UNKNOWN_HEADER_BYTES = 1 + LENGTH_BYTES;

    static final int SEQUENCE_BITS = 24;
    static final int SEQUENCE_MASK = (1 << SEQUENCE_BITS) - 1;

    /** Slots of best-effort flows lie below, those of reliable flows from here on. */
    static final int BEST_EFFORT_SLOTS = 4_096;

    /** The slot is two bytes. */
    static final int SLOTS = 1 << 16;

    static final int RELIABLE_SLOTS = SLOTS - BEST_EFFORT_SLOTS;

    /** Largest packet there is. */
    static final int MAX_PACKET_BYTES = 65_535;

    /** Most bytes in one reliable chunk, and what each counts against the peer's buffer. */
    static final int RELIABLE_CHUNK_BYTES = 2_048;

    /** How far beyond what it delivered a receiver takes a reliable flow's chunks at first: 50 Mbit/s at 120 ms. */
    static final int FIRST_WINDOW_CHUNKS = 512;

    /** How often that may double: 1 Gbit/s at 350 ms, and no more than a receiver can keep track of. */
    static final int MOST_DOUBLINGS = 6;

    /** Where in a FLOW_CREDIT's flags it says how often it has. */
    static final int DOUBLINGS_SHIFT = 4;

    static final int DOUBLINGS_MASK = 0x70;

    private static final FlowClass[] CLASSES = FlowClass.values(); // by their bits

    private ChunkLayout() {}

    static int classFlags(FlowClass flowClass) {
        return flowClass.bits() << CLASS_SHIFT;
    }

    /** The window of a reliable flow that has doubled so often. */
    static long windowChunks(int doublings) {
        return (long) FIRST_WINDOW_CHUNKS << doublings;
    }

    /** Names a flow of a session: class and slot in one number. */
    static int key(FlowClass flowClass, int slot) {
        return (flowClass.bits() << 16) | slot;
    }

    static FlowClass classOf(int key) {
        return CLASSES[key >>> 16];
    }

    static int slotOf(int key) {
        return key & 0xFFFF;
    }

    /** The slot of a device's reliable flow. Numbers a whole table apart share one: in it they keep their order. */
    static int reliableSlot(int flowNumber) {
        return BEST_EFFORT_SLOTS + Math.floorMod(flowNumber - 1, RELIABLE_SLOTS);
    }

    /** The flow number a reliable slot has until META tells another. */
    static int firstFlowNumber(int reliableSlot) {
        return reliableSlot - BEST_EFFORT_SLOTS + 1;
    }
}
