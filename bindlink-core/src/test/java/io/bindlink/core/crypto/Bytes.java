package io.bindlink.core.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/** Byte arrays for tests. Immutable. */
final class Bytes {
    private Bytes() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** {@code length} bytes that all have one value. */
    static byte[] of(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** {@code length} bytes that count up from 0. */
    static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
