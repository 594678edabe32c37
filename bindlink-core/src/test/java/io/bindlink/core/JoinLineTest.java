package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinLineTest {
    private static final PresharedKey KEY = PresharedKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    /** Bytes 0 to 31, and the first four of a SHA-256 that another program computed. */
    private static final String LINE =
            "bindlink://server.example:4500/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-u-4Ir";

    @ParameterizedTest
    @ValueSource(strings = {"server.example:4500", "192.0.2.7:1", "[2001:db8::1]:65535"})
    void whatIsPrintedIsRead(String master) {
        JoinLine line = JoinLine.of(master, KEY);
        JoinLine read = JoinLine.parse(line.text());
        assertThat(read).isEqualTo(line);
        assertThat(read.master()).isEqualTo(master);
        assertThat(read.key()).isEqualTo(KEY);
    }

    @Test
    void isWhatIsWrittenDown() {
        assertThat(JoinLine.of("server.example:4500", KEY).text()).isEqualTo(LINE);
    }

    @Test
    void wordsAroundItDoNotMatter() {
        String text = JoinLine.of("h:1", KEY).text();
        assertThat(JoinLine.parse("  bindlink-cli slave --join " + text + " --proxies 10.0.0.1:1080\n")
                        .master())
                .isEqualTo("h:1");
    }

    @Test
    void everyMistypedCharacterIsNoticed() {
        String text = JoinLine.of("server.example:4500", KEY).text();
        for (int i = "bindlink://".length(); i < text.length(); i++) {
            for (char c : new char[] {'x', 'A', '7'}) {
                String wrong = text.substring(0, i) + c + text.substring(i + 1);
                if (!wrong.equals(text)) {
                    refused(wrong);
                }
            }
            refused(text.substring(0, i));
            refused(text.substring(0, i) + text.substring(i + 1));
        }
        refused(text + "A");
    }

    @Test
    void complaintsAreOneLineAndKeepTheSecret() {
        String text = JoinLine.of("h:1", KEY).text();
        String secret = text.substring(text.lastIndexOf('/') + 1);
        for (String wrong : new String[] {
            "",
            "socks5://h:1",
            "bindlink://h:1",
            text.substring(0, text.length() - 9),
            text.replace("h:1", "i:1"),
            text.replace(secret, "=" + secret.substring(1)),
            "bindlink:///" + secret
        }) {
            assertThatThrownBy(() -> JoinLine.parse(wrong))
                    .isInstanceOfSatisfying(
                            BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                    .hasMessageStartingWith("join line: ")
                    .extracting(Throwable::getMessage)
                    .asString()
                    .doesNotContain("\n")
                    .doesNotContain(secret.substring(4, 20));
        }
    }

    @Test
    void printingShowsNoSecret() {
        assertThat(JoinLine.of("h:1", KEY)).hasToString("bindlink://h:1/(hidden)");
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> JoinLine.parse(text)).as(text).isInstanceOf(BindlinkException.class);
    }
}
