package io.bindlink.tun.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.stream.ResetCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationTest {
    private static final int FUZZ_SEEDS = 20_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "0001 7f000001 0050, 127.0.0.1:80",
        "0003 0b 6578616d706c652e6f7267 01bb, example.org:443",
        "0004 20010db8000000000000000000000001 0016, [2001:db8:0:0:0:0:0:1]:22",
    })
    void socksClientIsJoinedToWhatItAsksFor(String request, String target) {
        Talk talk = new Talk(new SocksNegotiation(null));
        talk.say("05 02 00 02");
        assertThat(talk.heard()).isEqualTo("0500");
        talk.say("05 01 " + request + " cafe");
        assertThat(talk.joined).hasToString(target);
        assertThat(talk.rest()).as("for the target").isEqualTo("cafe");
    }

    @Test
    void socksMessagesMayComeByteByByte() {
        Talk talk = new Talk(new SocksNegotiation(null));
        for (String each : "05 01 00 05 01 00 03 01 68 00 50".split(" ")) {
            assertThat(talk.joined).isNull();
            talk.say(each);
        }
        assertThat(talk.joined).isEqualTo(new Endpoint("h", 80));
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 02, 05ff",
        "05 00, 05ff",
        "04 01 0050 7f000001 00, ''",
        "05 01 00 05 02 00 01 7f000001 0050, 0500 05070001000000000000",
        "05 01 00 05 03 00 01 7f000001 0050, 0500 05070001000000000000",
        "05 01 00 05 01 00 02 7f000001 0050, 0500 05080001000000000000",
        "05 01 00 05 01 00 03 00 0050 00, 0500 05010001000000000000",
        "05 01 00 05 01 00 03 01 0a 0050, 0500 05010001000000000000",
        "05 01 00 05 01 00 01 7f000001 0000, 0500 05010001000000000000",
        "05 01 00 06 01 00 01 7f000001 0050, 0500",
    })
    void socksClientIsToldWhatIsWrong(String said, String heard) {
        Talk talk = new Talk(new SocksNegotiation(null));
        talk.say(said);
        assertThat(talk.ended).isTrue();
        assertThat(talk.heard()).isEqualTo(heard.replace(" ", ""));
    }

    @Test
    void socksClientMustLogInWhereUsersAreKnown() throws IOException {
        Talk right = new Talk(new SocksNegotiation(credentials()));
        right.say("05 02 00 02  01 03 616461 03 783a79  05 01 00 01 01010101 0050"); // ada, x:y
        assertThat(right.heard()).isEqualTo("0502" + "0100");
        assertThat(right.joined).isEqualTo(new Endpoint("1.1.1.1", 80));
        Talk wrong = new Talk(new SocksNegotiation(credentials()));
        wrong.say("05 01 02  01 03 616461 01 78  05 01 00 01 01010101 0050");
        assertThat(wrong.heard()).isEqualTo("0502" + "0101");
        assertThat(wrong.ended).isTrue();
        Talk none = new Talk(new SocksNegotiation(credentials()));
        none.say("05 01 00");
        assertThat(none.heard()).isEqualTo("05ff");
    }

    @Test
    void httpClientIsJoinedToWhatItAsksFor() {
        Talk talk = new Talk(new HttpNegotiation(null));
        talk.sayText("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\nrest");
        assertThat(talk.joined).isEqualTo(new Endpoint("example.org", 443));
        assertThat(talk.rest()).isEqualTo(HexFormat.of().formatHex("rest".getBytes(StandardCharsets.US_ASCII)));
        Talk lines = new Talk(new HttpNegotiation(null));
        lines.sayText("CONNECT [::1]:1 HTTP/1.0\n");
        assertThat(lines.joined).isNull();
        lines.sayText("\n");
        assertThat(lines.joined).isEqualTo(new Endpoint("::1", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://example.org/ HTTP/1.1, 405 Method Not Allowed",
        "CONNECT example.org HTTP/1.1, 400 Bad Request",
        "CONNECT example.org:0 HTTP/1.1, 400 Bad Request",
        "CONNECT example.org:80, 400 Bad Request",
        "CONNECT  example.org:80 HTTP/1.1, 400 Bad Request",
        "CONNECT example.org:80 HTTP/2, 400 Bad Request",
        "x, 400 Bad Request",
    })
    void httpClientIsToldWhatIsWrong(String line, String status) {
        Talk talk = new Talk(new HttpNegotiation(null));
        talk.sayText(line + "\r\n\r\n");
        assertThat(talk.ended).isTrue();
        assertThat(talk.text()).startsWith("HTTP/1.1 " + status + "\r\n").contains("Connection: close\r\n");
    }

    @Test
    void httpHeadHasALimit() {
        Talk talk = new Talk(new HttpNegotiation(null));
        talk.sayText("CONNECT h:1 HTTP/1.1\r\n" + "X: y\r\n".repeat(2_000));
        assertThat(talk.text()).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void httpClientMustLogInWhereUsersAreKnown() throws IOException {
        Talk none = new Talk(new HttpNegotiation(credentials()));
        none.sayText("CONNECT h:1 HTTP/1.1\r\n\r\n");
        assertThat(none.text()).startsWith("HTTP/1.1 407 ").contains("Proxy-Authenticate: Basic realm=");
        Talk wrong = new Talk(new HttpNegotiation(credentials()));
        wrong.sayText("CONNECT h:1 HTTP/1.1\r\nProxy-Authorization: Basic !!!\r\n\r\n");
        assertThat(wrong.text()).startsWith("HTTP/1.1 407 ");
        Talk right = new Talk(new HttpNegotiation(credentials()));
        String encoded = Base64.getEncoder().encodeToString("ada:x:y".getBytes(StandardCharsets.UTF_8));
        right.sayText("CONNECT h:1 HTTP/1.1\r\nproxy-authorization:  basic " + encoded + "\r\n\r\n");
        assertThat(right.joined).isEqualTo(new Endpoint("h", 1));
    }

    @Test
    void failuresAreToldInTheClientsLanguage() {
        Negotiation socks = new SocksNegotiation(null);
        assertThat(socks.joined()).startsWith(5, 0);
        assertThat(socks.failed(ResetCode.NOT_ALLOWED, "")).startsWith(5, 2);
        assertThat(socks.failed(ResetCode.NO_SUCH_HOST, "")).startsWith(5, 4);
        assertThat(socks.failed(ResetCode.CONNECTION_REFUSED, "")).startsWith(5, 5);
        assertThat(socks.failed(ResetCode.SESSION_ENDED, "")).startsWith(5, 1);
        Negotiation http = new HttpNegotiation(null);
        assertThat(new String(http.failed(ResetCode.NOT_ALLOWED, "h is not allowed"), StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 403 ")
                .endsWith("\r\n\r\nh is not allowed\n");
        assertThat(new String(http.failed(ResetCode.TIMED_OUT, ""), StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 504 ");
    }

    @Test
    void nothingAClientSendsThrows() throws IOException {
        Credentials credentials = credentials();
        byte[][] seeds = {
            HexFormat.of().parseHex("050200020103616461037833790501000301680050"),
            HexFormat.of().parseHex("0501000501000320"), // cut
            "CONNECT h:1 HTTP/1.1\r\nProxy-Authorization: Basic YWRhOng6eQ==\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)
        };
        for (long seed = 0; seed < FUZZ_SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int changes = random.nextInt(5); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Credentials known = random.nextBoolean() ? credentials : null;
            boolean socks = random.nextBoolean();
            Talk talk = new Talk(socks ? new SocksNegotiation(known) : new HttpNegotiation(known));
            try {
                for (int at = 0; at < bytes.length; ) {
                    int piece = random.nextInt(1, bytes.length - at + 1);
                    talk.say(HexFormat.of().formatHex(bytes, at, at + piece));
                    at += piece;
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void passwordsAreNotToldToAnybody() throws IOException {
        assertThat(credentials().toString()).doesNotContain("x:y");
    }

    private Credentials credentials() throws IOException {
        Path file = directory.resolve("users");
        Files.writeString(file, "# who may come in\n\nada:x:y\nbob:z\n");
        return Credentials.read("socks-users", file.toString());
    }

    /** A client's talk with a proxy. */
    private static final class Talk {
        private final Negotiation negotiation;
        private final StringBuilder heard = new StringBuilder();
        private final ByteBuffer received = ByteBuffer.allocate(1 << 16).limit(0);
        private Endpoint joined;
        private boolean ended;

        Talk(Negotiation negotiation) {
            this.negotiation = negotiation;
        }

        void say(String hex) {
            received.compact()
                    .put(HexFormat.of().parseHex(hex.replace(" ", "")))
                    .flip();
            boolean more = !ended && joined == null;
            while (more) {
                Negotiation.Step step = negotiation.handle(received);
                more = step instanceof Negotiation.Say;
                if (step instanceof Negotiation.Say say) {
                    heard.append(HexFormat.of().formatHex(say.bytes()));
                } else if (step instanceof Negotiation.End end) {
                    heard.append(HexFormat.of().formatHex(end.bytes()));
                    ended = true;
                } else if (step instanceof Negotiation.Join join) {
                    joined = join.target();
                }
            }
        }

        void sayText(String text) {
            say(HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII)));
        }

        String heard() {
            return heard.toString();
        }

        String text() {
            return new String(HexFormat.of().parseHex(heard), StandardCharsets.UTF_8);
        }

        String rest() {
            return HexFormat.of().formatHex(received.array(), received.position(), received.limit());
        }
    }
}
