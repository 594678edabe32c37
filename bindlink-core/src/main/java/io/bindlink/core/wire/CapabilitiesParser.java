package io.bindlink.core.wire;

import io.bindlink.core.wire.Capabilities.Malformed;
import io.bindlink.core.wire.Capabilities.Parsed;
import io.bindlink.core.wire.Capabilities.Refusal;
import io.bindlink.core.wire.Capabilities.Result;
import io.bindlink.core.wire.Capabilities.UnknownCritical;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Values of a capability list while it is read. {@code docs/wire.md section 7}. Confined to one call. */
final class CapabilitiesParser {
    /** A bit for each type that every list must have. */
    private static final int REQUIRED = bit(Capabilities.VERSIONS)
            | bit(Capabilities.SUITES)
            | bit(Capabilities.TUN_KIND)
            | bit(Capabilities.MULTIPLEXER_NAME)
            | bit(Capabilities.MULTIPLEXER_VERSION)
            | bit(Capabilities.LARGEST_CHUNK)
            | bit(Capabilities.FLOW_SLOTS)
            | bit(Capabilities.BUFFER_BYTES)
            | bit(Capabilities.INSTANCE_ID);

    private int minVersion;
    private int maxVersion;
    private int suites;
    private int tunKind;
    private String multiplexerName = "";
    private int multiplexerVersion;
    private int largestChunkBytes;
    private int flowSlots;
    private long bufferBytes;
    private long instanceId;

    private int seen;
    private int unknownSkipped;

    /** See {@link Capabilities#parse}. */
    Result parse(ByteBuffer list) {
        while (list.hasRemaining()) {
            if (list.remaining() < 2) {
                return new Malformed();
            }
            int mark = Unsigned.u8(list);
            int lengthBytes = Unsigned.u8(list);
            if (list.remaining() < lengthBytes) {
                return new Malformed();
            }
            int type = mark & ~Capabilities.CRITICAL;
            ByteBuffer value = list.slice(list.position(), lengthBytes);
            list.position(list.position() + lengthBytes);
            if (type == Capabilities.REFUSED) {
                return refusal(value);
            }
            if (!isKnown(type)) {
                if (mark != type) {
                    return new UnknownCritical(type);
                }
                unknownSkipped++;
            } else if (repeats(type) || !take(type, value)) {
                return new Malformed();
            }
        }
        return result();
    }

    private static int bit(int type) {
        return 1 << type;
    }

    private static boolean isKnown(int type) {
        return type >= Capabilities.VERSIONS && type <= Capabilities.ACCEPTS_PARTIAL_CHECKSUM;
    }

    private boolean repeats(int type) {
        boolean repeats = (seen & bit(type)) != 0;
        seen |= bit(type);
        return repeats;
    }

    private boolean take(int type, ByteBuffer value) {
        if (type == Capabilities.MULTIPLEXER_NAME) {
            return takeName(value);
        }
        if (value.remaining() != lengthOf(type)) {
            return false;
        }
        switch (type) {
            case Capabilities.VERSIONS -> {
                minVersion = Unsigned.u8(value);
                maxVersion = Unsigned.u8(value);
                return minVersion <= maxVersion;
            }
            case Capabilities.SUITES -> suites = Unsigned.u8(value);
            case Capabilities.TUN_KIND -> tunKind = Unsigned.u8(value);
            case Capabilities.MULTIPLEXER_VERSION -> multiplexerVersion = Unsigned.u16(value);
            case Capabilities.LARGEST_CHUNK -> {
                largestChunkBytes = Unsigned.u16(value);
                return largestChunkBytes > 0;
            }
            case Capabilities.FLOW_SLOTS -> {
                flowSlots = Unsigned.u16(value);
                return flowSlots > 0;
            }
            case Capabilities.BUFFER_BYTES -> bufferBytes = Unsigned.u32(value);
            case Capabilities.INSTANCE_ID -> instanceId = value.getLong();
            default -> {} // the two that say all by being there
        }
        return true;
    }

    private static int lengthOf(int type) {
        return switch (type) {
            case Capabilities.SUITES, Capabilities.TUN_KIND -> 1;
            case Capabilities.BUFFER_BYTES -> 4;
            case Capabilities.INSTANCE_ID -> 8;
            case Capabilities.ACCEPTS_OFFLOAD, Capabilities.ACCEPTS_PARTIAL_CHECKSUM -> 0;
            default -> 2;
        };
    }

    private boolean takeName(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        multiplexerName = new String(bytes, StandardCharsets.US_ASCII);
        return Capabilities.isName(bytes);
    }

    private static Result refusal(ByteBuffer value) {
        if (!value.hasRemaining()) {
            return new Malformed();
        }
        return new Refusal(Unsigned.u8(value), WireText.decode(value, value.remaining()));
    }

    private Result result() {
        if ((seen & REQUIRED) != REQUIRED) {
            return new Malformed();
        }
        Capabilities capabilities = new Capabilities(
                minVersion,
                maxVersion,
                suites,
                tunKind,
                multiplexerName,
                multiplexerVersion,
                largestChunkBytes,
                flowSlots,
                bufferBytes,
                instanceId,
                (seen & bit(Capabilities.ACCEPTS_OFFLOAD)) != 0,
                (seen & bit(Capabilities.ACCEPTS_PARTIAL_CHECKSUM)) != 0);
        return new Parsed(capabilities, unknownSkipped);
    }
}
