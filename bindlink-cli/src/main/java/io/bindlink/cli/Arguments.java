package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line in the one form that the commands know: argument files unfolded, underscores in option names become
 * hyphens, and where no command is named, as in the original Bindlink, the one that is meant. Remembers where each
 * argument came from. Immutable.
 */
final class Arguments {
    private static final String LISTEN_PORT = "--listen-port";
    private static final Set<String> WITHOUT_COMMAND = Set.of("--help", "--version");

    /** A comment, a word of which parts may be quoted, or the beginning of a quotation without end. */
    private static final Pattern WORD = Pattern.compile("#.*|(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+|[\"'].*");

    private final List<Argument> arguments;

    /** One argument, and {@code FILE:LINE} if it is from a file. */
    private record Argument(String text, Optional<String> origin) {
        /** The option's name; another argument is its own. */
        String name() {
            int equals = text.indexOf('=');
            return text.startsWith("--") && equals >= 0 ? text.substring(0, equals) : text;
        }

        Argument hyphenated() {
            if (!text.startsWith("--")) {
                return this;
            }
            return new Argument(name().replace('_', '-') + text.substring(name().length()), origin);
        }
    }

    private Arguments(List<Argument> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    /**
     * Reads a command line.
     *
     * @param given as the system has it
     * @throws BindlinkException if an argument file cannot be read
     */
    static Arguments of(String... given) {
        List<Argument> arguments = new ArrayList<>();
        for (String text : given) {
            if (text.startsWith("@") && text.length() > 1) {
                arguments.addAll(unfolded(text.substring(1)));
            } else {
                arguments.add(new Argument(text, Optional.empty()));
            }
        }
        arguments.replaceAll(Argument::hyphenated);
        if (!arguments.isEmpty() && lacksCommand(arguments.get(0))) {
            boolean master =
                    arguments.stream().anyMatch(argument -> argument.name().equals(LISTEN_PORT));
            arguments.add(0, new Argument(master ? "master" : "slave", Optional.empty()));
        }
        return new Arguments(arguments);
    }

    /** The arguments as the commands know them. */
    String[] texts() {
        return arguments.stream().map(Argument::text).toArray(String[]::new);
    }

    /**
     * Where an argument came from.
     *
     * @param name an option's name, or a whole argument
     * @return {@code FILE:LINE} of the last of this name; empty if it is from the command line itself
     */
    Optional<String> origin(String name) {
        return arguments.stream()
                .filter(argument ->
                        argument.name().equals(name) || argument.text().equals(name))
                .reduce((first, second) -> second)
                .flatMap(Argument::origin);
    }

    private static boolean lacksCommand(Argument first) {
        return first.text().startsWith("--") && !WITHOUT_COMMAND.contains(first.text());
    }

    private static List<Argument> unfolded(String file) {
        List<Argument> arguments = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String origin = file + ":" + number;
            Matcher matcher = WORD.matcher(line);
            while (matcher.find() && !matcher.group().startsWith("#")) {
                arguments.add(new Argument(unquoted(matcher.group(), origin), Optional.of(origin)));
            }
        }
        return arguments;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (NoSuchFileException e) {
            throw config("argument file " + file + " does not exist");
        } catch (MalformedInputException e) {
            throw config("argument file " + file + " is no text in UTF-8");
        } catch (IOException e) {
            throw config("argument file " + file + " cannot be read: " + Failures.reason(e));
        } catch (InvalidPathException e) {
            throw config("argument file " + file + ": " + e.getReason());
        }
    }

    private static String unquoted(String word, String origin) {
        StringBuilder text = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c != '"' && c != '\'') {
                text.append(c);
                continue;
            }
            int end = word.indexOf(c, i + 1);
            if (end < 0) {
                throw config(origin + ": a quotation has no end");
            }
            text.append(word, i + 1, end);
            i = end;
        }
        return text.toString();
    }

    private static BindlinkException config(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message);
    }
}
