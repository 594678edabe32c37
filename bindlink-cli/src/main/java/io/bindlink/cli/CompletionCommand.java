package io.bindlink.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink completion}: a script with which a shell completes commands and options. */
@Command(
        name = "completion",
        description =
                "Prints a script for bash and zsh that completes commands and options: source <(bindlink completion)",
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the program is called by: an alias or a script. Default: ${DEFAULT-VALUE}.")
    private String name = "bindlink";

    /** Made by picocli. */
    public CompletionCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(AutoComplete.bash(name, spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
