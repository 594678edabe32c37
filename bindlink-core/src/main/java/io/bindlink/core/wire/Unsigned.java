package io.bindlink.core.wire;

import java.nio.ByteBuffer;

/** Big-endian unsigned integers of the widths that Java lacks. Nothing is checked: callers did. Immutable. */
final class Unsigned {
    private Unsigned() {}

    static int u8(ByteBuffer in) {
        return in.get() & 0xFF;
    }

    static int u16(ByteBuffer in) {
        return in.getShort() & 0xFFFF;
    }

    static long u32(ByteBuffer in) {
        return in.getInt() & 0xFFFF_FFFFL;
    }

    static long u40(ByteBuffer in) {
        return (long) u8(in) << 32 | u32(in);
    }

    static long u48(ByteBuffer in) {
        return (long) u16(in) << 32 | u32(in);
    }

    static void putU40(ByteBuffer out, long value) {
        out.put((byte) (value >>> 32)).putInt((int) value);
    }

    static void putU48(ByteBuffer out, long value) {
        out.putShort((short) (value >>> 32)).putInt((int) value);
    }

    static int int32(byte[] bytes, int offset) {
        return bytes[offset] << 24
                | (bytes[offset + 1] & 0xFF) << 16
                | (bytes[offset + 2] & 0xFF) << 8
                | (bytes[offset + 3] & 0xFF);
    }

    static void putInt32(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }
}
