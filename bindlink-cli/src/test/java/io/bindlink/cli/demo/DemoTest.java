package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.LeftThreads;
import io.bindlink.cli.LogLevel;
import io.bindlink.cli.terminal.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void endsAtItsDeadlineWithAClearLine() throws IOException {
        Screen screen = new Screen(new PrintWriter(new StringWriter(), true), false);
        try (Demo demo = new Demo(screen, 5, 1, LogLevel.ERROR)) {
            assertThatThrownBy(() -> demo.run(System.nanoTime()))
                    .isInstanceOf(BindlinkException.class)
                    .hasMessage("demo: the file did not arrive in time");
        }
        assertThat(LeftThreads.of("bindlink")).isEmpty();
    }
}
