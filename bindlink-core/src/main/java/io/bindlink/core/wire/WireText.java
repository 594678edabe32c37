package io.bindlink.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text for people inside a message: UTF-8, bounded, and harmless to print whatever its bytes are. Immutable. */
final class WireText {
    private WireText() {}

    /** The bytes of a text, cut between characters so that at most {@code maxBytes} remain. */
    static byte[] encode(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, maxBytes);
        while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end--; // inside a character
        }
        return Arrays.copyOf(bytes, end);
    }

    /** The text of the next bytes. What could steer a terminal or forge a log line becomes U+FFFD. */
    static String decode(ByteBuffer in, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("[\\p{C}\\u2028\\u2029]", "\uFFFD");
    }
}
