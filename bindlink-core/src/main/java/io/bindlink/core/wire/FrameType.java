package io.bindlink.core.wire;

import org.jspecify.annotations.Nullable;

/** What a frame inside a TRANSPORT datagram is: its first byte. {@code docs/wire.md section 8}. Immutable. */
public enum FrameType {
    /** Nothing; a single byte, to make a datagram larger. */
    PADDING(0x00, 0),
    /** What the multiplexer sent; the rest of the datagram. */
    PAYLOAD(0x01, 0),
    /** What arrived, for some links. */
    ACK(0x02, 1),
    /** The newest packet sent on a link. */
    LINK_HORIZON(0x03, 1 + 4 + 4),
    /** What the sender thinks of a link. */
    LINK_STATE(0x04, 4 + 1 + 1),
    /** The session ends. */
    CLOSE(0x05, 1 + 1),
    /** A handshake message of a rekey. */
    HANDSHAKE(0x06, 1 + 4 + 2),
    /** The multiplexer's report. */
    CONTROL(0x07, 8 + 1),
    /** A question to be answered on given links. */
    PROBE(0x08, 4 + 1),
    /** The answer to a PROBE. */
    PROBE_REPLY(0x09, 4 + 1 + 2 + 4),
    /** A question to a new address. */
    PATH_CHALLENGE(0x0A, 8),
    /** The answer to a PATH_CHALLENGE, through the address that was asked. */
    PATH_RESPONSE(0x0B, 8);

    /** From here on every frame has a length of two bytes after its type, and is skipped when unknown. */
    public static final int FIRST_SKIPPABLE = 0x40;

    private static final FrameType[] BY_CODE = values(); // codes are dense from 0, a test checks

    private final int code;
    private final int fixedBytes;

    FrameType(int code, int fixedBytes) {
        this.code = code;
        this.fixedBytes = fixedBytes;
    }

    /**
     * The byte a frame of this type starts with.
     *
     * @return 0..255
     */
    public int code() {
        return code;
    }

    /** Bytes that follow the type in any frame of this type; lists and texts come on top. */
    int fixedBytes() {
        return fixedBytes;
    }

    static @Nullable FrameType of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
