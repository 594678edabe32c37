package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class NamedOptionsTest {
    @Test
    void readsANameAndItsSettings() {
        assertThat(NamedOptions.parse("weighted")).isEqualTo(new NamedOptions("weighted", Map.of()));
        assertThat(NamedOptions.parse("mine,a=1,b=x=y,c="))
                .isEqualTo(new NamedOptions("mine", Map.of("a", "1", "b", "x=y", "c", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",a=1", "n,a", "n,=1", "n,a=1,a=2", "n,"})
    void refusesWhatIsNotThat(String text) {
        assertThatThrownBy(() -> NamedOptions.parse(text)).isInstanceOf(TypeConversionException.class);
    }
}
