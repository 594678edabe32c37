package io.bindlink.core.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An authenticated cipher with 32-byte keys, 12-byte nonces and 16-byte tags. Immutable. */
public enum Suite {
    /** AES-256 in Galois/Counter Mode: the faster one where the processor has AES instructions. */
    AES_256_GCM(1, "Noise_NNpsk0_25519_AESGCM_SHA256", "AES", "AES/GCM/NoPadding"),
    /** ChaCha20-Poly1305 (RFC 8439): the faster one where it has none. */
    CHACHA20_POLY1305(2, "Noise_NNpsk0_25519_ChaChaPoly_SHA256", "ChaCha20", "ChaCha20-Poly1305");

    /** Bytes that sealing adds. */
    public static final int TAG_LENGTH = 16;

    static final int KEY_LENGTH = 32;
    static final int NONCE_LENGTH = 12;

    private final int id;
    private final String noiseName;
    private final String keyAlgorithm;
    private final String transformation;

    Suite(int id, String noiseName, String keyAlgorithm, String transformation) {
        this.id = id;
        this.noiseName = noiseName;
        this.keyAlgorithm = keyAlgorithm;
        this.transformation = transformation;
    }

    /**
     * The suite with a number from the wire.
     *
     * @param id any number
     * @return the suite, or null when there is none with this number
     */
    public static @Nullable Suite ofId(int id) {
        return switch (id) {
            case 1 -> AES_256_GCM;
            case 2 -> CHACHA20_POLY1305;
            default -> null;
        };
    }

    /**
     * Its number on the wire.
     *
     * @return 1 or 2
     */
    public int id() {
        return id;
    }

    /**
     * Its place in a bitmap of suites.
     *
     * @return one bit: 1 for the suite with number 1, 2 for the suite with number 2
     */
    public int bit() {
        return 1 << (id - 1);
    }

    /** The Noise protocol it makes. */
    String noiseName() {
        return noiseName;
    }

    Cipher newCipher() {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks " + transformation, e);
        }
    }

    SecretKeySpec key(byte[] key) {
        return new SecretKeySpec(key, keyAlgorithm);
    }

    /** What JCA wants with every packet; it copies the nonce. */
    AlgorithmParameterSpec parameters(byte[] nonce) {
        return this == AES_256_GCM ? new GCMParameterSpec(TAG_LENGTH * 8, nonce) : new IvParameterSpec(nonce);
    }
}
