package io.bindlink.core.wire;

import io.bindlink.api.ControlPacket.Received;
import io.bindlink.api.LinkId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Appends frames to the plain part of a TRANSPORT datagram. Every method writes the whole frame, or answers that it does
 * not fit and leaves the buffer as it was. Buffers are big-endian. {@code docs/wire.md section 8}; {@link FrameReader} is
 * the way back. Immutable.
 */
public final class FrameWriter {
    private static final int TYPE_BYTES = 1;

    /** Largest ACK frame: acknowledgements of many links must not crowd out what they ride with. */
    public static final int MAX_ACK_BYTES = 200;

    /** Smallest ACK frame that says something. */
    public static final int MIN_ACK_BYTES = 2 + AckBlock.FIXED_BYTES;

    /** Bytes a PAYLOAD frame adds to the payload. */
    public static final int PAYLOAD_OVERHEAD_BYTES = TYPE_BYTES + FrameType.PAYLOAD.fixedBytes();

    /** Bytes of one link in a CONTROL frame. */
    static final int CONTROL_ENTRY_BYTES = 1 + 5 + 6;

    private static final int MAX_LIST = 255; // counts are one byte
    private static final int MAX_TEXT_BYTES = 255;

    private FrameWriter() {}

    /**
     * PADDING: {@code bytes} times {@code 00}.
     *
     * @param out where to
     * @param bytes how many, 0 or more
     * @return false when it does not fit
     */
    public static boolean padding(ByteBuffer out, int bytes) {
        if (out.remaining() < bytes) {
            return false;
        }
        for (int i = 0; i < bytes; i++) {
            out.put((byte) FrameType.PADDING.code());
        }
        return true;
    }

    /**
     * PAYLOAD: {@code 01} and all the rest of the datagram. Nothing may be appended after it.
     *
     * @param out where to
     * @param payload the bytes between its position and limit, which stay as they are
     * @return false when it does not fit
     */
    public static boolean payload(ByteBuffer out, ByteBuffer payload) {
        int bytes = payload.remaining();
        if (!begin(out, FrameType.PAYLOAD, bytes)) {
            return false;
        }
        out.put(out.position(), payload, payload.position(), bytes);
        out.position(out.position() + bytes);
        return true;
    }

    /**
     * Begins an ACK: {@code 02 | block count 1 | blocks}. Blocks follow by {@link #addAckBlock}, and {@link #endAck}.
     *
     * @param out where to
     * @return where the frame starts; -1 when it does not fit
     */
    public static int beginAck(ByteBuffer out) {
        int start = out.position();
        if (!begin(out, FrameType.ACK, 0)) {
            return -1;
        }
        out.put((byte) 0);
        return start;
    }

    /**
     * Appends a block to an ACK that was begun.
     *
     * @param out where to
     * @param ackStart what {@link #beginAck} answered
     * @param block the block
     * @return false when it does not fit in the buffer, or not within {@link #MAX_ACK_BYTES}
     */
    public static boolean addAckBlock(ByteBuffer out, int ackStart, AckBlock block) {
        int size = block.sizeBytes();
        if (out.remaining() < size || out.position() + size - ackStart > MAX_ACK_BYTES) {
            return false;
        }
        int countAt = ackStart + TYPE_BYTES;
        out.put(countAt, (byte) (out.get(countAt) + 1));
        block.write(out);
        return true;
    }

    /**
     * Ends an ACK, and takes it back when it has no block.
     *
     * @param out where to
     * @param ackStart what {@link #beginAck} answered
     * @return false when it was taken back
     */
    public static boolean endAck(ByteBuffer out, int ackStart) {
        if (out.get(ackStart + TYPE_BYTES) == 0) {
            out.position(ackStart);
            return false;
        }
        return true;
    }

    /**
     * LINK_HORIZON: {@code 03 | link 1 | last number 4 | its send time 4}.
     *
     * @param out where to
     * @param linkId the link
     * @param lastNumber number of the last packet sent on it; its low 32 bits are written
     * @param sentMicros when that was, on our clock; its low 32 bits are written
     * @return false when it does not fit
     */
    public static boolean linkHorizon(ByteBuffer out, int linkId, long lastNumber, long sentMicros) {
        if (!begin(out, FrameType.LINK_HORIZON, 0)) {
            return false;
        }
        out.put((byte) linkId).putInt((int) lastNumber).putInt((int) sentMicros);
        return true;
    }

    /**
     * LINK_STATE: {@code 04 | sequence 4 | link 1 | flags 1}.
     *
     * @param out where to
     * @param sequence a newer one is larger; its low 32 bits are written
     * @param linkId the link
     * @param flags of {@link LinkFlags}
     * @return false when it does not fit
     */
    public static boolean linkState(ByteBuffer out, long sequence, int linkId, int flags) {
        if (!begin(out, FrameType.LINK_STATE, 0)) {
            return false;
        }
        out.putInt((int) sequence).put((byte) linkId).put((byte) flags);
        return true;
    }

    /**
     * CLOSE: {@code 05 | code 1 | length 1 | UTF-8 text}.
     *
     * @param out where to
     * @param code why, 0..255
     * @param reason for people; cut at 255 bytes
     * @return false when it does not fit
     */
    public static boolean close(ByteBuffer out, int code, String reason) {
        byte[] text = WireText.encode(reason, MAX_TEXT_BYTES);
        if (!begin(out, FrameType.CLOSE, text.length)) {
            return false;
        }
        out.put((byte) code).put((byte) text.length).put(text);
        return true;
    }

    /**
     * HANDSHAKE: {@code 06 | step 1 | receiver index 4 | length 2 | noise message}.
     *
     * @param out where to
     * @param clearBytes step, index and length, from {@link Prologue#handshakeClearBytes}
     * @param noiseMessage the message, of that length
     * @return false when it does not fit
     */
    public static boolean handshake(ByteBuffer out, byte[] clearBytes, byte[] noiseMessage) {
        if (!begin(out, FrameType.HANDSHAKE, noiseMessage.length)) {
            return false;
        }
        out.put(clearBytes).put(noiseMessage);
        return true;
    }

    /**
     * CONTROL: {@code 07 | sequence 8 | count 1 | count x (link 1, packets 5, bytes 6) | length 2 | extension}. As many
     * entries as fit; call again with the rest for another datagram.
     *
     * @param out where to
     * @param sequence number of the report, the same for all its parts
     * @param entries the counts of all links
     * @param from index of the first entry to write
     * @param extension the multiplexer's own bytes between position and limit, which stay as they are
     * @return index after the last entry written; -1 when nothing was, because not even one entry fits
     */
    public static int control(
            ByteBuffer out, long sequence, List<Map.Entry<LinkId, Received>> entries, int from, ByteBuffer extension) {
        int extensionBytes = extension.remaining();
        int frameBytes = TYPE_BYTES + FrameType.CONTROL.fixedBytes() + 2 + extensionBytes;
        int fitting = Math.floorDiv(out.remaining() - frameBytes, CONTROL_ENTRY_BYTES);
        int count = Math.min(Math.min(fitting, MAX_LIST), entries.size() - from);
        if (count < 0 || (count == 0 && from < entries.size())) {
            return -1;
        }
        out.put((byte) FrameType.CONTROL.code()).putLong(sequence).put((byte) count);
        for (Map.Entry<LinkId, Received> entry : entries.subList(from, from + count)) {
            out.put((byte) entry.getKey().value());
            Unsigned.putU40(out, entry.getValue().packets());
            Unsigned.putU48(out, entry.getValue().bytes());
        }
        out.putShort((short) extensionBytes);
        out.put(out.position(), extension, extension.position(), extensionBytes);
        out.position(out.position() + extensionBytes);
        return from + count;
    }

    /**
     * PROBE: {@code 08 | token 4 | count 1 | count x link 1}.
     *
     * @param out where to
     * @param token to be found again in the reply
     * @param linkIds the links to answer on, a byte each; none: all
     * @return false when it does not fit
     */
    public static boolean probe(ByteBuffer out, int token, byte... linkIds) {
        if (linkIds.length > MAX_LIST || !begin(out, FrameType.PROBE, linkIds.length)) {
            return false;
        }
        out.putInt(token).put((byte) linkIds.length).put(linkIds);
        return true;
    }

    /**
     * PROBE_REPLY: {@code 09 | token 4 | link 1 | datagram size 2 | arrival 4}.
     *
     * @param out where to
     * @param token that of the PROBE
     * @param linkId the link the PROBE came through
     * @param datagramBytes size of the datagram it came in
     * @param arrivalMicros when it came, on our clock; its low 32 bits are written
     * @return false when it does not fit
     */
    public static boolean probeReply(ByteBuffer out, int token, int linkId, int datagramBytes, long arrivalMicros) {
        if (!begin(out, FrameType.PROBE_REPLY, 0)) {
            return false;
        }
        out.putInt(token).put((byte) linkId).putShort((short) datagramBytes).putInt((int) arrivalMicros);
        return true;
    }

    /**
     * PATH_CHALLENGE: {@code 0A | token 8}.
     *
     * @param out where to
     * @param token hard to guess
     * @return false when it does not fit
     */
    public static boolean pathChallenge(ByteBuffer out, long token) {
        if (!begin(out, FrameType.PATH_CHALLENGE, 0)) {
            return false;
        }
        out.putLong(token);
        return true;
    }

    /**
     * PATH_RESPONSE: {@code 0B | token 8}.
     *
     * @param out where to
     * @param token that of the challenge
     * @return false when it does not fit
     */
    public static boolean pathResponse(ByteBuffer out, long token) {
        if (!begin(out, FrameType.PATH_RESPONSE, 0)) {
            return false;
        }
        out.putLong(token);
        return true;
    }

    /** Writes the type when the whole frame fits. */
    private static boolean begin(ByteBuffer out, FrameType type, int variableBytes) {
        if (out.remaining() < TYPE_BYTES + type.fixedBytes() + variableBytes) {
            return false;
        }
        out.put((byte) type.code());
        return true;
    }
}
