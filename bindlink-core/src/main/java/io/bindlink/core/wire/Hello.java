package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * First handshake message, from the slave; its layout never changes between versions.
 *
 * <pre>
 *  0  version(3) | type(3)=1 | reserved(2)              1
 *  1  suite the noise message is sealed with            1
 *  2  reserved                                          1
 *  3  oldest version the sender speaks                  1
 *  4  newest version the sender speaks                  1
 *  5  key id                                            8
 * 13  sender's receiver index                           4
 * 17  cookie, zeros for none                           16
 * 33  noise message length                              2
 * 35  noise message 1: e, sealed capabilities, tag      n
 *     zeros, to 256 bytes in all
 * </pre>
 *
 * {@code docs/wire.md section 5.1}. The clear part is kept as it was sent, reserved bits included, because the handshake
 * authenticates exactly these bytes. Its arrays are shared, not copied: nobody writes to them. Immutable.
 *
 * @param clearBytes all before the noise message
 * @param noiseMessage the noise message
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
public record Hello(byte[] clearBytes, byte[] noiseMessage) {
    private static final int SUITE_OFFSET = 1;
    private static final int RESERVED_OFFSET = SUITE_OFFSET + 1;
    private static final int MIN_VERSION_OFFSET = RESERVED_OFFSET + 1;
    private static final int MAX_VERSION_OFFSET = MIN_VERSION_OFFSET + 1;

    /** Where the key id is; nothing before it need be looked at to drop a hello for another key. */
    public static final int KEY_ID_OFFSET = MAX_VERSION_OFFSET + 1;

    /** Bytes of a key id. */
    public static final int KEY_ID_BYTES = 8;

    private static final int SENDER_OFFSET = KEY_ID_OFFSET + KEY_ID_BYTES;
    private static final int COOKIE_OFFSET = SENDER_OFFSET + 4;
    private static final int NOISE_LENGTH_OFFSET = COOKIE_OFFSET + Cookie.COOKIE_BYTES;

    /** Bytes before the noise message. */
    public static final int CLEAR_BYTES = NOISE_LENGTH_OFFSET + 2;

    /** Smallest hello. What is sent back to a stranger is never longer. */
    public static final int MIN_DATAGRAM_BYTES = 256;

    /** Bytes of the ephemeral public key that every noise message starts with. */
    public static final int EPHEMERAL_BYTES = 32;

    /** Smallest noise message: the ephemeral key and the tag of an empty payload. */
    public static final int MIN_NOISE_BYTES = EPHEMERAL_BYTES + TransportHeader.TAG_BYTES;

    /** Checks the lengths. */
    public Hello {
        if (clearBytes.length != CLEAR_BYTES || noiseMessage.length < MIN_NOISE_BYTES) {
            throw new IllegalArgumentException(
                    "hello of " + clearBytes.length + " clear and " + noiseMessage.length + " noise bytes");
        }
    }

    /**
     * Makes the clear part. It must exist before the noise message, which authenticates it.
     *
     * @param suiteId the suite the noise message is sealed with
     * @param keyId 8 bytes that name the pre-shared key
     * @param sender index under which the sender wants to be addressed
     * @param cookie 16 bytes from a {@link Cookie}; null for none
     * @param noiseBytes length that the noise message is going to have
     * @return 35 bytes
     */
    public static byte[] clear(int suiteId, byte[] keyId, int sender, byte @Nullable [] cookie, int noiseBytes) {
        byte[] clear = new byte[CLEAR_BYTES];
        ByteBuffer out = ByteBuffer.wrap(clear);
        out.put(Datagram.firstByte(Datagram.VERSION, Datagram.HELLO)).put((byte) suiteId);
        out.put(MIN_VERSION_OFFSET, (byte) Datagram.MIN_VERSION);
        out.put(MAX_VERSION_OFFSET, (byte) Datagram.MAX_VERSION);
        out.put(KEY_ID_OFFSET, keyId, 0, KEY_ID_BYTES);
        out.putInt(SENDER_OFFSET, sender);
        if (cookie != null) {
            out.put(COOKIE_OFFSET, cookie, 0, Cookie.COOKIE_BYTES);
        }
        out.putShort(NOISE_LENGTH_OFFSET, (short) noiseBytes);
        return clear;
    }

    /**
     * Reads a hello of any version.
     *
     * @param datagram the whole datagram between position and limit; its position is left anywhere
     * @return the hello; null when these bytes are none
     */
    public static @Nullable Hello parse(ByteBuffer datagram) {
        if (datagram.remaining() < MIN_DATAGRAM_BYTES) {
            return null;
        }
        byte[] clear = new byte[CLEAR_BYTES];
        datagram.get(clear);
        int noiseBytes = ByteBuffer.wrap(clear).getShort(NOISE_LENGTH_OFFSET) & 0xFFFF;
        boolean possible = Datagram.type(clear[0]) == Datagram.HELLO
                && noiseBytes >= MIN_NOISE_BYTES
                && noiseBytes <= datagram.remaining();
        if (!possible) {
            return null;
        }
        byte[] noise = new byte[noiseBytes];
        datagram.get(noise);
        return new Hello(clear, noise);
    }

    /**
     * Appends the datagram, padded.
     *
     * @param out where to; {@link #sizeBytes} must remain
     */
    public void write(ByteBuffer out) {
        out.put(clearBytes).put(noiseMessage);
        for (int i = clearBytes.length + noiseMessage.length; i < MIN_DATAGRAM_BYTES; i++) {
            out.put((byte) 0);
        }
    }

    /**
     * Size of the datagram.
     *
     * @return {@link #MIN_DATAGRAM_BYTES} or more
     */
    public int sizeBytes() {
        return Math.max(MIN_DATAGRAM_BYTES, clearBytes.length + noiseMessage.length);
    }

    /**
     * The version this hello is written in.
     *
     * @return 0..7
     */
    public int version() {
        return Datagram.version(clearBytes[0]);
    }

    /**
     * Whether this code can read the noise message; otherwise {@link Unsupported} is the answer.
     *
     * @return whether its version is spoken here
     */
    public boolean isSupported() {
        return Datagram.speaks(version());
    }

    /**
     * The oldest version the sender speaks.
     *
     * @return 0..255
     */
    public int minVersion() {
        return clearBytes[MIN_VERSION_OFFSET] & 0xFF;
    }

    /**
     * The newest version the sender speaks.
     *
     * @return 0..255
     */
    public int maxVersion() {
        return clearBytes[MAX_VERSION_OFFSET] & 0xFF;
    }

    /**
     * The suite the noise message is sealed with.
     *
     * @return 0..255
     */
    public int suite() {
        return clearBytes[SUITE_OFFSET] & 0xFF;
    }

    /**
     * Names the pre-shared key.
     *
     * @return a copy, 8 bytes
     */
    public byte[] keyId() {
        return Arrays.copyOfRange(clearBytes, KEY_ID_OFFSET, KEY_ID_OFFSET + KEY_ID_BYTES);
    }

    /**
     * The index under which the sender wants to be addressed.
     *
     * @return any value
     */
    public int sender() {
        return Unsigned.int32(clearBytes, SENDER_OFFSET);
    }

    /**
     * The cookie.
     *
     * @return a copy, 16 bytes, all zero for none
     */
    public byte[] cookie() {
        return Arrays.copyOfRange(clearBytes, COOKIE_OFFSET, COOKIE_OFFSET + Cookie.COOKIE_BYTES);
    }

    /**
     * Whether there is a cookie to be checked.
     *
     * @return false when it is all zero
     */
    public boolean hasCookie() {
        for (int i = COOKIE_OFFSET; i < COOKIE_OFFSET + Cookie.COOKIE_BYTES; i++) {
            if (clearBytes[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The sender's ephemeral public key, which the noise message starts with.
     *
     * @return a copy, 32 bytes
     */
    public byte[] ephemeral() {
        return Arrays.copyOf(noiseMessage, EPHEMERAL_BYTES);
    }
}
