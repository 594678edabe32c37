package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpConnectHandshakeTest {
    private static final HostPort MASTER = new HostPort("master.example", 4500);
    private static final Credentials LOGIN = new Credentials("van", "tired:at midnight");

    @Test
    void asksForTheMaster() {
        assertThat(sent(new HttpConnectHandshake(MASTER, null)))
                .isEqualTo("CONNECT master.example:4500 HTTP/1.1\r\nHost: master.example:4500\r\n\r\n");
        assertThat(sent(new HttpConnectHandshake(new HostPort("2001:db8::1", 4500), null)))
                .startsWith("CONNECT [2001:db8::1]:4500 HTTP/1.1\r\n");
    }

    @Test
    void showsItsCredentialsToTheProxyAlone() {
        HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, LOGIN);
        assertThat(sent(shake)).contains("\r\nProxy-Authorization: Basic dmFuOnRpcmVkOmF0IG1pZG5pZ2h0\r\n");
        feed(shake, "HTTP/1.1 407 no\r\n\r\n");
        assertThat(shake.failure()).isEqualTo("refused the user name or the password (HTTP status 407)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 Connection established_X-Through: squid__",
                "HTTP/1.0 200_Content-Length: 0__",
                "HTTP/1.1 100 Continue__HTTP/1.1 204 Fine__",
            })
    void takesWhatSucceedsAndNothingBehindIt(String answer) {
        HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, null);
        ByteBuffer in = ByteBuffer.wrap((lines(answer) + "more").getBytes(StandardCharsets.US_ASCII));
        shake.handleInput(in);
        assertThat(shake.isDone()).isTrue();
        assertThat(in.remaining()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 407 Proxy Authentication Required__ | wants a user name and a password (HTTP status 407)",
                "HTTP/1.1 403 Forbidden__ | did not connect (HTTP status 403 Forbidden)",
                "HTTP/1.1 502 \u001b[31mBad\u0007__ | did not connect (HTTP status 502 ?[31mBad?)",
                "HTTP/1.1 99 early__ | sent an answer to CONNECT that makes no sense",
                "HTTP/1.1 twohundred__ | sent an answer to CONNECT that makes no sense",
                "SSH-2.0-OpenSSH_ | does not speak HTTP (its first byte is 83)",
                "HTTP/2 | does not speak HTTP (its first byte is 72)",
            })
    void whatFailsIsSaidInOneLine(String answer, String line) {
        HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, null);
        feed(shake, lines(answer));
        assertThat(shake.isOver()).isTrue();
        assertThat(shake.isDone()).isFalse();
        assertThat(shake.failure()).isEqualTo(line);
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, null);
        feed(shake, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000));
        assertThat(shake.failure()).isEqualTo("sent an answer without end to CONNECT");
    }

    @Test
    void anEarlyEndIsAFailure() {
        HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, null);
        feed(shake, "HTTP/1.1 200 OK\r\n");
        shake.handleEnd();
        assertThat(shake.failure()).isEqualTo("closed the connection instead of answering CONNECT");
    }

    @Test
    void anyBytesInPiecesOfAnySizeEndInOneWayOrAskForMore() {
        Seeds.forEach(300, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] answer =
                    "HTTP/1.1 200 Connection established\r\nServer: any\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            boolean changed = random.nextBoolean();
            for (int i = random.nextInt(8); changed && i >= 0; i--) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt();
            }
            HttpConnectHandshake shake = new HttpConnectHandshake(MASTER, null);
            for (int at = 0; at < answer.length; ) {
                int end = Math.min(answer.length, at + 1 + random.nextInt(9));
                shake.handleInput(ByteBuffer.wrap(answer, at, end - at));
                at = end;
            }
            assertThat(shake.isDone() || changed).isTrue();
            assertThat(shake.failure()).matches("[ -~]*");
        });
    }

    private static String lines(String text) {
        return text.replace("_", "\r\n");
    }

    private static void feed(HttpConnectHandshake shake, String text) {
        shake.handleInput(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String sent(HttpConnectHandshake shake) {
        return new String(shake.pollOutput(), StandardCharsets.ISO_8859_1);
    }
}
