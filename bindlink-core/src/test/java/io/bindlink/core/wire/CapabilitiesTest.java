package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.wire.Capabilities.Malformed;
import io.bindlink.core.wire.Capabilities.Parsed;
import io.bindlink.core.wire.Capabilities.Refusal;
import io.bindlink.core.wire.Capabilities.Result;
import io.bindlink.core.wire.Capabilities.UnknownCritical;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Capability lists against {@code docs/wire.md section 7}. */
class CapabilitiesTest {
    private static final Capabilities ALL = new Capabilities(
            1,
            1,
            3,
            Capabilities.tunKindOf(TunDevice.Kind.IP_PACKETS),
            "bonding",
            1,
            1434,
            8192,
            16 << 20,
            0x0123456789abcdefL,
            true,
            true);
    private static final Capabilities REQUIRED = new Capabilities(
            1,
            1,
            2,
            Capabilities.tunKindOf(TunDevice.Kind.STREAMS),
            "x",
            0xFFFF,
            1,
            0xFFFF,
            0xFFFF_FFFFL,
            -1,
            false,
            false);

    @Test
    void everythingThereIsToSay() {
        assertThat(ALL.encode()).isEqualTo(WireVectors.bytes("capabilities_all"));
        assertThat(parse("capabilities_all")).isEqualTo(new Parsed(ALL, 0));
    }

    @Test
    void whatMustBeSaid() {
        assertThat(REQUIRED.encode()).isEqualTo(WireVectors.bytes("capabilities_required"));
        assertThat(parse("capabilities_required")).isEqualTo(new Parsed(REQUIRED, 0));
    }

    @Test
    void unknownTypesAreSkippedAndCounted() {
        Capabilities futureTun = new Capabilities(1, 1, 2, 3, "x", 0xFFFF, 1, 0xFFFF, 0xFFFF_FFFFL, -1, false, false);

        assertThat(parse("capabilities_with_unknown")).isEqualTo(new Parsed(futureTun, 2));
    }

    @Test
    void anUnknownCriticalTypeIsNamed() {
        Result result = parse("capabilities_unknown_critical");

        assertThat(result).isEqualTo(new UnknownCritical(19));
        assertThat(((UnknownCritical) result).text()).contains("19");
    }

    @ParameterizedTest
    @CsvSource({
        "refused_key_in_use, 1, in use",
        "refused_multiplexer, 2, ''",
        "refused_tun_kind, 3, ''",
        "refused_version, 4, ''",
        "refused_suite, 5, ''"
    })
    void aRefusalTellsWhy(String name, int code, String text) {
        Refusal refusal = new Refusal(code, text);

        assertThat(refusal.encode()).isEqualTo(WireVectors.bytes(name));
        assertThat(parse(name)).isEqualTo(refusal);
    }

    @Test
    void anyRefusalFitsIntoAReply() {
        byte[] longest = new Refusal(Refusal.MULTIPLEXER, "\u20ac".repeat(1_000)).encode();

        assertThat(longest.length + Hello.MIN_NOISE_BYTES).isLessThanOrEqualTo(Reply.MAX_NOISE_BYTES);
        assertThat(Capabilities.parse(ByteBuffer.wrap(longest)))
                .isEqualTo(new Refusal(Refusal.MULTIPLEXER, "\u20ac".repeat(42)));
    }

    @Test
    void anyListFitsIntoAHello() {
        Capabilities longest = new Capabilities(0, 255, 255, 255, "x".repeat(32), 1, 1, 1, 1, 1, true, true);

        assertThat(longest.encode()).hasSize(76);
        assertThat(Hello.CLEAR_BYTES + Hello.MIN_NOISE_BYTES + 76).isLessThanOrEqualTo(Hello.MIN_DATAGRAM_BYTES);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a type alone,                      01",
        "a value cut short,                 01 02 01",
        "versions in one byte,              01 01 01",
        "versions the wrong way round,      01 02 02 01",
        "suites of two bytes,               02 02 0001",
        "no tun kind,                       03 00",
        "a name without a character,        04 00",
        "a name with a space,               04 03 612062",
        "a name that is not ASCII,          04 02 c3a4",
        "a name that steers a terminal,     04 02 1b63",
        "a multiplexer version of one byte, 05 01 01",
        "no largest chunk,                  06 02 0000",
        "no flow slots,                     07 02 0000",
        "buffer bytes of three bytes,       08 03 010000",
        "an instance id of seven bytes,     09 07 00000000000000",
        "offload with a value,              0a 01 00",
        "partial checksum with a value,     0b 01 00",
        "a refusal without a code,          8c 00",
    })
    void rejects(String what, String hex) {
        assertThat(Capabilities.parse(buffer(hex))).as(what).isEqualTo(new Malformed());
    }

    @Test
    void aNameHasAtMost32Characters() {
        assertThat(Capabilities.parse(buffer("04 21" + "61".repeat(33)))).isEqualTo(new Malformed());
    }

    @Test
    void aTypeIsNotRepeated() {
        byte[] list = Arrays.copyOf(ALL.encode(), ALL.encode().length + 2);
        list[list.length - 2] = 0x0B;

        assertThat(Capabilities.parse(ByteBuffer.wrap(list))).isEqualTo(new Malformed());
    }

    @Test
    void aListCutShortIsMalformedUntilAllThatIsRequiredIsThere() {
        byte[] list = REQUIRED.encode();
        for (int length = 0; length < list.length; length++) {
            assertThat(Capabilities.parse(ByteBuffer.wrap(list, 0, length)))
                    .as("%d bytes", length)
                    .isEqualTo(new Malformed());
        }
    }

    @Test
    void valuesWithoutAPlaceOnTheWireAreRefused() {
        assertThatThrownBy(() -> new Capabilities(2, 1, 1, 1, "x", 1, 1, 1, 1, 1, false, false))
                .hasMessageContaining("minVersion");
        assertThatThrownBy(() -> new Capabilities(1, 1, 1, 1, "a b", 1, 1, 1, 1, 1, false, false))
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> new Capabilities(1, 1, 1, 1, "x", 1, 1, 1, 1L << 32, 1, false, false))
                .hasMessageContaining("bufferBytes");
    }

    @Test
    void noBytesMakeItThrowAndWhatIsParsedIsEncodedAlike() {
        List<byte[]> valid = List.of(
                WireVectors.bytes("capabilities_all"),
                WireVectors.bytes("capabilities_with_unknown"),
                WireVectors.bytes("refused_key_in_use"));
        Seeds.forEach(3_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] list = valid.get(random.nextInt(valid.size())).clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                list[random.nextInt(list.length)] = (byte) random.nextInt();
            }
            if (Capabilities.parse(ByteBuffer.wrap(list)) instanceof Parsed parsed) {
                Result again =
                        Capabilities.parse(ByteBuffer.wrap(parsed.capabilities().encode()));
                assertThat(again).isEqualTo(new Parsed(parsed.capabilities(), 0));
            }
            byte[] chance = new byte[random.nextInt(60)];
            random.nextBytes(chance);
            assertThat(Capabilities.parse(ByteBuffer.wrap(chance))).isNotNull();
        });
    }

    private static Result parse(String name) {
        return Capabilities.parse(WireVectors.buffer(name));
    }

    private static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
