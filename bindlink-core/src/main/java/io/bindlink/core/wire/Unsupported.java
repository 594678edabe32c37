package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a hello of a version that is not spoken; its layout never changes between versions. Nothing
 * authenticates it: it is a hint for the user's eyes and no reason to stop trying.
 *
 * <pre>
 *  0  version(3) | type(3)=4 | reserved(2)     1
 *  1  receiver index of the addressee          4
 *  5  oldest version the sender speaks         1
 *  6  newest version the sender speaks         1
 * </pre>
 *
 * {@code docs/wire.md section 5.4}. Immutable.
 *
 * @param receiver the addressee's index, from its hello
 * @param minVersion oldest version the sender speaks
 * @param maxVersion newest version the sender speaks
 */
public record Unsupported(int receiver, int minVersion, int maxVersion) {
    private static final int RECEIVER_OFFSET = 1;
    private static final int MIN_VERSION_OFFSET = RECEIVER_OFFSET + 4;
    private static final int MAX_VERSION_OFFSET = MIN_VERSION_OFFSET + 1;

    /** Size of the datagram; later versions may add to it. */
    public static final int DATAGRAM_BYTES = MAX_VERSION_OFFSET + 1;

    /**
     * This node's answer.
     *
     * @param receiver the addressee's index, from its hello
     * @return the answer with the versions spoken here
     */
    public static Unsupported answering(int receiver) {
        return new Unsupported(receiver, Datagram.MIN_VERSION, Datagram.MAX_VERSION);
    }

    /**
     * Reads the answer of a sender of any version.
     *
     * @param datagram the whole datagram between position and limit; its position is left anywhere
     * @return the answer; null when these bytes are none
     */
    public static @Nullable Unsupported parse(ByteBuffer datagram) {
        if (datagram.remaining() < DATAGRAM_BYTES || Datagram.type(datagram.get()) != Datagram.UNSUPPORTED) {
            return null;
        }
        return new Unsupported(datagram.getInt(), Unsigned.u8(datagram), Unsigned.u8(datagram));
    }

    /**
     * Appends the datagram.
     *
     * @param out where to; {@link #DATAGRAM_BYTES} must remain
     */
    public void write(ByteBuffer out) {
        out.put(Datagram.firstByte(Datagram.VERSION, Datagram.UNSUPPORTED));
        out.putInt(receiver).put((byte) minVersion).put((byte) maxVersion);
    }
}
