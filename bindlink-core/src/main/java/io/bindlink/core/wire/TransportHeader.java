package io.bindlink.core.wire;

/**
 * Header of a TRANSPORT datagram, read and written in place.
 *
 * <pre>
 *  0  version(3)=1 | type(3)=0 | reserved(2)     1   clear, authenticated
 *  1  receiver index, chosen by the receiver     4   clear, authenticated
 *  5  link id 1..255                             1   clear, authenticated
 *  6  packet number, low 32 of 64 bits           4   clear, authenticated
 * 10  send time, microseconds, low 32 bits       4   sealed
 * 14  frames                                     n   sealed
 *     tag                                       16
 * </pre>
 *
 * {@code docs/wire.md section 4}. Every method takes the offset at which the datagram starts; that the array reaches far
 * enough, callers check by {@link #MIN_DATAGRAM_BYTES}. Immutable.
 */
public final class TransportHeader {
    /** Where the receiver index is. */
    public static final int RECEIVER_OFFSET = 1;

    /** Where the link id is. */
    public static final int LINK_OFFSET = RECEIVER_OFFSET + 4;

    /** Where the packet number is. */
    public static final int NUMBER_OFFSET = LINK_OFFSET + 1;

    /** Where the sealed part starts, and so how many bytes are clear and authenticated. */
    public static final int CLEAR_BYTES = NUMBER_OFFSET + 4;

    /** Where the send time is, before sealing and after opening. */
    public static final int TIME_OFFSET = CLEAR_BYTES;

    /** Bytes of the send time, the first thing in the sealed part. */
    public static final int TIME_BYTES = 4;

    /** Where the frames start, before sealing and after opening. */
    public static final int FRAMES_OFFSET = TIME_OFFSET + TIME_BYTES;

    /** Bytes of the authentication tag, the last thing in the datagram. */
    public static final int TAG_BYTES = 16;

    /** Bytes a datagram spends on everything but frames. */
    public static final int OVERHEAD_BYTES = FRAMES_OFFSET + TAG_BYTES;

    /** Smallest datagram: one without frames. */
    public static final int MIN_DATAGRAM_BYTES = OVERHEAD_BYTES;

    private static final byte FIRST_BYTE = Datagram.firstByte(Datagram.VERSION, Datagram.TRANSPORT);

    private TransportHeader() {}

    /**
     * Writes the clear part.
     *
     * @param datagram where to
     * @param offset where the datagram starts
     * @param receiver the receiver's index
     * @param linkId 1..255
     * @param number packet number; its low 32 bits are written
     */
    public static void write(byte[] datagram, int offset, int receiver, int linkId, long number) {
        datagram[offset] = FIRST_BYTE;
        Unsigned.putInt32(datagram, offset + RECEIVER_OFFSET, receiver);
        datagram[offset + LINK_OFFSET] = (byte) linkId;
        Unsigned.putInt32(datagram, offset + NUMBER_OFFSET, (int) number);
    }

    /**
     * Writes the send time, to be sealed.
     *
     * @param datagram where to
     * @param offset where the datagram starts
     * @param sentMicros on the sender's clock; its low 32 bits are written
     */
    public static void writeTime(byte[] datagram, int offset, long sentMicros) {
        Unsigned.putInt32(datagram, offset + TIME_OFFSET, (int) sentMicros);
    }

    /**
     * Reads the receiver index.
     *
     * @param datagram the bytes
     * @param offset where the datagram starts
     * @return any value
     */
    public static int receiver(byte[] datagram, int offset) {
        return Unsigned.int32(datagram, offset + RECEIVER_OFFSET);
    }

    /**
     * Reads the link id.
     *
     * @param datagram the bytes
     * @param offset where the datagram starts
     * @return 0..255, of which 0 is no link
     */
    public static int linkId(byte[] datagram, int offset) {
        return datagram[offset + LINK_OFFSET] & 0xFF;
    }

    /**
     * Reads the low bits of the packet number.
     *
     * @param datagram the bytes
     * @param offset where the datagram starts
     * @return 32 bits, to be expanded by {@link io.bindlink.core.base.Serial}
     */
    public static long numberLow(byte[] datagram, int offset) {
        return Unsigned.int32(datagram, offset + NUMBER_OFFSET) & 0xFFFF_FFFFL;
    }

    /**
     * Reads the send time from opened bytes.
     *
     * @param opened the bytes
     * @param offset where the opened bytes start, that is, the send time itself
     * @return microseconds, low 32 bits, to be expanded by {@link io.bindlink.core.base.Serial}
     */
    public static long sentMicrosLow(byte[] opened, int offset) {
        return Unsigned.int32(opened, offset) & 0xFFFF_FFFFL;
    }
}
