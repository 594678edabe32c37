package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Socks5HandshakeTest {
    private static final InetSocketAddress UNTOLD = new InetSocketAddress("0.0.0.0", 0);
    private static final Credentials LOGIN = new Credentials("user", "päss:word");
    private static final String RELAY_IPV4 = "05000001 0a000001 a5f1";

    @Test
    void offersNoAuthenticationAloneWithoutCredentials() {
        assertThat(sent(new Socks5Handshake(UNTOLD, null))).isEqualTo("050100");
    }

    @Test
    void offersBothWithCredentials() {
        assertThat(sent(new Socks5Handshake(UNTOLD, LOGIN))).isEqualTo("05020002");
    }

    @Test
    void asksForARelayWithoutTellingItsSource() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
        shake.pollOutput();
        shake.handleInput(bytes("0500"));
        assertThat(sent(shake)).isEqualTo("05030001000000000000");
        shake.handleInput(bytes(RELAY_IPV4));
        assertThat(shake.isDone()).isTrue();
        assertThat(shake.relayAddress()).hasToString("/10.0.0.1");
        assertThat(shake.relayPort()).isEqualTo(0xA5F1);
    }

    @Test
    void tellsItsSourceWhenItHasOne() throws Exception {
        InetAddress source = InetAddress.getByName("2001:db8::7");
        Socks5Handshake shake = new Socks5Handshake(new InetSocketAddress(source, 0x1234), null);
        shake.pollOutput();
        shake.handleInput(bytes("0500"));
        assertThat(sent(shake)).isEqualTo("05030004" + "20010db8000000000000000000000007" + "1234");
    }

    @Test
    void logsInWhenAskedTo() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, LOGIN);
        shake.pollOutput();
        shake.handleInput(bytes("0502"));
        String password = HexFormat.of().formatHex("päss:word".getBytes(StandardCharsets.UTF_8));
        assertThat(sent(shake)).isEqualTo("0104" + "75736572" + "0a" + password);
        shake.handleInput(bytes("0100"));
        assertThat(sent(shake)).startsWith("0503");
    }

    @Test
    void skipsTheLoginWhenTheServerWantsNone() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, LOGIN);
        shake.pollOutput();
        shake.handleInput(bytes("0500"));
        assertThat(sent(shake)).startsWith("0503");
    }

    @ParameterizedTest
    @CsvSource({
        "05000001 0a000001 a5f1, /10.0.0.1, ''",
        "05000004 20010db8000000000000000000000001 a5f1, /2001:db8:0:0:0:0:0:1, ''",
        "05000003 05 70686f6e65 a5f1, , phone",
        "05000003 07 302e302e302e30 a5f1, , 0.0.0.0",
        "05000003 00 a5f1, , ''",
        "05 00 ff 01 00000000 a5f1, /0.0.0.0, ''",
    })
    void readsEveryKindOfAddressHoweverItIsSplit(String reply, String address, String name) {
        byte[] all = bytes("0500 " + reply).array();
        for (int cut = 1; cut < all.length; cut++) {
            Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
            shake.handleInput(ByteBuffer.wrap(all, 0, cut));
            assertThat(shake.isOver()).isFalse();
            shake.handleInput(ByteBuffer.wrap(all, cut, all.length - cut));
            assertThat(shake.isDone()).isTrue();
            assertThat(
                            shake.relayAddress() == null
                                    ? null
                                    : shake.relayAddress().toString())
                    .isEqualTo(address);
            assertThat(shake.relayName()).isEqualTo(name);
            assertThat(shake.relayPort()).isEqualTo(0xA5F1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0500 0501 | failed to set up a UDP relay (SOCKS reply 1, general server failure)",
                "0500 0502 | does not allow UDP for us (SOCKS reply 2, not allowed by its rules)",
                "0500 0503 | has no network (SOCKS reply 3, network unreachable)",
                "0500 0504 | reaches no host (SOCKS reply 4, host unreachable)",
                "0500 0505 | was refused (SOCKS reply 5, connection refused)",
                "0500 0506 | ran out of time (SOCKS reply 6, TTL expired)",
                "0500 0507 | does not support UDP (SOCKS reply 7, command not supported)",
                "0500 0508 | does not take our kind of address (SOCKS reply 8, address type not supported)",
                "0500 05c8 | refused for an unknown reason (SOCKS reply 200)",
                "0500 05000009 00 | sent a reply that makes no sense (address type 9)",
                "05ff | wants a user name and a password (SOCKS method 255)",
                "0502 | wants a user name and a password (SOCKS method 2)",
                "0501 | chose an authentication that was not offered (SOCKS method 1)",
                "48545450 | does not speak SOCKS5 (its first byte is 72)",
                "0500 00 | does not speak SOCKS5 (its first byte is 0)",
            })
    void saysInOneLineWhatWentWrong(String input, String line) {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
        shake.handleInput(bytes(input));
        assertThat(shake.isOver()).isTrue();
        assertThat(shake.isDone()).isFalse();
        assertThat(shake.failure()).isEqualTo(line);
    }

    @Test
    void wrongPasswordIsNamedAndNotShown() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, LOGIN);
        shake.handleInput(bytes("0502 0101"));
        assertThat(shake.failure()).isEqualTo("refused the user name or the password (status 1)");
        assertThat(LOGIN.toString()).doesNotContain("user", "word");
    }

    @Test
    void unwantedLoginIsNamed() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, LOGIN);
        shake.handleInput(bytes("05ff"));
        assertThat(shake.failure()).isEqualTo("takes neither our user name nor none at all (SOCKS method 255)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05", "0500", "0500 05", "0500 050000", "0500 05000001 0a0000"})
    void anEndInTheMiddleIsAFailure(String input) {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
        shake.handleInput(bytes(input));
        shake.handleEnd();
        assertThat(shake.failure()).isEqualTo("closed the connection during the SOCKS handshake");
    }

    @Test
    void onlyRefusalsThatMayDependOnTheSourceAreWorthASecondTry() {
        List<Integer> worth = new ArrayList<>();
        for (int reply = 1; reply < 256; reply++) {
            Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
            shake.handleInput(ByteBuffer.wrap(new byte[] {5, 0, 5, (byte) reply}));
            if (shake.refusedRequest()) {
                worth.add(reply);
            }
        }
        assertThat(worth).containsExactly(1, 2, 8);
    }

    @Test
    void whatFollowsTheReplyIsLeft() {
        Socks5Handshake shake = new Socks5Handshake(UNTOLD, null);
        ByteBuffer in = bytes("0500 " + RELAY_IPV4 + " ffff");
        shake.handleInput(in);
        assertThat(shake.isDone()).isTrue();
        assertThat(in.remaining()).isEqualTo(2);
    }

    @Test
    void randomAndMutatedInputNeverThrows() {
        Seeds.forEach(5_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Socks5Handshake shake = new Socks5Handshake(UNTOLD, random.nextBoolean() ? LOGIN : null);
            byte[] input = random.nextBoolean() ? mutated(random) : noise(random);
            for (int at = 0; at < input.length; ) {
                int size = Math.min(1 + random.nextInt(20), input.length - at);
                shake.handleInput(ByteBuffer.wrap(input, at, size));
                shake.pollOutput();
                at += size;
            }
            shake.handleEnd();
            assertThat(shake.isOver()).isTrue();
            assertThat(shake.failure().isEmpty()).isEqualTo(shake.isDone());
            if (shake.isDone()) {
                assertThat(shake.relayPort()).isBetween(0, 65_535);
                shake.relayAddress();
                shake.relayName();
            }
        });
    }

    private static byte[] mutated(SplittableRandom random) {
        byte[] input = bytes("0500 " + RELAY_IPV4).array();
        for (int i = 0; i < 3; i++) {
            input[random.nextInt(input.length)] = (byte) random.nextInt(10);
        }
        return input;
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] input = new byte[random.nextInt(300)];
        random.nextBytes(input);
        return input;
    }

    private static String sent(Socks5Handshake shake) {
        return HexFormat.of().formatHex(shake.pollOutput());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
