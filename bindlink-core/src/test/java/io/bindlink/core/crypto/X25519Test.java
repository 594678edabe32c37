package io.bindlink.core.crypto;

import static io.bindlink.core.crypto.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of RFC 7748 and the points that agree with nobody. */
class X25519Test {
    @Test
    void multipliesAsInRfc7748Section5() {
        assertThat(X25519.of(hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
                        .agree(hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")))
                .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    }

    @Test
    void ignoresTheTopBitOfAPoint() {
        assertThat(X25519.of(hex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"))
                        .agree(hex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")))
                .isEqualTo(hex("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
    }

    @Test
    void agreesAsInRfc7748Section6() {
        X25519 alice = X25519.of(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        X25519 bob = X25519.of(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

        assertThat(alice.publicKey())
                .isEqualTo(hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        assertThat(bob.publicKey()).isEqualTo(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        assertThat(alice.agree(bob.publicKey())).isEqualTo(shared);
        assertThat(bob.agree(alice.publicKey())).isEqualTo(shared);
    }

    @Test
    void randomKeysAgree() {
        Seeds.forEach(10, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            X25519 one = X25519.random(random);
            X25519 other = X25519.random(random);

            assertThat(one.agree(other.publicKey())).isEqualTo(other.agree(one.publicKey()));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void aPointOfLowOrderGivesNoSecret(String point) {
        assertThat(X25519.random(new SplittableRandom(1)).agree(hex(point))).isNull();
    }
}
