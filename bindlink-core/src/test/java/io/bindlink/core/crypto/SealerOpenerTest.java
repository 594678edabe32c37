package io.bindlink.core.crypto;

import static io.bindlink.core.crypto.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bindlink.core.base.Seeds;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealerOpenerTest {
    private static final byte[] KEY = Bytes.counting(32);
    private static final int CLEAR = 10;
    private static final int PLAIN = 40;
    private static final int LINK = 3;

    @ParameterizedTest
    @EnumSource
    void whatIsSealedOpens(Suite suite) {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Sealer sealer = new Sealer(suite, KEY);
            Opener opener = new Opener(suite, KEY);
            long number = 0;
            for (int i = 0; i < 20; i++) {
                int linkId = random.nextInt(256);
                number += random.nextLong(1, 1L << 40);
                int offset = random.nextInt(20);
                int clear = random.nextInt(1, 50);
                byte[] plain = new byte[random.nextInt(2000)];
                random.nextBytes(plain);
                byte[] buffer = new byte[offset + clear + plain.length + Suite.TAG_LENGTH];
                random.nextBytes(buffer);
                byte[] before = Arrays.copyOf(buffer, offset + clear);
                System.arraycopy(plain, 0, buffer, offset + clear, plain.length);

                int length = sealer.seal(linkId, number, buffer, offset, clear, plain.length);
                byte[] out = new byte[plain.length];
                assertThat(length).isEqualTo(clear + plain.length + Suite.TAG_LENGTH);
                assertThat(Arrays.copyOf(buffer, offset + clear)).as("clear").isEqualTo(before);
                assertThat(opener.open(linkId, number, buffer, offset, clear, length, out))
                        .isEqualTo(plain.length);
                assertThat(out).isEqualTo(plain);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void theNonceIsLinkIdAndNumber(Suite suite) throws GeneralSecurityException {
        byte[] datagram = sealed(new Sealer(suite, KEY), 0xFE, 0x0102030405060708L);

        Cipher cipher = suite.newCipher();
        cipher.init(Cipher.DECRYPT_MODE, suite.key(KEY), suite.parameters(hex("fe0000000102030405060708")));
        cipher.updateAAD(datagram, 0, CLEAR);
        assertThat(cipher.doFinal(datagram, CLEAR, datagram.length - CLEAR)).isEqualTo(Bytes.of(7, PLAIN));
    }

    @ParameterizedTest
    @EnumSource
    void everyAlterationIsForged(Suite suite) {
        byte[] datagram = sealed(new Sealer(suite, KEY), LINK, 5);
        Opener opener = new Opener(suite, KEY);

        for (int i = 0; i < datagram.length; i++) {
            byte[] altered = datagram.clone();
            altered[i] ^= (byte) 0x80;
            assertThat(open(opener, LINK, 5, altered)).as("byte %d", i).isEqualTo(Opener.FORGED);
        }
        for (int length = 0; length < datagram.length; length++) {
            assertThat(open(opener, LINK, 5, Arrays.copyOf(datagram, length))).isEqualTo(Opener.FORGED);
        }
        assertThat(open(opener, LINK + 1, 5, datagram)).isEqualTo(Opener.FORGED);
        assertThat(open(opener, LINK, 6, datagram)).isEqualTo(Opener.FORGED);
        assertThat(open(opener, LINK, 5 - (1L << 32), datagram)).isEqualTo(Opener.FORGED);
        assertThat(open(new Opener(suite, Bytes.of(1, 32)), LINK, 5, datagram)).isEqualTo(Opener.FORGED);
    }

    /** JDK 17 refuses to open with ChaCha20 under the nonce it has just been given. */
    @ParameterizedTest
    @EnumSource
    void aForgedDatagramDoesNotCostTheGenuineOne(Suite suite) {
        byte[] genuine = sealed(new Sealer(suite, KEY), LINK, 9);
        byte[] forged = genuine.clone();
        forged[forged.length - 1] ^= 1;
        Opener opener = new Opener(suite, KEY);

        assertThat(open(opener, LINK, 9, forged)).isEqualTo(Opener.FORGED);
        assertThat(open(opener, LINK, 9, forged)).isEqualTo(Opener.FORGED);
        assertThat(open(opener, LINK, 9, genuine)).isEqualTo(PLAIN);
        assertThat(open(opener, LINK, 9, genuine)).as("a duplicate").isEqualTo(PLAIN);
        assertThat(open(opener, LINK, 9, forged)).isEqualTo(Opener.FORGED);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstNumberOpensAtOnceAndAgain(Suite suite) {
        byte[] first = sealed(new Sealer(suite, KEY), 0, 0);
        Opener opener = new Opener(suite, KEY);

        assertThat(open(opener, 0, 0, first)).isEqualTo(PLAIN);
        assertThat(open(opener, 0, 0, first)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @EnumSource
    void numbersThatDoNotIncreaseAreOurBug(Suite suite) {
        Sealer sealer = new Sealer(suite, KEY);
        sealed(sealer, 1, 10);
        sealed(sealer, 2, 0);

        assertThatIllegalStateException().isThrownBy(() -> sealed(sealer, 1, 10));
        assertThatIllegalStateException().isThrownBy(() -> sealed(sealer, 1, 9));
        assertThatIllegalStateException().isThrownBy(() -> sealed(sealer, 3, -1));
        sealed(sealer, 1, 11);
        sealed(sealer, 2, 1);
    }

    @Test
    void theUnusedNonceIsNobodys() {
        byte[] nonce = new byte[12];
        Nonces.write(nonce, 255, -1);

        assertThat(nonce).isNotEqualTo(Nonces.unused());
    }

    private static byte[] sealed(Sealer sealer, int linkId, long number) {
        byte[] buffer = Bytes.of(7, CLEAR + PLAIN + Suite.TAG_LENGTH);
        assertThat(sealer.seal(linkId, number, buffer, 0, CLEAR, PLAIN)).isEqualTo(buffer.length);
        return buffer;
    }

    private static int open(Opener opener, int linkId, long number, byte[] datagram) {
        return opener.open(linkId, number, datagram, 0, CLEAR, datagram.length, new byte[PLAIN]);
    }
}
