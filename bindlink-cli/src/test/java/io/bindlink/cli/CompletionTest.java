package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.RealNetwork;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path directory;

    @Test
    void bashTakesTheScriptAndCompletesWithIt() throws Exception {
        assertThat(said(
                        "bash",
                        "-ec",
                        "source completion; compopt() { :; }; COMP_WORDS=(bindlink slave --join-); COMP_CWORD=2;"
                                + " _complete_bindlink; echo \"${COMPREPLY[*]}\""))
                .contains("--join-file");
    }

    /** In the way bashcompinit of zsh 5.9 calls it; what does not begin like the word is left out by zsh later. */
    @Test
    void zshTakesTheScriptAndCompletesWithIt() throws Exception {
        RealNetwork.assumeProgram("zsh");
        assertThat(said(
                        "zsh",
                        "-fec",
                        "source ./completion; echo \"for bindlink: ${_comps[bindlink]}\";"
                                + " complete_it() { emulate -L sh; setopt kshglob noshglob braceexpand;"
                                + " COMP_WORDS=(bindlink slave --join-); COMP_CWORD=2; setopt ksharrays;"
                                + " _complete_bindlink; echo \"${COMPREPLY[*]}\"; }; complete_it"))
                .contains("for bindlink: _bash_complete ")
                .contains("--join-file")
                .doesNotContain("not found")
                .doesNotContain("error");
    }

    private String said(String... command) throws Exception {
        Files.writeString(
                directory.resolve("completion"), Invocation.of("completion").out());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("ZDOTDIR", directory.toString()); // where zsh leaves what it found
        Process shell = builder.start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said;
    }
}
