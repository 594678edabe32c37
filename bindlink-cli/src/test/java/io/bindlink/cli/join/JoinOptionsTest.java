package io.bindlink.cli.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class JoinOptionsTest {
    @Test
    void standardInputIsReadOnceHoweverOftenItIsAskedFor() {
        JoinLine line = JoinLine.of("192.0.2.1:4500", PresharedKey.generate());
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((line.text() + "\n").getBytes(StandardCharsets.UTF_8)));
        try {
            Joining command = new Joining();
            new CommandLine(command).parseArgs("--join-file", "-");
            assertThat(command.join.line()).contains(line);
            assertThat(command.join.line()).contains(line);
        } finally {
            System.setIn(before);
        }
    }

    /** A command that joins. */
    @Command(name = "joining")
    private static final class Joining {
        @Mixin
        private final JoinOptions join = new JoinOptions();
    }
}
