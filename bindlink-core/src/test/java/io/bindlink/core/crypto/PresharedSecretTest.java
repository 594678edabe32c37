package io.bindlink.core.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PresharedSecretTest {
    private static final PresharedSecret SECRET = PresharedSecret.of(Bytes.counting(32));
    private static final PresharedSecret OTHER = PresharedSecret.of(Bytes.of(1, 32));

    @Test
    void keyIdIsDerivedByItsLabel() {
        byte[] label = "bindlink/1 key id\u0001".getBytes(US_ASCII);

        assertThat(SECRET.keyId()).isEqualTo(Arrays.copyOf(Hkdf.hmac(Bytes.counting(32), label), 8));
        assertThat(SECRET.keyId()).isNotEqualTo(OTHER.keyId());
    }

    @Test
    void cookieMacIsDerivedByItsLabel() {
        byte[] label = "bindlink/1 cookie\u0001".getBytes(US_ASCII);
        byte[] cookieKey = Hkdf.hmac(Bytes.counting(32), label);

        assertThat(SECRET.cookieMac(new byte[21], new byte[32]))
                .isEqualTo(Arrays.copyOf(Hkdf.hmac(cookieKey, new byte[53]), 16));
    }

    @Test
    void onlyHoldersOfTheSecretMakeCookieMacs() {
        byte[] cookie = Bytes.counting(21);
        byte[] ephemeral = Bytes.of(9, 32);

        assertThat(SECRET.validCookieMac(SECRET.cookieMac(cookie, ephemeral), cookie, ephemeral))
                .isTrue();
        assertThat(SECRET.validCookieMac(OTHER.cookieMac(cookie, ephemeral), cookie, ephemeral))
                .isFalse();
        assertThat(SECRET.validCookieMac(SECRET.cookieMac(cookie, ephemeral), cookie, new byte[32]))
                .isFalse();
    }

    @Test
    void equalsByItsBytes() {
        assertThat(SECRET).isEqualTo(PresharedSecret.of(Bytes.counting(32))).isNotEqualTo(OTHER);
        assertThat(SECRET).hasSameHashCodeAs(PresharedSecret.of(Bytes.counting(32)));
    }

    @Test
    void doesNotChangeWithTheArraysGivenAndTaken() {
        byte[] bytes = Bytes.counting(32);
        PresharedSecret secret = PresharedSecret.of(bytes);
        bytes[0] = 99;
        secret.keyId()[0]++;

        assertThat(secret).isEqualTo(SECRET);
        assertThat(secret.keyId()).isEqualTo(SECRET.keyId());
    }

    @Test
    void showsNothing() {
        assertThat(SECRET).hasToString("PresharedSecret(hidden)");
    }

    @Test
    void otherLengthsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PresharedSecret.of(new byte[31]));
    }
}
