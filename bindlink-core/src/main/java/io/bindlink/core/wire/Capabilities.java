package io.bindlink.core.wire;

import io.bindlink.api.TunDevice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a node says of itself in the handshake, sealed: a list of type, length and value.
 *
 * <pre>
 *  0  critical(1) | type(7)     1   |
 *  1  length of the value       1   | repeated
 *  2  value                     n   |
 *
 *  1 oldest and newest version 2      7 flow slots 2
 *  2 suites, a bit each 1             8 buffer bytes 4
 *  3 tun kind 1                       9 instance id 8
 *  4 multiplexer name, ASCII 1..32   10 accepts offload 0
 *  5 multiplexer version 2           11 accepts partial checksums 0
 *  6 largest chunk 2                 12 REFUSED, critical: {@link Refusal}
 * </pre>
 *
 * {@code docs/wire.md section 7}. Immutable.
 *
 * @param minVersion oldest version spoken, 0..255
 * @param maxVersion newest version spoken, not below the oldest, at most 255
 * @param suites a bit for each suite that may be used, 0..255
 * @param tunKind code of what the device carries: {@link #tunKindOf}, or another number, of a kind not known here
 * @param multiplexerName 1..32 printable ASCII characters
 * @param multiplexerVersion 0..65,535
 * @param largestChunkBytes largest payload the multiplexer takes, 1..65,535
 * @param flowSlots flows the multiplexer can tell apart, 1..65,535
 * @param bufferBytes bytes it can hold back for order, under 2^32
 * @param instanceId random, drawn when the process starts
 * @param acceptsOffload whether it takes segmentation-offload super-packets
 * @param acceptsPartialChecksum whether it takes packets whose transport checksum is partial
 */
public record Capabilities(
        int minVersion,
        int maxVersion,
        int suites,
        int tunKind,
        String multiplexerName,
        int multiplexerVersion,
        int largestChunkBytes,
        int flowSlots,
        long bufferBytes,
        long instanceId,
        boolean acceptsOffload,
        boolean acceptsPartialChecksum) {

    /** Longest name of a multiplexer. */
    public static final int MAX_NAME_BYTES = 32;

    static final int VERSIONS = 1;
    static final int SUITES = 2;
    static final int TUN_KIND = 3;
    static final int MULTIPLEXER_NAME = 4;
    static final int MULTIPLEXER_VERSION = 5;
    static final int LARGEST_CHUNK = 6;
    static final int FLOW_SLOTS = 7;
    static final int BUFFER_BYTES = 8;
    static final int INSTANCE_ID = 9;
    static final int ACCEPTS_OFFLOAD = 10;
    static final int ACCEPTS_PARTIAL_CHECKSUM = 11;
    static final int REFUSED = 12;

    /** Set in a type whose receiver must know it or refuse. */
    static final int CRITICAL = 0x80;

    private static final int MAX_ENCODED_BYTES = 128; // all types at their longest take 76

    /** Checks that every value has a place on the wire. */
    public Capabilities {
        requireRange("minVersion", minVersion, 0, maxVersion);
        requireRange("maxVersion", maxVersion, minVersion, 0xFF);
        requireRange("suites", suites, 0, 0xFF);
        requireRange("tunKind", tunKind, 0, 0xFF);
        requireRange("multiplexerVersion", multiplexerVersion, 0, 0xFFFF);
        requireRange("largestChunkBytes", largestChunkBytes, 1, 0xFFFF);
        requireRange("flowSlots", flowSlots, 1, 0xFFFF);
        requireRange("bufferBytes", bufferBytes, 0, 0xFFFF_FFFFL);
        if (!isName(multiplexerName.getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("multiplexer name '" + multiplexerName + "' is not 1.." + MAX_NAME_BYTES
                    + " printable ASCII characters");
        }
    }

    /** What the peer's list turned out to be. */
    public sealed interface Result {}

    /**
     * It makes sense.
     *
     * @param capabilities what it says
     * @param unknownSkipped how many of its types are not known here
     */
    public record Parsed(Capabilities capabilities, int unknownSkipped) implements Result {}

    /**
     * It demands something that is not known here, so the handshake must be refused.
     *
     * @param type the type, without its critical bit
     */
    public record UnknownCritical(int type) implements Result {
        /**
         * The reason, for people.
         *
         * @return a line
         */
        public String text() {
            return "the peer demands capability " + type + ", which this version does not know";
        }
    }

    /** It makes no sense: the peer's bug. */
    public record Malformed() implements Result {}

    /**
     * The peer refuses the handshake.
     *
     * @param code {@link #KEY_IN_USE} .. {@link #SUITE}, or another number, for a reason not known here
     * @param text the reason, for people
     */
    public record Refusal(int code, String text) implements Result {
        /** Another slave uses this key. */
        public static final int KEY_IN_USE = 1;

        /** The multiplexers differ in name or version. */
        public static final int MULTIPLEXER = 2;

        /** The tun devices carry different things. */
        public static final int TUN_KIND = 3;

        /** No common version, or a critical capability that is not known. */
        public static final int VERSION = 4;

        /** No common suite. */
        public static final int SUITE = 5;

        /** Longest text on the wire: a reply must not be longer than a hello. */
        public static final int MAX_TEXT_BYTES = 128;

        /**
         * The refusal as the only capability of a reply.
         *
         * @return at most 131 bytes
         */
        public byte[] encode() {
            byte[] bytes = WireText.encode(text, MAX_TEXT_BYTES);
            return ByteBuffer.allocate(3 + bytes.length)
                    .put((byte) (CRITICAL | REFUSED))
                    .put((byte) (1 + bytes.length))
                    .put((byte) code)
                    .put(bytes)
                    .array();
        }
    }

    /**
     * Code of what a device carries.
     *
     * @param kind the device's kind
     * @return 1 for IP packets, 2 for streams
     */
    public static int tunKindOf(TunDevice.Kind kind) {
        return switch (kind) {
            case IP_PACKETS -> 1;
            case STREAMS -> 2;
        };
    }

    /**
     * Reads a list.
     *
     * @param list the bytes between position and limit, authentic; its position is left anywhere
     * @return what it is; never an exception
     */
    public static Result parse(ByteBuffer list) {
        return new CapabilitiesParser().parse(list);
    }

    /**
     * The list to send.
     *
     * @return at most 76 bytes
     */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(MAX_ENCODED_BYTES);
        entry(out, VERSIONS, 2).put((byte) minVersion).put((byte) maxVersion);
        entry(out, SUITES, 1).put((byte) suites);
        entry(out, TUN_KIND, 1).put((byte) tunKind);
        byte[] name = multiplexerName.getBytes(StandardCharsets.US_ASCII);
        entry(out, MULTIPLEXER_NAME, name.length).put(name);
        entry(out, MULTIPLEXER_VERSION, 2).putShort((short) multiplexerVersion);
        entry(out, LARGEST_CHUNK, 2).putShort((short) largestChunkBytes);
        entry(out, FLOW_SLOTS, 2).putShort((short) flowSlots);
        entry(out, BUFFER_BYTES, 4).putInt((int) bufferBytes);
        entry(out, INSTANCE_ID, 8).putLong(instanceId);
        if (acceptsOffload) {
            entry(out, ACCEPTS_OFFLOAD, 0);
        }
        if (acceptsPartialChecksum) {
            entry(out, ACCEPTS_PARTIAL_CHECKSUM, 0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    static boolean isName(byte[] bytes) {
        for (byte b : bytes) {
            if (b <= ' ' || b > '~') {
                return false;
            }
        }
        return bytes.length >= 1 && bytes.length <= MAX_NAME_BYTES;
    }

    private static ByteBuffer entry(ByteBuffer out, int type, int lengthBytes) {
        return out.put((byte) type).put((byte) lengthBytes);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is not in " + min + ".." + max);
        }
    }
}
