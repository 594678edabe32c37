package io.bindlink.core.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the datagrams of one direction and key epoch, in place. Allocates nothing but what JCA needs with every nonce.
 * Confined to its session.
 *
 * <pre>
 *   nonce   0 link id (1) | 1 zero (3) | 4 packet number (8)
 * </pre>
 */
public final class Sealer {
    private static final int LINK_IDS = 256; // a link id is one byte

    private final Suite suite;
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] nonce = new byte[Suite.NONCE_LENGTH];
    private final long[] lowestUnused = new long[LINK_IDS];

    Sealer(Suite suite, byte[] key) {
        this.suite = suite;
        this.cipher = suite.newCipher();
        this.key = suite.key(key);
    }

    /**
     * Seals one datagram in place.
     *
     * @param linkId the link's id, 0..255
     * @param number its packet number, over all that were sealed for this link before
     * @param buffer holds the bytes that stay clear, then the ones to seal, then room for the tag
     * @param offset where the clear bytes start
     * @param aadLength how many stay clear; they are authenticated
     * @param plainLength how many to seal
     * @return the whole length, clear bytes to tag
     */
    public int seal(int linkId, long number, byte[] buffer, int offset, int aadLength, int plainLength) {
        if (number < lowestUnused[linkId]) { // a nonce used twice would give the key away
            throw new IllegalStateException("packet number ran backwards on link " + linkId + ": " + number);
        }
        lowestUnused[linkId] = number + 1;
        Nonces.write(nonce, linkId, number);
        int plainOffset = offset + aadLength;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, suite.parameters(nonce));
            cipher.updateAAD(buffer, offset, aadLength);
            return aadLength + cipher.doFinal(buffer, plainOffset, plainLength, buffer, plainOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "Sealer(" + suite + ")";
    }
}
