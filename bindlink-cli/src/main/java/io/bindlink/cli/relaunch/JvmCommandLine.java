package io.bindlink.cli.relaunch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The words {@code java -jar JAR ARGUMENT...} that began a process. They are bytes, each word with the zero it ends with:
 * not all that can be typed survives as a string. Immutable.
 */
final class JvmCommandLine {
    private static final int OPTIONS = 1; // after the program's name
    private static final int JAR = 2;
    private static final int ARGUMENTS = 3;

    private final List<byte[]> words;

    private JvmCommandLine(List<byte[]> words) {
        this.words = words;
    }

    /**
     * Reads what the system tells of a process.
     *
     * @param cmdline the content of {@code /proc/PID/cmdline}
     * @param argumentCount how many arguments the program was given
     * @return empty if the JVM was told anything but a jar and its arguments
     */
    static Optional<JvmCommandLine> parse(byte[] cmdline, int argumentCount) {
        List<byte[]> words = words(cmdline);
        boolean plain = words.size() == ARGUMENTS + argumentCount
                && text(words.get(OPTIONS)).equals("-jar")
                && !text(words.get(JAR)).startsWith("-") // options may follow -jar, too
                && !text(words.get(JAR)).startsWith("@"); // a file that may hold options
        return plain ? Optional.of(new JvmCommandLine(words)) : Optional.empty();
    }

    /** The same words with options for the JVM, in ASCII. */
    List<byte[]> with(List<String> options) {
        List<byte[]> complete = new ArrayList<>(words.subList(0, OPTIONS));
        for (String option : options) {
            complete.add(option.concat("\0").getBytes(StandardCharsets.US_ASCII));
        }
        complete.addAll(words.subList(OPTIONS, words.size()));
        return complete;
    }

    private static List<byte[]> words(byte[] cmdline) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < cmdline.length; i++) {
            if (cmdline[i] == 0) {
                words.add(Arrays.copyOfRange(cmdline, start, i + 1));
                start = i + 1;
            }
        }
        return words;
    }

    private static String text(byte[] word) {
        return new String(word, 0, word.length - 1, StandardCharsets.ISO_8859_1);
    }
}
