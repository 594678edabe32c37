package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on stderr and an exit code; never into a stack trace. */
final class Failures {
    private Failures() {}

    /** The command line makes no sense. */
    static int explainUsage(ParameterException failure, String[] arguments) {
        CommandLine commandLine = failure.getCommandLine();
        commandLine.getErr().println(line(usage(failure)));
        return ExitCode.USAGE;
    }

    /** The command failed. */
    static int explain(Exception failure, CommandLine commandLine, ParseResult arguments) {
        if (failure instanceof BindlinkException known) {
            commandLine.getErr().println(line(String.valueOf(known.getMessage())));
            return known.code().exitCode();
        }
        String message = failure instanceof IOException ? failure.getMessage() : null;
        commandLine.getErr().println(line(message != null ? message : "internal error: " + failure));
        return BindlinkException.Code.RUNTIME.exitCode();
    }

    /** A failure's text on one line, whatever it came with. */
    static String line(String text) {
        return "bindlink: " + text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private static String usage(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return explainUnmatched(unmatched.getUnmatched().get(0), unmatched.getCommandLine());
        }
        String text = String.valueOf(failure.getMessage());
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String explainUnmatched(String argument, CommandLine commandLine) {
        boolean option = argument.startsWith("-");
        String word = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        Set<String> known = option
                ? commandLine.getCommandSpec().optionsMap().keySet()
                : commandLine.getSubcommands().keySet();
        String hint = Spelling.nearest(word, known)
                .map(near -> " (did you mean '" + near + "'?)")
                .orElse("");
        return (option ? "unknown option '" : "unexpected argument '") + word + "'" + hint;
    }
}
