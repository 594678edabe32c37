package io.bindlink.core.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with SHA-256 (RFC 5869), and the HMAC below it. Noise's HKDF is {@link #extract} with the chaining key as salt,
 * then {@link #expand} without info. Immutable.
 */
final class Hkdf {
    static final int HASH_LENGTH = 32;

    private static final int MAX_BLOCKS = 255; // the block counter is one byte

    private Hkdf() {}

    /** Concentrates key material into one pseudorandom key (RFC 5869 section 2.2). */
    static byte[] extract(byte[] salt, byte[] keyMaterial) {
        // JCA refuses an empty key; HMAC pads keys with zeros, so this is the same key
        return hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt, keyMaterial);
    }

    /** Stretches a pseudorandom key to {@code length} bytes, other ones for other info (RFC 5869 section 2.3). */
    static byte[] expand(byte[] pseudorandomKey, byte[] info, int length) {
        int blocks = (length + HASH_LENGTH - 1) / HASH_LENGTH;
        if (blocks > MAX_BLOCKS) {
            throw new IllegalArgumentException("HKDF gives at most 8160 bytes, not " + length);
        }
        byte[] output = new byte[blocks * HASH_LENGTH];
        byte[] block = {};
        for (int i = 1; i <= blocks; i++) {
            block = hmac(pseudorandomKey, block, info, new byte[] {(byte) i});
            System.arraycopy(block, 0, output, (i - 1) * HASH_LENGTH, HASH_LENGTH);
        }
        return Arrays.copyOf(output, length);
    }

    /** HMAC-SHA256 of the parts in a row. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HmacSHA256", e);
        }
    }
}
