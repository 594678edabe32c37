package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Second handshake message, from the master.
 *
 * <pre>
 *  0  version(3) | type(3)=2 | reserved(2)              1
 *  1  receiver index of the addressee                   4
 *  5  sender's receiver index                           4
 *  9  noise message length                              2
 * 11  noise message 2: e, sealed capabilities, tag      n
 * </pre>
 *
 * {@code docs/wire.md section 5.2}. Its arrays are shared, not copied: nobody writes to them. Immutable.
 *
 * @param clearBytes all before the noise message, to be mixed in before it
 * @param noiseMessage the noise message
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
public record Reply(byte[] clearBytes, byte[] noiseMessage) {
    private static final int RECEIVER_OFFSET = 1;
    private static final int SENDER_OFFSET = RECEIVER_OFFSET + 4;
    private static final int NOISE_LENGTH_OFFSET = SENDER_OFFSET + 4;

    /** Bytes before the noise message. */
    public static final int CLEAR_BYTES = NOISE_LENGTH_OFFSET + 2;

    /** Largest noise message: a reply is never longer than the smallest hello, or it would serve to amplify a flood. */
    public static final int MAX_NOISE_BYTES = Hello.MIN_DATAGRAM_BYTES - CLEAR_BYTES;

    /** Checks the lengths. */
    public Reply {
        if (clearBytes.length != CLEAR_BYTES
                || noiseMessage.length < Hello.MIN_NOISE_BYTES
                || noiseMessage.length > MAX_NOISE_BYTES) {
            throw new IllegalArgumentException(
                    "reply of " + clearBytes.length + " clear and " + noiseMessage.length + " noise bytes");
        }
    }

    /**
     * Makes the clear part. It must exist before the noise message, which authenticates it.
     *
     * @param receiver the addressee's index, from its hello
     * @param sender index under which the sender wants to be addressed
     * @param noiseBytes length that the noise message is going to have
     * @return 11 bytes
     */
    public static byte[] clear(int receiver, int sender, int noiseBytes) {
        return ByteBuffer.allocate(CLEAR_BYTES)
                .put(Datagram.firstByte(Datagram.VERSION, Datagram.REPLY))
                .putInt(receiver)
                .putInt(sender)
                .putShort((short) noiseBytes)
                .array();
    }

    /**
     * Reads a reply.
     *
     * @param datagram the whole datagram between position and limit; its position is left anywhere
     * @return the reply; null when these bytes are none
     */
    public static @Nullable Reply parse(ByteBuffer datagram) {
        if (datagram.remaining() < CLEAR_BYTES + Hello.MIN_NOISE_BYTES) {
            return null;
        }
        byte[] clear = new byte[CLEAR_BYTES];
        datagram.get(clear);
        int noiseBytes = ByteBuffer.wrap(clear).getShort(NOISE_LENGTH_OFFSET) & 0xFFFF;
        boolean possible = Datagram.type(clear[0]) == Datagram.REPLY
                && Datagram.speaks(Datagram.version(clear[0]))
                && noiseBytes == datagram.remaining()
                && noiseBytes <= MAX_NOISE_BYTES;
        if (!possible) {
            return null;
        }
        byte[] noise = new byte[noiseBytes];
        datagram.get(noise);
        return new Reply(clear, noise);
    }

    /**
     * Appends the datagram.
     *
     * @param out where to; {@link #sizeBytes} must remain
     */
    public void write(ByteBuffer out) {
        out.put(clearBytes).put(noiseMessage);
    }

    /**
     * Size of the datagram.
     *
     * @return {@link Hello#MIN_DATAGRAM_BYTES} at most
     */
    public int sizeBytes() {
        return clearBytes.length + noiseMessage.length;
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
     * The index under which the sender wants to be addressed.
     *
     * @return any value
     */
    public int sender() {
        return Unsigned.int32(clearBytes, SENDER_OFFSET);
    }
}
