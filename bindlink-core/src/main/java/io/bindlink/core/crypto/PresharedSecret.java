package io.bindlink.core.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The 32 bytes that a slave and its master share: the psk of the handshake, and the root of the few keys and names that
 * are needed before there is a session. Immutable.
 */
public final class PresharedSecret {
    /** Bytes in a secret. */
    public static final int LENGTH = 32;

    /** Bytes in the id that names a secret on the wire. */
    public static final int KEY_ID_LENGTH = 8;

    /** Bytes in the proof that a COOKIE comes from a holder of the secret. */
    public static final int COOKIE_MAC_LENGTH = 16;

    private static final byte[] KEY_ID_LABEL = "bindlink/1 key id".getBytes(US_ASCII);
    private static final byte[] COOKIE_LABEL = "bindlink/1 cookie".getBytes(US_ASCII);

    private final byte[] bytes;
    private final byte[] keyId;
    private final byte[] cookieKey;

    private PresharedSecret(byte[] bytes) {
        this.bytes = bytes;
        this.keyId = Hkdf.expand(bytes, KEY_ID_LABEL, KEY_ID_LENGTH);
        this.cookieKey = Hkdf.expand(bytes, COOKIE_LABEL, Hkdf.HASH_LENGTH);
    }

    /**
     * A secret from its bytes.
     *
     * @param bytes 32 bytes nobody can guess; copied
     * @return the secret
     */
    public static PresharedSecret of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a secret has 32 bytes, not " + bytes.length);
        }
        return new PresharedSecret(bytes.clone());
    }

    /**
     * A new secret.
     *
     * @param random a cryptographic source of chance
     * @return the secret
     */
    public static PresharedSecret random(RandomGenerator random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new PresharedSecret(bytes);
    }

    /**
     * Names the secret on the wire and tells nothing about it.
     *
     * @return 8 bytes, a copy
     */
    public byte[] keyId() {
        return keyId.clone();
    }

    /**
     * Proof that a COOKIE comes from a holder of the secret: the first 16 bytes of an HMAC-SHA256.
     *
     * @param parts what it covers, in a row: the COOKIE's bytes before the proof, the ephemeral key of the hello
     * @return 16 bytes
     */
    public byte[] cookieMac(byte[]... parts) {
        return Arrays.copyOf(Hkdf.hmac(cookieKey, parts), COOKIE_MAC_LENGTH);
    }

    /**
     * Whether a COOKIE comes from a holder of the secret.
     *
     * @param mac the proof, as received
     * @param parts what it covers, as for {@link #cookieMac}
     * @return true when it does
     */
    public boolean validCookieMac(byte[] mac, byte[]... parts) {
        return MessageDigest.isEqual(cookieMac(parts), mac);
    }

    /** The secret itself; not to be changed or shown. */
    byte[] bytes() {
        return bytes;
    }

    /** Compares the ids, which are public, and then the secrets, in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PresharedSecret that
                && Arrays.equals(keyId, that.keyId)
                && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keyId);
    }

    /** Hides the secret. */
    @Override
    public String toString() {
        return "PresharedSecret(hidden)";
    }
}
