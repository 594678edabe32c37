package io.bindlink.core.wire;

/**
 * First byte of every datagram, the same in all versions.
 *
 * <pre>
 *  7 6 5   4 3 2   1 0
 * +-------+-------+-----+
 * |version| type  |  0  |
 * +-------+-------+-----+
 * </pre>
 *
 * {@code docs/wire.md section 3}. Immutable.
 */
public final class Datagram {
    /** The version this code writes. */
    public static final int VERSION = 1;

    /** The oldest version this code speaks. */
    public static final int MIN_VERSION = 1;

    /** The newest version this code speaks. */
    public static final int MAX_VERSION = 1;

    /** Sealed frames of a session: {@link TransportHeader}. */
    public static final int TRANSPORT = 0;

    /** First handshake message: {@link Hello}. */
    public static final int HELLO = 1;

    /** Second handshake message: {@link Reply}. */
    public static final int REPLY = 2;

    /** Instead of a reply, a proof of address to be sent back: {@link Cookie}. */
    public static final int COOKIE = 3;

    /** The answer to a version that is not spoken: {@link Unsupported}. */
    public static final int UNSUPPORTED = 4;

    /** Largest datagram: what UDP over IPv4 and a length prefix of two bytes can both carry. */
    public static final int MAX_BYTES = 65_507;

    private static final int VERSION_SHIFT = 5;
    private static final int TYPE_SHIFT = 2;
    private static final int MASK = 7; // version and type are three bits each

    private Datagram() {}

    /**
     * Makes the first byte.
     *
     * @param version 0..7
     * @param type one of the types of this class
     * @return the byte
     */
    public static byte firstByte(int version, int type) {
        return (byte) (version << VERSION_SHIFT | type << TYPE_SHIFT);
    }

    /**
     * The version a datagram is written in.
     *
     * @param firstByte its first byte
     * @return 0..7
     */
    public static int version(int firstByte) {
        return firstByte >>> VERSION_SHIFT & MASK;
    }

    /**
     * What a datagram is.
     *
     * @param firstByte its first byte
     * @return 0..7, of which only the types of this class exist
     */
    public static int type(int firstByte) {
        return firstByte >>> TYPE_SHIFT & MASK;
    }

    /**
     * Whether this code speaks a version.
     *
     * @param version 0..7
     * @return true from {@link #MIN_VERSION} to {@link #MAX_VERSION}
     */
    public static boolean speaks(int version) {
        return version >= MIN_VERSION && version <= MAX_VERSION;
    }
}
