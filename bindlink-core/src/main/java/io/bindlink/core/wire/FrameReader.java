package io.bindlink.core.wire;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.ControlPacket.Received;
import io.bindlink.api.LinkId;
import io.bindlink.core.base.DropReason;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the frames of a datagram apart, without allocating but for CLOSE and CONTROL.
 *
 * <pre>
 *  0  type, under 0x40     1      0  type, 0x40 or more   1
 *  1  body, by its type    n      1  length               2
 *                                 3  body                 n
 * </pre>
 *
 * {@code docs/wire.md section 8}; the layout of each body stands at its method in {@link FrameWriter}. Confined to its
 * session.
 */
public final class FrameReader {
    private final AckBlock ackBlock = new AckBlock();

    /** A reader; one is enough for a session. */
    public FrameReader() {}

    /**
     * Visits the frames in order. Those before a malformed one have been visited then.
     *
     * @param frames the frames between position and limit, big-endian
     * @param visitor told each frame
     * @return null when all frames made sense, otherwise why the rest was dropped
     */
    public @Nullable DropReason parse(ByteBuffer frames, FrameVisitor visitor) {
        while (frames.hasRemaining()) {
            if (!frame(frames, visitor)) {
                return DropReason.MALFORMED;
            }
        }
        return null;
    }

    private boolean frame(ByteBuffer in, FrameVisitor visitor) {
        int code = Unsigned.u8(in);
        if (code >= FrameType.FIRST_SKIPPABLE) {
            return unknown(code, in, visitor);
        }
        FrameType type = FrameType.of(code);
        if (type == null || in.remaining() < type.fixedBytes()) {
            return false;
        }
        return switch (type) {
            case PADDING -> true;
            case PAYLOAD -> payload(in, visitor);
            case ACK -> ack(in, visitor);
            case LINK_HORIZON -> linkHorizon(in, visitor);
            case LINK_STATE -> linkState(in, visitor);
            case CLOSE -> close(in, visitor);
            case HANDSHAKE -> handshake(in, visitor);
            case CONTROL -> control(in, visitor);
            case PROBE -> probe(in, visitor);
            case PROBE_REPLY -> probeReply(in, visitor);
            case PATH_CHALLENGE -> pathChallenge(in, visitor);
            case PATH_RESPONSE -> pathResponse(in, visitor);
        };
    }

    private static boolean unknown(int code, ByteBuffer in, FrameVisitor visitor) {
        if (in.remaining() < 2) {
            return false;
        }
        int lengthBytes = Unsigned.u16(in);
        if (in.remaining() < lengthBytes) {
            return false;
        }
        in.position(in.position() + lengthBytes);
        visitor.onUnknown(code, lengthBytes);
        return true;
    }

    private static boolean payload(ByteBuffer in, FrameVisitor visitor) {
        int end = in.limit();
        visitor.onPayload(in);
        in.limit(end).position(end);
        return true;
    }

    private boolean ack(ByteBuffer in, FrameVisitor visitor) {
        for (int blocks = Unsigned.u8(in); blocks > 0; blocks--) {
            if (!ackBlock.read(in)) {
                return false;
            }
            visitor.onAck(ackBlock);
        }
        return true;
    }

    private static boolean linkHorizon(ByteBuffer in, FrameVisitor visitor) {
        int linkId = Unsigned.u8(in);
        long lastNumber = Unsigned.u32(in);
        long sentMicros = Unsigned.u32(in);
        if (linkId == 0) {
            return false;
        }
        visitor.onLinkHorizon(linkId, lastNumber, sentMicros);
        return true;
    }

    private static boolean linkState(ByteBuffer in, FrameVisitor visitor) {
        long sequence = Unsigned.u32(in);
        int linkId = Unsigned.u8(in);
        int flags = Unsigned.u8(in);
        if (linkId == 0) {
            return false;
        }
        visitor.onLinkState(sequence, linkId, flags);
        return true;
    }

    private static boolean close(ByteBuffer in, FrameVisitor visitor) {
        int code = Unsigned.u8(in);
        int textBytes = Unsigned.u8(in);
        if (in.remaining() < textBytes) {
            return false;
        }
        visitor.onClose(code, WireText.decode(in, textBytes));
        return true;
    }

    private static boolean handshake(ByteBuffer in, FrameVisitor visitor) {
        int step = Unsigned.u8(in);
        int receiver = in.getInt();
        int noiseBytes = Unsigned.u16(in);
        if ((step != Prologue.INITIATE && step != Prologue.ANSWER) || in.remaining() < noiseBytes) {
            return false;
        }
        int end = in.limit();
        int next = in.position() + noiseBytes;
        in.limit(next);
        visitor.onHandshake(step, receiver, in);
        in.limit(end).position(next);
        return true;
    }

    private static boolean control(ByteBuffer in, FrameVisitor visitor) {
        long sequence = in.getLong();
        Map<LinkId, Received> counts = controlCounts(in);
        if (counts == null || in.remaining() < 2) {
            return false;
        }
        int extensionBytes = Unsigned.u16(in);
        if (extensionBytes > ControlPacket.MAX_EXTENSION_BYTES || extensionBytes > in.remaining()) {
            return false;
        }
        byte[] extension = new byte[extensionBytes];
        in.get(extension);
        visitor.onControl(new ControlPacket(sequence, counts, ByteBuffer.wrap(extension)));
        return true;
    }

    private static @Nullable Map<LinkId, Received> controlCounts(ByteBuffer in) {
        int count = Unsigned.u8(in);
        if (in.remaining() < count * FrameWriter.CONTROL_ENTRY_BYTES) {
            return null;
        }
        Map<LinkId, Received> counts = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int linkId = Unsigned.u8(in);
            Received received = new Received(Unsigned.u40(in), Unsigned.u48(in));
            if (linkId == 0 || counts.put(new LinkId(linkId), received) != null) {
                return null;
            }
        }
        return counts;
    }

    private static boolean probe(ByteBuffer in, FrameVisitor visitor) {
        int token = in.getInt();
        int count = Unsigned.u8(in);
        if (in.remaining() < count) {
            return false;
        }
        int end = in.limit();
        int next = in.position() + count;
        for (int i = in.position(); i < next; i++) {
            if (in.get(i) == 0) {
                return false;
            }
        }
        in.limit(next);
        visitor.onProbe(token, in);
        in.limit(end).position(next);
        return true;
    }

    private static boolean probeReply(ByteBuffer in, FrameVisitor visitor) {
        int token = in.getInt();
        int linkId = Unsigned.u8(in);
        int datagramBytes = Unsigned.u16(in);
        long arrivalMicros = Unsigned.u32(in);
        if (linkId == 0) {
            return false;
        }
        visitor.onProbeReply(token, linkId, datagramBytes, arrivalMicros);
        return true;
    }

    private static boolean pathChallenge(ByteBuffer in, FrameVisitor visitor) {
        visitor.onPathChallenge(in.getLong());
        return true;
    }

    private static boolean pathResponse(ByteBuffer in, FrameVisitor visitor) {
        visitor.onPathResponse(in.getLong());
        return true;
    }
}
