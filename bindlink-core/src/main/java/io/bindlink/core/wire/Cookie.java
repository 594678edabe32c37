package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The master's answer under load: it remembers nothing, and asks for the hello again with this cookie in it.
 *
 * <pre>
 *  0  version(3) | type(3)=3 | reserved(2)     1
 *  1  receiver index of the addressee          4
 *  5  cookie                                  16
 * 21  mac over bytes 0..20 and the ephemeral  16
 *     key of the hello that is answered
 * </pre>
 *
 * {@code docs/wire.md section 5.3}. Its arrays are shared, not copied: nobody writes to them. Immutable.
 *
 * @param clearBytes all before the mac
 * @param mac shows that the sender knows the pre-shared key and saw the hello
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
public record Cookie(byte[] clearBytes, byte[] mac) {
    /** Bytes of a cookie. */
    public static final int COOKIE_BYTES = 16;

    /** Bytes of the mac. */
    public static final int MAC_BYTES = 16;

    private static final int RECEIVER_OFFSET = 1;
    private static final int COOKIE_OFFSET = RECEIVER_OFFSET + 4;

    /** Bytes before the mac. */
    public static final int CLEAR_BYTES = COOKIE_OFFSET + COOKIE_BYTES;

    /** Size of the datagram. */
    public static final int DATAGRAM_BYTES = CLEAR_BYTES + MAC_BYTES;

    /** Checks the lengths. */
    public Cookie {
        if (clearBytes.length != CLEAR_BYTES || mac.length != MAC_BYTES) {
            throw new IllegalArgumentException("cookie of " + clearBytes.length + " and " + mac.length + " bytes");
        }
    }

    /**
     * Makes the part before the mac.
     *
     * @param receiver the addressee's index, from its hello
     * @param cookie 16 bytes
     * @return 21 bytes
     */
    public static byte[] clear(int receiver, byte[] cookie) {
        return ByteBuffer.allocate(CLEAR_BYTES)
                .put(Datagram.firstByte(Datagram.VERSION, Datagram.COOKIE))
                .putInt(receiver)
                .put(cookie, 0, COOKIE_BYTES)
                .array();
    }

    /**
     * Reads a cookie.
     *
     * @param datagram the whole datagram between position and limit; its position is left anywhere
     * @return the cookie, its mac not checked; null when these bytes are none
     */
    public static @Nullable Cookie parse(ByteBuffer datagram) {
        if (datagram.remaining() != DATAGRAM_BYTES) {
            return null;
        }
        byte[] clear = new byte[CLEAR_BYTES];
        byte[] mac = new byte[MAC_BYTES];
        datagram.get(clear).get(mac);
        boolean possible = Datagram.type(clear[0]) == Datagram.COOKIE && Datagram.speaks(Datagram.version(clear[0]));
        return possible ? new Cookie(clear, mac) : null;
    }

    /**
     * Appends the datagram.
     *
     * @param out where to; {@link #DATAGRAM_BYTES} must remain
     */
    public void write(ByteBuffer out) {
        out.put(clearBytes).put(mac);
    }

    /**
     * The addressee's index.
     *
     * @return any value
     */
    public int receiver() {
        return Unsigned.int32(clearBytes, RECEIVER_OFFSET);
    }

    /**
     * What the next hello must carry.
     *
     * @return a copy, 16 bytes
     */
    public byte[] cookie() {
        return Arrays.copyOfRange(clearBytes, COOKIE_OFFSET, CLEAR_BYTES);
    }
}
