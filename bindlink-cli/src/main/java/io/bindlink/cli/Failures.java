package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.join.JoinOptions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on stderr and an exit code; never into a stack trace. Immutable. */
public final class Failures {
    private final Arguments arguments;

    Failures(Arguments arguments) {
        this.arguments = arguments;
    }

    /** The command line makes no sense. */
    int explainUsage(ParameterException failure, String[] ignored) {
        CommandLine commandLine = failure.getCommandLine();
        List<String> unmatched = commandLine.getUnmatchedArguments();
        // Who mistyped an option misses it, too: the typing mistake says more.
        String text = unmatched.isEmpty()
                ? place(failure) + usage(failure)
                : place(unmatched.get(0)) + explainUnmatched(unmatched.get(0), commandLine);
        commandLine.getErr().println(line(text));
        return ExitCode.USAGE;
    }

    /** The command failed. */
    int explain(Exception failure, CommandLine commandLine, ParseResult ignored) {
        String text = textOrInternal(failure);
        String option = text.startsWith("--") ? text.split("[ =]", 2)[0] : "";
        commandLine.getErr().println(line(place(option) + text));
        return exitCode(failure);
    }

    /** A failure's text for people: its own where it was made for them, else what it is. */
    static String text(Throwable failure) {
        return isForPeople(failure) ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    private static boolean isForPeople(Throwable failure) {
        return failure.getMessage() != null && (failure instanceof BindlinkException || failure instanceof IOException);
    }

    /** The same where only a mistake of the program's leads to another kind of failure. */
    static String textOrInternal(Throwable failure) {
        return (isForPeople(failure) ? "" : "internal error: ") + text(failure);
    }

    /**
     * Why a file cannot be had, without its name, which the JDK puts in the reason's place.
     *
     * @param failure of reading or writing it
     * @return for the end of a line
     */
    public static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof CharacterCodingException) {
            return "it holds no text";
        }
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return reason == null ? "the system does not say why" : reason;
    }

    /** The process's exit code after a failure. */
    static int exitCode(Throwable failure) {
        BindlinkException.Code code =
                failure instanceof BindlinkException known ? known.code() : BindlinkException.Code.RUNTIME;
        return code.exitCode();
    }

    /** A failure's text on one line, whatever it came with. */
    static String line(String text) {
        return "bindlink: " + text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private String place(ParameterException failure) {
        return failure.getArgSpec() instanceof OptionSpec option ? place(option.longestName()) : "";
    }

    private String place(String argument) {
        return arguments.origin(argument).map(origin -> origin + ": ").orElse("");
    }

    private static String usage(ParameterException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String explainUnmatched(String argument, CommandLine commandLine) {
        if (JoinOptions.looksLikeLine(argument)) {
            return "a join line without --join before it"; // and the line itself is a secret
        }
        if (argument.equals("bindlink-cli")) { // as the join line begins
            return "unexpected argument 'bindlink-cli': in a join line it stands for what was typed already; leave it out";
        }
        boolean option = argument.startsWith("-");
        String word = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        Set<String> known = option
                ? commandLine.getCommandSpec().optionsMap().keySet()
                : commandLine.getSubcommands().keySet();
        Optional<String> near = Spelling.nearest(word, known);
        String hint = near.map(meant -> " (did you mean '" + meant + "'?)").orElse("");
        return (option ? "unknown option '" : "unexpected argument '") + word + "'" + hint;
    }
}
