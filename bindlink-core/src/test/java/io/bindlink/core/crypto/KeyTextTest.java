package io.bindlink.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.base.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTextTest {
    private static final String COUNTING = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @Test
    void printedKeysParse() {
        Seeds.forEach(100, seed -> {
            PresharedSecret secret = PresharedSecret.random(new SplittableRandom(seed));

            assertThat(KeyText.parse(KeyText.print(secret))).isEqualTo(secret);
        });
    }

    @Test
    void parsesAsBase64() {
        PresharedSecret secret = PresharedSecret.of(Bytes.counting(32));

        assertThat(KeyText.parse(COUNTING)).isEqualTo(secret);
        assertThat(KeyText.parse("  " + COUNTING + "\r\n")).isEqualTo(secret);
        assertThat(KeyText.print(secret)).isEqualTo(COUNTING);
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh, has 42 characters",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g=, has 45 characters",
        "AAECAwQFBgcICQoLDA0ODxAREhM-FRYXGBkaGxwdHh8=, is not base64 at character 28",
        "AAECAwQFBgcICQoLDA0O xAREhMUFRYXGBkaGxwdHh8=, is not base64 at character 21",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHhé=, is not base64 at character 43",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A, does not end with '='",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh==, is not base64 at character 43",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=, has a wrong last character before the '='",
    })
    void aMistakeIsNamedAndTheKeyIsNot(String text, String mistake) {
        assertThatExceptionOfType(BindlinkException.class)
                .isThrownBy(() -> KeyText.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                .withMessage("the key " + mistake + "; a key is 44 base64 characters, the last one '='")
                .withNoCause();
    }
}
