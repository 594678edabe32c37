package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelaunchTest {
    @ParameterizedTest
    @ValueSource(strings = {"master", "slave", "--listen_port", "--proxy-target=h:1", "@some.args"})
    void nodesAreRelaunched(String first) {
        assertThat(Relaunch.isWanted(new String[] {first, "x"}, Map.of("PATH", "/bin")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"genkey", "list", "demo", "phone", "slav", "-h", "--help", "--version"})
    void whatEndsSoonIsNot(String first) {
        assertThat(Relaunch.isWanted(new String[] {first}, Map.of())).isFalse();
    }

    @Test
    void nothingIsNot() {
        assertThat(Relaunch.isWanted(new String[0], Map.of())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "BINDLINK_RELAUNCH, off, false",
        "BINDLINK_RELAUNCH, on, true",
        "JDK_JAVA_OPTIONS, -Xmx1g, false",
        "JAVA_TOOL_OPTIONS, -Xmx1g, false",
        "_JAVA_OPTIONS, -Xmx1g, false"
    })
    void variablesDecide(String name, String value, boolean wanted) {
        assertThat(Relaunch.isWanted(new String[] {"master"}, Map.of(name, value)))
                .isEqualTo(wanted);
    }
}
