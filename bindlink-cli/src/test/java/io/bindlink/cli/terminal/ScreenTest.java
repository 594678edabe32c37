package io.bindlink.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final StringWriter written = new StringWriter();

    @Test
    void redrawsOverWhatItDrewBeforeButNotOverLines() {
        Screen screen = new Screen(new PrintWriter(written), true);
        screen.redraw(List.of("a", "b"));
        screen.redraw(List.of("c"));
        screen.line("d");
        screen.redraw(List.of("e"));
        assertThat(written.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("a\u001b[K\nb\u001b[K\n\u001b[2Ac\u001b[K\n\u001b[Jd\ne\u001b[K\n");
    }
}
