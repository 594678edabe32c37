package io.bindlink.core.wire;

import java.nio.ByteBuffer;

/**
 * What an ACK frame says of one link: filled by the receiver of data, read by its sender.
 *
 * <pre>
 *  0  link id 1..255                                        1
 *  1  largest number received, low 32 bits                  4
 *  5  its arrival, microseconds, receiver's clock           4
 *  9  delay from that arrival to this ACK, units of 16 us   2
 * 11  authentic bytes received, each once, low 48 bits      6
 * 17  settled, low 32 bits                                  4
 * 21  congestion marks received, low 16 bits                2
 * 23  ranges(4) | deltas(4)                                 1
 * 24  first run: numbers received just below the largest    2
 * 26  ranges x (gap 2, run 2), going down                   4 each
 *     deltas x 2, going down                                2 each
 * </pre>
 *
 * {@code docs/wire.md section 8.2}. The fields are open because this is a row of figures without rules between them; it is
 * reused from ACK to ACK. Confined to its session.
 */
public final class AckBlock {
    /** Most ranges a block can list: their count has four bits. */
    public static final int MAX_RANGES = 15;

    /** Most deltas a block can list: their count has four bits. */
    public static final int MAX_DELTAS = 15;

    /** Largest gap, run or first run: each is two bytes. */
    public static final int MAX_RUN = 0xFFFF;

    /** Microseconds in a unit of {@link #delayUnits} and of a delta: two bytes then reach a second. */
    public static final int UNIT_MICROS = 16;

    /** Largest {@link #delayUnits}: this much or more. */
    public static final int MAX_DELAY_UNITS = 0xFFFF;

    /** A delta that is not known, or too large to say. */
    public static final int UNKNOWN_DELTA = 0xFFFF;

    private static final int SHAPE_OFFSET = 1 + 4 + 4 + 2 + 6 + 4 + 2;
    static final int FIXED_BYTES = SHAPE_OFFSET + 1 + 2;
    private static final int RANGE_BYTES = 2 + 2;
    private static final int DELTA_BYTES = 2;

    /** The link whose packets are acknowledged, 1..255. */
    public int linkId;

    /** Largest number received. Written: all of it, or its low 32 bits. Read: the low 32 bits. */
    public long largest;

    /** When {@link #largest} arrived, on the receiver's clock. Written: all of it. Read: the low 32 bits. */
    public long arrivalMicros;

    /** From that arrival to the sending of this ACK, in units of {@link #UNIT_MICROS}, saturating. */
    public int delayUnits;

    /** Bytes of the authentic datagrams received on the link, each counted once. Read: the low 48 bits. */
    public long receivedBytes;

    /** All numbers below this one have arrived or will not. Read: the low 32 bits. */
    public long settled;

    /** Datagrams that came with a congestion mark. Read: the low 16 bits. */
    public int congestionMarks;

    /** How many numbers directly below {@link #largest} were received too. */
    public int firstRun;

    private final int[] gaps = new int[MAX_RANGES];
    private final int[] runs = new int[MAX_RANGES];
    private final int[] deltas = new int[MAX_DELTAS];
    private int rangeCount;
    private int deltaCount;

    /** A block that says nothing yet. */
    public AckBlock() {}

    /** Forgets everything, so that the block can be filled anew. */
    public void clear() {
        linkId = 0;
        largest = 0;
        arrivalMicros = 0;
        delayUnits = 0;
        receivedBytes = 0;
        settled = 0;
        congestionMarks = 0;
        firstRun = 0;
        rangeCount = 0;
        deltaCount = 0;
    }

    /**
     * Adds the next range downwards.
     *
     * @param gap how many numbers are missing below what was listed so far, 1..{@link #MAX_RUN}
     * @param run how many were received below these, 1..{@link #MAX_RUN}
     * @return false when the block is full, or when a value does not fit and the list must end here
     */
    public boolean addRange(long gap, long run) {
        if (rangeCount == MAX_RANGES || gap < 1 || gap > MAX_RUN || run < 1 || run > MAX_RUN) {
            return false;
        }
        gaps[rangeCount] = (int) gap;
        runs[rangeCount++] = (int) run;
        return true;
    }

    /**
     * Adds how much earlier the next lower received number arrived than the one before it in the list.
     *
     * @param units of {@link #UNIT_MICROS}, saturating; {@link #UNKNOWN_DELTA} when not known, or when it arrived later
     * @return false when the block is full
     */
    public boolean addDelta(int units) {
        if (deltaCount == MAX_DELTAS) {
            return false;
        }
        deltas[deltaCount++] = units;
        return true;
    }

    /**
     * How many ranges are listed below the first run.
     *
     * @return 0..{@link #MAX_RANGES}
     */
    public int rangeCount() {
        return rangeCount;
    }

    /**
     * Missing numbers above a range.
     *
     * @param index of the range, from 0 at the highest numbers
     * @return 1..{@link #MAX_RUN}
     */
    public int gap(int index) {
        return gaps[index];
    }

    /**
     * Received numbers of a range.
     *
     * @param index of the range, from 0 at the highest numbers
     * @return 1..{@link #MAX_RUN}
     */
    public int run(int index) {
        return runs[index];
    }

    /**
     * How many deltas are listed.
     *
     * @return 0..{@link #MAX_DELTAS}
     */
    public int deltaCount() {
        return deltaCount;
    }

    /**
     * How much earlier a received number arrived than the next higher received one.
     *
     * @param index 0 is the highest received number below {@link #largest}
     * @return units of {@link #UNIT_MICROS}, or {@link #UNKNOWN_DELTA}
     */
    public int delta(int index) {
        return deltas[index];
    }

    /** Bytes this block takes in a frame. */
    int sizeBytes() {
        return FIXED_BYTES + rangeCount * RANGE_BYTES + deltaCount * DELTA_BYTES;
    }

    /** Appends the block; it fits. */
    void write(ByteBuffer out) {
        out.put((byte) linkId);
        out.putInt((int) largest);
        out.putInt((int) arrivalMicros);
        out.putShort((short) Math.min(delayUnits, MAX_DELAY_UNITS));
        Unsigned.putU48(out, receivedBytes);
        out.putInt((int) settled);
        out.putShort((short) congestionMarks);
        out.put((byte) (rangeCount << 4 | deltaCount));
        out.putShort((short) Math.min(firstRun, MAX_RUN));
        for (int i = 0; i < rangeCount; i++) {
            out.putShort((short) gaps[i]).putShort((short) runs[i]);
        }
        for (int i = 0; i < deltaCount; i++) {
            out.putShort((short) Math.min(deltas[i], UNKNOWN_DELTA));
        }
    }

    /** Takes the next bytes in place of what was here; false when they are no block. */
    boolean read(ByteBuffer in) {
        if (in.remaining() < FIXED_BYTES) {
            return false;
        }
        int shape = in.get(in.position() + SHAPE_OFFSET) & 0xFF;
        rangeCount = shape >>> 4;
        deltaCount = shape & 0xF;
        if (in.remaining() < sizeBytes()) {
            return false;
        }
        readFixed(in);
        return linkId != 0 && readLists(in);
    }

    private void readFixed(ByteBuffer in) {
        linkId = Unsigned.u8(in);
        largest = Unsigned.u32(in);
        arrivalMicros = Unsigned.u32(in);
        delayUnits = Unsigned.u16(in);
        receivedBytes = Unsigned.u48(in);
        settled = Unsigned.u32(in);
        congestionMarks = Unsigned.u16(in);
        in.get(); // the shape was read before
        firstRun = Unsigned.u16(in);
    }

    private boolean readLists(ByteBuffer in) {
        long receivedBelowLargest = firstRun;
        for (int i = 0; i < rangeCount; i++) {
            gaps[i] = Unsigned.u16(in);
            runs[i] = Unsigned.u16(in);
            if (gaps[i] == 0 || runs[i] == 0) {
                return false;
            }
            receivedBelowLargest += runs[i];
        }
        for (int i = 0; i < deltaCount; i++) {
            deltas[i] = Unsigned.u16(in);
        }
        return deltaCount <= receivedBelowLargest;
    }
}
