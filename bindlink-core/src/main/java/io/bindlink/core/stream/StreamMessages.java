package io.bindlink.core.stream;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The messages inside a stream's flow, docs/wire-stream.md section 2. A packet holds one or more:
 *
 * <pre>
 * DATA                type 0x01 | bytes, to the end of the packet
 * every other type    type u8   | length u16 | body of that length
 *   OPEN   0x02         name, UTF-8
 *   FIN    0x03         empty
 *   RESET  0x04         code u8 | text, UTF-8
 *   CREDIT 0x05         reserved
 *   ACCEPT 0x06         empty
 * </pre>
 *
 * Immutable.
 */
final class StreamMessages {
    static final int DATA = 0x01;
    static final int OPEN = 0x02;
    static final int FIN = 0x03;
    static final int RESET = 0x04;
    static final int ACCEPT = 0x06;

    /** Bytes that DATA costs besides what it carries. */
    static final int DATA_OVERHEAD = 1;

    /** Longest text of a reset, in UTF-8: 255 serve every use and fit every packet. */
    static final int MAX_TEXT_BYTES = 255;

    /** Longest name of a stream, in UTF-8: a host of 255 bytes, a port and what kind of target it is, with room to spare. */
    static final int MAX_NAME_BYTES = 300;

    private static final int LENGTH_BYTES = 2;

    private StreamMessages() {}

    /** Takes the messages of a packet, one call for each. */
    interface Visitor {
        void onOpen(String name);

        void onData(ByteBuffer bytes);

        void onFin();

        void onAccept();

        void onReset(ResetCode code, String text);

        /** Tells of a message whose type is not known here; it was skipped. */
        void onUnknown(int type);
    }

    /** Begins a packet of DATA, which lasts to its end. */
    static void beginData(ByteBuffer out) {
        out.put((byte) DATA);
    }

    static void writeOpen(ByteBuffer out, String name) {
        byte[] text = bounded(name, MAX_NAME_BYTES);
        out.put((byte) OPEN).putShort((short) text.length).put(text);
    }

    static void writeFin(ByteBuffer out) {
        out.put((byte) FIN).putShort((short) 0);
    }

    static void writeAccept(ByteBuffer out) {
        out.put((byte) ACCEPT).putShort((short) 0);
    }

    static void writeReset(ByteBuffer out, ResetCode code, String text) {
        byte[] bytes = bounded(text, MAX_TEXT_BYTES);
        out.put((byte) RESET).putShort((short) (1 + bytes.length));
        out.put((byte) code.wire()).put(bytes);
    }

    /**
     * How many stream bytes a packet carries. Changes nothing, so that a packet can be refused as a whole.
     *
     * @return 0 or more, or -1 when the packet makes no sense
     */
    static int dataBytes(ByteBuffer packet) {
        int at = packet.position();
        while (at < packet.limit()) {
            int type = packet.get(at++);
            if (type == DATA) {
                return packet.limit() - at;
            }
            if (packet.limit() - at < LENGTH_BYTES) {
                return -1;
            }
            int length = Short.toUnsignedInt(packet.getShort(at));
            at += LENGTH_BYTES + length;
            if (at > packet.limit() || malformed(type, length)) {
                return -1;
            }
        }
        return 0;
    }

    /** Hands out the messages of a packet that {@link #dataBytes} found sound. */
    static void parse(ByteBuffer packet, Visitor visitor) {
        while (packet.hasRemaining()) {
            int type = packet.get();
            if (type == DATA) {
                visitor.onData(packet);
                return;
            }
            ByteBuffer body = packet.slice(packet.position() + LENGTH_BYTES, Short.toUnsignedInt(packet.getShort()));
            packet.position(packet.position() + body.remaining());
            switch (type) {
                case OPEN -> visitor.onOpen(text(body));
                case FIN -> visitor.onFin();
                case ACCEPT -> visitor.onAccept();
                case RESET -> visitor.onReset(ResetCode.of(Byte.toUnsignedInt(body.get())), text(body));
                default -> visitor.onUnknown(Byte.toUnsignedInt((byte) type));
            }
        }
    }

    private static boolean malformed(int type, int length) {
        return switch (type) {
            case OPEN -> length > MAX_NAME_BYTES;
            case FIN, ACCEPT -> length != 0;
            case RESET -> length < 1 || length > 1 + MAX_TEXT_BYTES;
            default -> false;
        };
    }

    /** As much of a text as fits, never half a character. */
    private static byte[] bounded(String text, int mostBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(mostBytes);
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
        encoder.encode(CharBuffer.wrap(text), bytes, true);
        byte[] bounded = new byte[bytes.position()];
        bytes.flip().get(bounded);
        return bounded;
    }

    /** A text from the network: whatever could move a terminal's cursor is replaced. */
    private static String text(ByteBuffer body) {
        return StandardCharsets.UTF_8.decode(body).toString().replaceAll("\\p{Cntrl}", "?");
    }
}
