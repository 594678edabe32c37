package io.bindlink.core.crypto;

import static io.bindlink.core.crypto.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

/** The published vectors of the Cacophony project for NNpsk0 (also in snow's tests, vectors/cacophony.txt). */
class NoiseVectorsTest {
    private static final byte[] PROLOGUE = hex("4a6f686e2047616c74");
    private static final byte[] PSK = hex("54686973206973206d7920417573747269616e20706572737065637469766521");
    private static final byte[] INITIATOR_EPHEMERAL =
            hex("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a");
    private static final byte[] RESPONDER_EPHEMERAL =
            hex("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b");
    private static final List<byte[]> PAYLOADS = List.of(
            hex("4c756477696720766f6e204d69736573"),
            hex("4d757272617920526f746862617264"),
            hex("462e20412e20486179656b"),
            hex("4361726c204d656e676572"),
            hex("4a65616e2d426170746973746520536179"),
            hex("457567656e2042f6686d20766f6e2042617765726b"));

    @Test
    void aes() throws GeneralSecurityException {
        check(
                Suite.AES_256_GCM,
                "29d92c13649b5d28b41afd8dc5d6ce7f46df2348e4061c09f1c354b593e13add",
                "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
                        + "7c37a89fc17813788d30df2d59501d6066f5f8aecc3406bbd9829f2d24a531b1",
                "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
                        + "2f29d79368ef9de4e1ae7a362fb05bf0ad668e026bf5714554497b3a720461",
                "7c01e898a6201f36aecee532e29cd0b7f8ffa29d3366ad0dce39a6",
                "a9ff535aace3db6a1da1a7fb00fe2de2622bb373abad9fb42c00e0",
                "6cfc49a3e65472edc2d0152abe5ce950170a8a47c959f30bd48b5f0aacf29adbfd",
                "9bc86e6d974ed21ba04604a94aa68de21677eb409ead070c0cd569b069ee19ba142aa4c1a9");
    }

    @Test
    void chacha() throws GeneralSecurityException {
        check(
                Suite.CHACHA20_POLY1305,
                "054a32eaeedc4061a64cec028e34e5775d4de033e32525a5dfbd719056bae0b6",
                "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
                        + "79b962b8aff8485742ac32f905ba45369e2465fb59e138a93d67a0d1266b6a54",
                "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
                        + "d6062704d5a9c422a8e834423f8c1feada7e8d0d910a1a2cd030fb584221e3",
                "e632c3763d7669067383433197a3baddf146e9e70ad4b4e9e59e0f",
                "64c6bee32ea91c8474bb4c21d7a700109ad45af77b29764ba5eb1e",
                "e2fa0bed0603b62d3ccac2ecabbf3fe33f3e86514909b323361626266cb2471cc8",
                "0c01dc9cec1fe4ddd692e8dd32188aa351088dc91183639a53b57aa4692b5ebdef8b8ca111");
    }

    private static void check(Suite suite, String firstHash, String... messages) throws GeneralSecurityException {
        PresharedSecret secret = PresharedSecret.of(PSK);
        NoiseHandshake initiator = NoiseHandshake.withEphemeral(true, suite, secret, PROLOGUE, INITIATOR_EPHEMERAL);
        NoiseHandshake responder = NoiseHandshake.withEphemeral(false, suite, secret, PROLOGUE, RESPONDER_EPHEMERAL);

        byte[] first = initiator.writeMessage(PAYLOADS.get(0));
        assertThat(first).isEqualTo(hex(messages[0]));
        assertThat(responder.readMessage(first, 0, first.length)).isEqualTo(PAYLOADS.get(0));
        assertThat(initiator.handshakeHash()) // what is published is the hash after the first message, not the last
                .isEqualTo(responder.handshakeHash())
                .isEqualTo(hex(firstHash));
        byte[] second = responder.writeMessage(PAYLOADS.get(1));
        assertThat(second).isEqualTo(hex(messages[1]));
        assertThat(initiator.readMessage(second, 0, second.length)).isEqualTo(PAYLOADS.get(1));

        assertThat(initiator.handshakeHash()).isEqualTo(responder.handshakeHash());
        assertThat(responder.splitKeys()).isDeepEqualTo(initiator.splitKeys());
        for (int i = 2; i < messages.length; i++) { // the sides take turns, each counts its own from 0
            byte[] key = initiator.splitKeys()[i % 2];
            assertThat(transport(suite, key, i / 2 - 1, PAYLOADS.get(i))).isEqualTo(hex(messages[i]));
        }
    }

    private static byte[] transport(Suite suite, byte[] key, long number, byte[] payload)
            throws GeneralSecurityException {
        Cipher cipher = suite.newCipher();
        byte[] nonce = SymmetricState.noiseNonce(suite, number);
        cipher.init(Cipher.ENCRYPT_MODE, suite.key(key), suite.parameters(nonce));
        return cipher.doFinal(payload);
    }
}
