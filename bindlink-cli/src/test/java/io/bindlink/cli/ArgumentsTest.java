package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --listen_port 4500 --key_file K             | master --listen-port 4500 --key-file K
            --key_file K --listen_port=4500             | master --key-file K --listen-port=4500
            --proxy_target a_b:1 --proxies=p_q:1        | slave --proxy-target a_b:1 --proxies=p_q:1
            slave --key_file=a_b --scheduler x,y_z=1    | slave --key-file=a_b --scheduler x,y_z=1
            list                                        | list
            slav --mtu 5                                | slav --mtu 5
            --help                                      | --help
            -V                                          | -V
            """)
    void originalSpellingsBecomeOurs(String given, String meant) {
        assertThat(read(given.split(" "))).containsExactly(meant.split(" "));
    }

    @Test
    void noArgumentsStayNone() {
        assertThat(read()).isEmpty();
    }

    @Test
    void fileIsUnfoldedWhereItStands() throws IOException {
        String file = file("""
                # phones
                --proxies "a b:1",'c#d:2'   # two of them
                --key_file=K  --tun='' #

                """);
        assertThat(read("slave", "@" + file, "--mtu", "600"))
                .containsExactly("slave", "--proxies", "a b:1,c#d:2", "--key-file=K", "--tun=", "--mtu", "600");
    }

    @Test
    void fileMayHoldTheCommandOrLeaveItOut() throws IOException {
        assertThat(read("@" + file("master --mtu 600"))).containsExactly("master", "--mtu", "600");
        assertThat(read("@" + file("--listen_port 1"))).containsExactly("master", "--listen-port", "1");
    }

    @Test
    void remembersWhereAnArgumentCameFrom() throws IOException {
        String file = file("--mtu 600\n--tun=x");
        Arguments arguments = Arguments.of("slave", "--mtu", "700", "@" + file, "--link", "l");
        assertThat(arguments.origin("--mtu")).contains(file + ":1");
        assertThat(arguments.origin("--tun")).contains(file + ":2");
        assertThat(arguments.origin("--link")).isEmpty();
    }

    @Test
    void fileThatCannotBeReadIsNamed() throws IOException {
        assertThatThrownBy(() -> read("@/nowhere/f"))
                .isInstanceOf(BindlinkException.class)
                .hasMessage("argument file /nowhere/f does not exist");
        assertThatThrownBy(() -> read("@" + directory)).hasMessageContaining(directory + " cannot be read: ");
        String open = file("--mtu 600\n--tun 'x");
        assertThatThrownBy(() -> read("@" + open)).hasMessage(open + ":2: a quotation has no end");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> read("@" + binary)).hasMessageEndingWith("is no text in UTF-8");
    }

    private static String[] read(String... given) {
        return Arguments.of(given).texts();
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("some.args"), text).toString();
    }
}
