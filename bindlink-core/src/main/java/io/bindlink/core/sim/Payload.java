package io.bindlink.core.sim;

import java.nio.ByteBuffer;

/**
 * What the simulated applications send, so that the receiver can tell that it is what was sent:
 *
 * <pre>
 * 0 number 8 | 8 time of sending on the bond's clock 8 | 16 bytes that follow from the number
 * </pre>
 *
 * Immutable.
 */
final class Payload {
    static final int HEADER_BYTES = 16;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L; // its multiples look like chance

    private Payload() {}

    /** Writes a payload from the position to the limit. */
    static void write(ByteBuffer packet, long number, long nowNanos) {
        packet.putLong(number).putLong(nowNanos);
        fill(packet, number);
    }

    /** Whether the bytes behind a payload's header follow from its number. */
    static boolean isIntact(ByteBuffer packet, int payloadStart) {
        long number = packet.getLong(payloadStart);
        for (int i = payloadStart + HEADER_BYTES; i < packet.limit(); i++) {
            if (packet.get(i) != byteAt(number, i - payloadStart - HEADER_BYTES)) {
                return false;
            }
        }
        return true;
    }

    static long number(ByteBuffer packet, int payloadStart) {
        return packet.getLong(payloadStart);
    }

    static long sentNanos(ByteBuffer packet, int payloadStart) {
        return packet.getLong(payloadStart + 8);
    }

    /** A byte of a stream that nobody needs to store. */
    static byte byteAt(long stream, long offset) {
        return (byte) (((stream + offset + 1) * GOLDEN_RATIO) >>> 40);
    }

    private static void fill(ByteBuffer packet, long number) {
        int start = packet.position();
        while (packet.hasRemaining()) {
            packet.put(byteAt(number, packet.position() - start));
        }
    }
}
