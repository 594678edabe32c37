package io.bindlink.core.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens the datagrams of one direction and key epoch, any of them any number of times: who opens must also keep a
 * {@link ReplayWindow}. Allocates nothing but what JCA needs with every nonce. Confined to its session.
 */
public final class Opener {
    /** Returned for a datagram that is not authentic. */
    public static final int FORGED = -1;

    private final Suite suite;
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final AlgorithmParameterSpec unusedNonce;
    private final byte[] nonce = new byte[Suite.NONCE_LENGTH];
    private int lastLinkId = -1;
    private long lastNumber;

    Opener(Suite suite, byte[] key) {
        this.suite = suite;
        this.cipher = suite.newCipher();
        this.key = suite.key(key);
        this.unusedNonce = suite.parameters(Nonces.unused());
    }

    /**
     * Opens one datagram.
     *
     * @param linkId the id of the link it came over, 0..255
     * @param number its packet number, any
     * @param buffer holds the datagram, which stays as it is
     * @param offset where it starts
     * @param aadLength how many of its bytes are clear
     * @param length its whole length, clear bytes to tag; any
     * @param out takes the plain bytes, from index 0; needs room for {@code length - aadLength - 16}. Its content means
     *     nothing when the datagram is not authentic
     * @return the number of plain bytes, or {@link #FORGED} when it is too short or not authentic
     */
    public int open(int linkId, long number, byte[] buffer, int offset, int aadLength, int length, byte[] out) {
        int sealedLength = length - aadLength;
        if (sealedLength < Suite.TAG_LENGTH) {
            return FORGED;
        }
        try {
            initialize(linkId, number);
            cipher.updateAAD(buffer, offset, aadLength);
            return cipher.doFinal(buffer, offset + aadLength, sealedLength, out, 0);
        } catch (AEADBadTagException e) {
            return FORGED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed", e);
        }
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "Opener(" + suite + ")";
    }

    private void initialize(int linkId, long number) throws GeneralSecurityException {
        // ChaCha20 on JDK 17 refuses the nonce it was given last, even to open: a forged datagram would cost the
        // genuine one with its number. Another nonce in between makes it forget.
        if (linkId == lastLinkId && number == lastNumber) {
            cipher.init(Cipher.DECRYPT_MODE, key, unusedNonce);
        }
        lastLinkId = linkId;
        lastNumber = number;
        Nonces.write(nonce, linkId, number);
        cipher.init(Cipher.DECRYPT_MODE, key, suite.parameters(nonce));
    }
}
