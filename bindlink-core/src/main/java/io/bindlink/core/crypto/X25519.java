package io.bindlink.core.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.random.RandomGenerator;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** A private key of the X25519 key agreement (RFC 7748) and its public key. Immutable. */
final class X25519 {
    /** Bytes in a private key, a public key and a shared secret. */
    static final int LENGTH = 32;

    private static final byte[] BASE_POINT = basePoint();

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private X25519(byte[] scalar) {
        try {
            privateKey = keyFactory().generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
            publicKey = multiply(BASE_POINT);
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    static X25519 of(byte[] scalar) {
        return new X25519(scalar.clone());
    }

    static X25519 random(RandomGenerator random) {
        byte[] scalar = new byte[LENGTH];
        random.nextBytes(scalar);
        return new X25519(scalar);
    }

    /** The public key; not to be changed. */
    byte[] publicKey() {
        return publicKey;
    }

    /** The secret shared with the holder of a public key, or null when that key is a point of low order. */
    byte @Nullable [] agree(byte[] peerPublicKey) {
        try {
            return multiply(peerPublicKey);
        } catch (InvalidKeyException e) { // the product is zero, whatever our key: RFC 7748 section 6.1
            return null;
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    private byte[] multiply(byte[] point) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(privateKey);
        agreement.doPhase(publicKey(point), true);
        return agreement.generateSecret();
    }

    private static PublicKey publicKey(byte[] point) throws GeneralSecurityException {
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = point[LENGTH - 1 - i];
        }
        bigEndian[0] &= 0x7F; // the top bit does not count: RFC 7748 section 5
        return keyFactory()
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
    }

    private static KeyFactory keyFactory() throws GeneralSecurityException {
        return KeyFactory.getInstance("X25519");
    }

    private static byte[] basePoint() {
        byte[] point = new byte[LENGTH];
        point[0] = 9;
        return point;
    }

    private static IllegalStateException unsupported(GeneralSecurityException e) {
        return new IllegalStateException("this Java runtime lacks X25519", e);
    }
}
