package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that both ends mix into a handshake before its first message, so that no clear byte can be altered unnoticed.
 * {@code docs/wire.md section 6}. Immutable.
 */
public final class Prologue {
    /** Step of the HANDSHAKE frame that asks for new keys. */
    public static final int INITIATE = 1;

    /** Step of the HANDSHAKE frame that answers. */
    public static final int ANSWER = 2;

    private static final String HELLO_LABEL = "bindlink/1 ";
    private static final String REKEY_LABEL = "bindlink/1 rekey ";
    private static final int FRAME_HEADER_BYTES = FrameType.HANDSHAKE.fixedBytes();

    private Prologue() {}

    /**
     * Prologue of the handshake that makes a session.
     *
     * @param clearBytes the clear bytes of its {@link Hello}
     * @return label and bytes
     */
    public static byte[] ofHello(byte[] clearBytes) {
        return concat(HELLO_LABEL, clearBytes);
    }

    /**
     * Prologue of a handshake that renews the keys of a session.
     *
     * @param clearBytes the {@link #handshakeClearBytes} of the frame that initiates it
     * @return label and bytes
     */
    public static byte[] ofRekey(byte[] clearBytes) {
        return concat(REKEY_LABEL, clearBytes);
    }

    /**
     * What stands before the message in a HANDSHAKE frame, without the type. That of the initiating frame goes into the
     * prologue, that of the answer is mixed in before the second message.
     *
     * @param step {@link #INITIATE} or {@link #ANSWER}
     * @param receiver the index under which the sender of the frame wants to be addressed
     * @param noiseBytes length of the message
     * @return 7 bytes
     */
    public static byte[] handshakeClearBytes(int step, int receiver, int noiseBytes) {
        return ByteBuffer.allocate(FRAME_HEADER_BYTES)
                .put((byte) step)
                .putInt(receiver)
                .putShort((short) noiseBytes)
                .array();
    }

    private static byte[] concat(String label, byte[] clearBytes) {
        byte[] labelBytes = label.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(labelBytes.length + clearBytes.length)
                .put(labelBytes)
                .put(clearBytes)
                .array();
    }
}
