package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HELLO, REPLY, COOKIE and UNSUPPORTED against the bytes in {@code docs/wire.md section 5}. */
class HandshakeDatagramsTest {
    private static final byte[] KEY_ID = hex("a0a1a2a3a4a5a6a7");
    private static final byte[] COOKIE = hex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf");
    private static final int SLAVE = 0x01020304;
    private static final int MASTER = 0x0a0b0c0d;
    private static final List<Function<ByteBuffer, ?>> PARSERS = List.of(
            HandshakeDatagramsTest::helloOrNot,
            HandshakeDatagramsTest::replyOrNot,
            bytes -> String.valueOf(Cookie.parse(bytes)),
            bytes -> String.valueOf(Unsupported.parse(bytes)));

    @Test
    void firstHelloHasNoCookie() {
        byte[] noise = noise(0xE1, 0x5A);
        Hello hello = new Hello(Hello.clear(1, KEY_ID, SLAVE, null, noise.length), noise);

        assertThat(written(hello)).isEqualTo(WireVectors.bytes("hello_first"));
        Hello parsed = hello("hello_first");
        assertThat(parsed.suite()).isEqualTo(1);
        assertThat(parsed.version()).isEqualTo(Datagram.VERSION);
        assertThat(parsed.isSupported()).isTrue();
        assertThat(parsed.minVersion()).isEqualTo(1);
        assertThat(parsed.maxVersion()).isEqualTo(1);
        assertThat(parsed.keyId()).isEqualTo(KEY_ID);
        assertThat(parsed.sender()).isEqualTo(SLAVE);
        assertThat(parsed.hasCookie()).isFalse();
        assertThat(parsed.noiseMessage()).isEqualTo(noise);
        assertThat(parsed.ephemeral()).isEqualTo(Arrays.copyOf(noise, 32));
    }

    @Test
    void nextHelloCarriesTheCookie() {
        byte[] noise = noise(0xE2, 0x5B);
        Hello hello = new Hello(Hello.clear(1, KEY_ID, SLAVE, COOKIE, noise.length), noise);

        assertThat(written(hello)).isEqualTo(WireVectors.bytes("hello_with_cookie"));
        assertThat(hello("hello_with_cookie").hasCookie()).isTrue();
        assertThat(hello("hello_with_cookie").cookie()).isEqualTo(COOKIE);
    }

    @Test
    void helloOfAnotherVersionIsReadAndKeptAsSent() {
        Hello hello = hello("hello_of_another_version");

        assertThat(hello.version()).isEqualTo(2);
        assertThat(hello.isSupported()).isFalse();
        assertThat(hello.minVersion()).isEqualTo(2);
        assertThat(hello.maxVersion()).isEqualTo(3);
        assertThat(hello.suite()).isEqualTo(9);
        assertThat(hello.sender()).isEqualTo(SLAVE);
        assertThat(hello.keyId()).isEqualTo(KEY_ID);
        assertThat(hello.clearBytes())
                .as("reserved bits too: they are authenticated")
                .isEqualTo(Arrays.copyOf(WireVectors.bytes("hello_of_another_version"), Hello.CLEAR_BYTES));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 2c", "33, ff", "34, 2f", "34, de"}) // another type; lengths of the noise message
    void oneByteCanMakeItNoHello(int offset, String value) {
        byte[] bytes = WireVectors.bytes("hello_first");
        bytes[offset] = (byte) Integer.parseInt(value, 16);

        assertThat(Hello.parse(ByteBuffer.wrap(bytes))).isNull();
    }

    @Test
    void noiseMayFillTheHello() {
        byte[] bytes = WireVectors.bytes("hello_first");
        bytes[34] = (byte) (Hello.MIN_DATAGRAM_BYTES - Hello.CLEAR_BYTES);

        Hello hello = Objects.requireNonNull(Hello.parse(ByteBuffer.wrap(bytes)));

        assertThat(hello.noiseMessage()).hasSize(221);
        assertThat(written(hello)).isEqualTo(bytes);
    }

    @Test
    void aShortHelloIsNone() {
        byte[] bytes = WireVectors.bytes("hello_first");
        for (int length = 0; length < Hello.MIN_DATAGRAM_BYTES; length++) {
            assertThat(Hello.parse(ByteBuffer.wrap(bytes, 0, length))).isNull();
        }
    }

    @Test
    void prologueHoldsTheClearBytes() {
        assertThat(Prologue.ofHello(hello("hello_first").clearBytes()))
                .isEqualTo(WireVectors.bytes("prologue_of_hello_first"));
        assertThat(Prologue.ofRekey(Prologue.handshakeClearBytes(Prologue.INITIATE, 0x05060708, 48)))
                .isEqualTo(WireVectors.bytes("prologue_of_rekey"));
    }

    @Test
    void reply() {
        byte[] noise = noise(0xE3, 0x5C);
        Reply reply = new Reply(Reply.clear(SLAVE, MASTER, noise.length), noise);
        ByteBuffer out = ByteBuffer.allocate(reply.sizeBytes());
        reply.write(out);

        assertThat(out.array()).isEqualTo(WireVectors.bytes("reply"));
        Reply parsed = Objects.requireNonNull(Reply.parse(WireVectors.buffer("reply")));
        assertThat(parsed.receiver()).isEqualTo(SLAVE);
        assertThat(parsed.sender()).isEqualTo(MASTER);
        assertThat(parsed.clearBytes()).isEqualTo(reply.clearBytes());
        assertThat(parsed.noiseMessage()).isEqualTo(noise);
    }

    @Test
    void aReplyIsExactlyAsLongAsItSays() {
        byte[] bytes = WireVectors.bytes("reply");
        for (int length = 0; length <= bytes.length + 3; length++) {
            Reply parsed = Reply.parse(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
            assertThat(parsed != null).as("%d bytes", length).isEqualTo(length == bytes.length);
        }
    }

    @Test
    void aReplyIsNeverLongerThanAHello() {
        byte[] clear = Reply.clear(SLAVE, MASTER, 246);
        byte[] bytes = Arrays.copyOf(clear, Hello.MIN_DATAGRAM_BYTES + 1);

        assertThat(Reply.parse(ByteBuffer.wrap(bytes))).isNull();
        assertThatThrownBy(() -> new Reply(clear, new byte[246])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cookie() {
        Cookie cookie = new Cookie(Cookie.clear(SLAVE, COOKIE), hex("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"));
        ByteBuffer out = ByteBuffer.allocate(Cookie.DATAGRAM_BYTES);
        cookie.write(out);

        assertThat(out.array()).isEqualTo(WireVectors.bytes("cookie"));
        Cookie parsed = Objects.requireNonNull(Cookie.parse(WireVectors.buffer("cookie")));
        assertThat(parsed.receiver()).isEqualTo(SLAVE);
        assertThat(parsed.cookie()).isEqualTo(COOKIE);
        assertThat(parsed.mac()).isEqualTo(cookie.mac());
        assertThat(parsed.clearBytes()).isEqualTo(cookie.clearBytes());
    }

    @Test
    void aCookieHasOneLength() {
        byte[] bytes = WireVectors.bytes("cookie");
        for (int length = 0; length <= bytes.length + 3; length++) {
            Cookie parsed = Cookie.parse(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
            assertThat(parsed != null).as("%d bytes", length).isEqualTo(length == bytes.length);
        }
    }

    @Test
    void unsupported() {
        ByteBuffer out = ByteBuffer.allocate(Unsupported.DATAGRAM_BYTES);
        Unsupported.answering(SLAVE).write(out);

        assertThat(out.array()).isEqualTo(WireVectors.bytes("unsupported"));
        assertThat(Unsupported.parse(WireVectors.buffer("unsupported"))).isEqualTo(new Unsupported(SLAVE, 1, 1));
    }

    @Test
    void unsupportedOfAnotherVersionMayBeLonger() {
        byte[] later = hex("70 01020304 02 03 aabbcc".replace(" ", ""));

        assertThat(Unsupported.parse(ByteBuffer.wrap(later))).isEqualTo(new Unsupported(SLAVE, 2, 3));
        assertThat(Unsupported.parse(ByteBuffer.wrap(later, 0, 6))).isNull();
    }

    @Test
    void noBytesMakeAParserThrow() {
        List<String> names = List.of("hello_first", "hello_with_cookie", "reply", "cookie", "unsupported");
        Seeds.forEach(1_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] valid = WireVectors.bytes(names.get(random.nextInt(names.size())));
            byte[] changed = Arrays.copyOf(valid, random.nextInt(400));
            for (int changes = random.nextInt(5); changes > 0 && changed.length > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            for (Function<ByteBuffer, ?> parser : PARSERS) {
                assertThat(parser.apply(ByteBuffer.wrap(changed))).isNotNull();
                assertThat(parser.apply(ByteBuffer.wrap(noise))).isNotNull();
            }
        });
    }

    private static String helloOrNot(ByteBuffer bytes) {
        Hello hello = Hello.parse(bytes);
        return hello == null ? "none" : hello.sender() + " " + hello.ephemeral().length + hello.cookie().length;
    }

    private static String replyOrNot(ByteBuffer bytes) {
        Reply reply = Reply.parse(bytes);
        return reply == null ? "none" : reply.sender() + " " + reply.receiver();
    }

    private static Hello hello(String name) {
        return Objects.requireNonNull(Hello.parse(WireVectors.buffer(name)));
    }

    private static byte[] written(Hello hello) {
        ByteBuffer out = ByteBuffer.allocate(hello.sizeBytes());
        hello.write(out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    private static byte[] noise(int ephemeral, int tag) {
        byte[] noise = new byte[Hello.MIN_NOISE_BYTES];
        Arrays.fill(noise, 0, Hello.EPHEMERAL_BYTES, (byte) ephemeral);
        Arrays.fill(noise, Hello.EPHEMERAL_BYTES, noise.length, (byte) tag);
        return noise;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
