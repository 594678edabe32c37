package io.bindlink.core.crypto;

import static io.bindlink.core.crypto.Bytes.hex;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

class SuiteTest {
    /** Test case 16 of "The Galois/Counter Mode of Operation", McGrew and Viega, 2005. */
    @Test
    void aesSealsAsPublished() throws GeneralSecurityException {
        assertThat(seal(
                        Suite.AES_256_GCM,
                        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                        "cafebabefacedbaddecaf888",
                        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                        hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")))
                .isEqualTo(hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"));
    }

    /** RFC 8439 section 2.8.2. */
    @Test
    void chachaSealsAsPublished() throws GeneralSecurityException {
        assertThat(seal(
                        Suite.CHACHA20_POLY1305,
                        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
                        "070000004041424344454647",
                        "50515253c0c1c2c3c4c5c6c7",
                        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                                        + "sunscreen would be it.")
                                .getBytes(US_ASCII)))
                .isEqualTo(hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                        + "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"));
    }

    @Test
    void idsAndBitsNameSuites() {
        for (Suite suite : Suite.values()) {
            assertThat(Suite.ofId(suite.id())).isSameAs(suite);
            assertThat(suite.bit()).isEqualTo(suite.id()); // by chance of there being two
        }
        assertThat(Suite.ofId(0)).isNull();
        assertThat(Suite.ofId(3)).isNull();
    }

    private static byte[] seal(Suite suite, String key, String nonce, String clear, byte[] plain)
            throws GeneralSecurityException {
        Cipher cipher = suite.newCipher();
        cipher.init(Cipher.ENCRYPT_MODE, suite.key(hex(key)), suite.parameters(hex(nonce)));
        cipher.updateAAD(hex(clear));
        return cipher.doFinal(plain);
    }
}
