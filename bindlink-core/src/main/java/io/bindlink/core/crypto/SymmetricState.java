package io.bindlink.core.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * The keys and the transcript of a Noise handshake: SymmetricState with its CipherState, Noise revision 34 section 5.
 * Confined to its handshake.
 */
final class SymmetricState {
    private static final byte[] NOTHING = {};

    private final Suite suite;
    private byte[] chainingKey;
    private byte[] hash;
    private byte @Nullable [] key;
    private long nonce;

    SymmetricState(Suite suite) {
        byte[] name = suite.noiseName().getBytes(US_ASCII);
        this.suite = suite;
        this.hash = name.length <= Hkdf.HASH_LENGTH ? Arrays.copyOf(name, Hkdf.HASH_LENGTH) : sha256(name);
        this.chainingKey = hash;
    }

    private SymmetricState(SymmetricState original) {
        suite = original.suite;
        chainingKey = original.chainingKey; // shared: the arrays are replaced, never changed
        hash = original.hash;
        key = original.key;
        nonce = original.nonce;
    }

    /** The same state, to try a message on. */
    SymmetricState copy() {
        return new SymmetricState(this);
    }

    void mixHash(byte[] data) {
        hash = sha256(hash, data);
    }

    void mixKey(byte[] keyMaterial) {
        byte[] keys = derive(keyMaterial, 2);
        chainingKey = slice(keys, 0);
        initializeKey(slice(keys, 1));
    }

    void mixKeyAndHash(byte[] keyMaterial) {
        byte[] keys = derive(keyMaterial, 3);
        chainingKey = slice(keys, 0);
        mixHash(slice(keys, 1));
        initializeKey(slice(keys, 2));
    }

    byte[] encryptAndHash(byte[] plain) {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE).doFinal(plain);
            mixHash(sealed);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing a handshake failed", e);
        }
    }

    /** The plain bytes, or null when the sealed ones are not authentic. */
    byte @Nullable [] decryptAndHash(byte[] sealed) {
        if (sealed.length < Suite.TAG_LENGTH) {
            return null;
        }
        try {
            byte[] plain = cipher(Cipher.DECRYPT_MODE).doFinal(sealed);
            mixHash(sealed);
            return plain;
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening a handshake failed", e);
        }
    }

    /** The two keys after the handshake, the initiator's sending key first. */
    byte[][] split() {
        byte[] keys = derive(NOTHING, 2);
        return new byte[][] {slice(keys, 0), slice(keys, 1)};
    }

    /** The transcript's hash, which names the handshake. */
    byte[] hash() {
        return hash.clone();
    }

    private byte[] derive(byte[] keyMaterial, int count) {
        return Hkdf.expand(Hkdf.extract(chainingKey, keyMaterial), NOTHING, count * Hkdf.HASH_LENGTH);
    }

    private static byte[] slice(byte[] keys, int index) {
        return Arrays.copyOfRange(keys, index * Hkdf.HASH_LENGTH, (index + 1) * Hkdf.HASH_LENGTH);
    }

    private void initializeKey(byte[] newKey) {
        key = newKey;
        nonce = 0;
    }

    /** A new cipher for the next nonce; handshakes are rare, so nothing is kept. */
    private Cipher cipher(int mode) throws GeneralSecurityException {
        if (key == null) {
            throw new IllegalStateException("no key mixed in yet");
        }
        Cipher cipher = suite.newCipher();
        cipher.init(mode, suite.key(key), suite.parameters(noiseNonce(suite, nonce++)));
        cipher.updateAAD(hash);
        return cipher;
    }

    /** Noise's nonce: 32 zero bits, then the number, whose byte order depends on the cipher (section 12). */
    static byte[] noiseNonce(Suite suite, long number) {
        ByteOrder order = suite == Suite.AES_256_GCM ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return ByteBuffer.allocate(Suite.NONCE_LENGTH)
                .order(order)
                .putLong(Integer.BYTES, number)
                .array();
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
