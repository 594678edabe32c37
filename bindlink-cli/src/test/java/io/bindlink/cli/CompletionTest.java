package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @Test
    void shellTakesTheScriptAndCompletesWithIt(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"), Invocation.of("completion").out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-ec",
                        "source " + script + "; compopt() { :; }; COMP_WORDS=(bindlink slave --join-); COMP_CWORD=2;"
                                + " _complete_bindlink; echo \"${COMPREPLY[*]}\"")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes())).contains("--join-file");
        assertThat(bash.waitFor()).isZero();
    }
}
