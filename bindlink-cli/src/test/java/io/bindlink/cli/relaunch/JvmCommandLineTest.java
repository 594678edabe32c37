package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Here a bar stands for the zero that ends each word. */
class JvmCommandLineTest {
    @Test
    void optionsComeBeforeTheJar() {
        assertThat(relaunched("java|-jar|b.jar|slave|--mtu|1400|", 3))
                .isEqualTo("java|-XX:+A|-Xb|-jar|b.jar|slave|--mtu|1400|");
    }

    @Test
    void everyByteOfAnArgumentSurvives() {
        String odd = "two words|line\nbreak|\u00e9\u0080\u00ff||";
        assertThat(relaunched("/opt/my jdk/java|-jar|/a b/\u00fc.jar|" + odd, 4))
                .isEqualTo("/opt/my jdk/java|-XX:+A|-Xb|-jar|/a b/\u00fc.jar|" + odd);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            java|-Xmx64m|-jar|b.jar|slave|          ; 1
            java|-jar|-Xmx64m|b.jar|slave|          ; 1
            java|-jar|@options|slave|               ; 1
            java|@options|-jar|b.jar|slave|         ; 1
            java|-cp|b.jar|io.bindlink.cli.Main|slave| ; 1
            java|-XX:+A|-Xb|-jar|b.jar|slave|       ; 1
            java|-jar|app.jar|its-own|slave|        ; 1
            java|-jar|b.jar|sla                     ; 1
            java|-jar|                              ; 0
            java|                                   ; 0
            ''                                      ; 0
            """)
    void anythingElseThanAJarAndItsArgumentsIsLeftAlone(String cmdline, int argumentCount) {
        assertThat(JvmCommandLine.parse(bytes(cmdline), argumentCount)).isEmpty();
    }

    @Test
    void whatWasRelaunchedIsLeftAlone() {
        String once = relaunched("java|-jar|b.jar|slave|", 1);
        assertThat(JvmCommandLine.parse(bytes(once), 1)).isEmpty();
    }

    private static String relaunched(String cmdline, int argumentCount) {
        List<byte[]> words = JvmCommandLine.parse(bytes(cmdline), argumentCount)
                .orElseThrow()
                .with(List.of("-XX:+A", "-Xb"));
        return words.stream()
                .map(word -> new String(word, StandardCharsets.ISO_8859_1).replace('\0', '|'))
                .collect(Collectors.joining());
    }

    private static byte[] bytes(String cmdline) {
        return cmdline.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    }
}
