package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps files and methods short enough to be read in one go. */
class SourceSizeTest {
    private static final int MOST_LINES = 400;
    private static final int MOST_LINES_OF_A_METHOD = 60;

    /** What is longer, and why it is better so. */
    private static final Map<String, String> LONGER = new TreeMap<>(Map.of(
            "BindlinkBuilder", "a method for each setting; most lines are its Javadoc, for embedders",
            "ByteStream", "a channel, two java.io streams and their contracts; most lines are Javadoc, for embedders",
            "Engine", "all that runs under the node's lock is in sight of it",
            "LinkPath",
                    "a link's two directions share numbers and clocks; what can be told apart has a class of its own",
            "Node", "each way in or out of the engine, with its contract; nothing in it is long",
            "RateControl", "one state machine, whose states cannot be understood one by one",
            "Session", "the turns of a session, in the order in which they are taken",
            "SessionLink", "three views of one link; nearly all methods are a line",
            "Streams", "the device, and how to open and accept on it; most lines are Javadoc, for embedders"));

    private static final Pattern BEGIN = Pattern.compile("^( +)\\S.*\\{$");
    private static final Pattern TYPE = Pattern.compile("^ *(\\w+ )*(class|interface|enum|record|@interface) ");

    @Test
    void longFilesHaveAReason() throws IOException {
        TreeSet<String> longer = new TreeSet<>();
        for (Path file : sources()) {
            if (Files.readAllLines(file).size() > MOST_LINES) {
                longer.add(file.getFileName().toString().replace(".java", ""));
            }
        }
        assertThat(longer).isEqualTo(LONGER.keySet());
    }

    @Test
    void methodsAreShort() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                int end = endOfBlock(lines, i);
                if (end - i > MOST_LINES_OF_A_METHOD) {
                    longer.add(file.getFileName() + ":" + (i + 1));
                }
            }
        }
        assertThat(longer).isEmpty();
    }

    /** The line that ends what a line begins, as the formatter indents it; the line itself if it begins no block of code. */
    private static int endOfBlock(List<String> lines, int begin) {
        String first = lines.get(firstOfStatement(lines, begin));
        if (!BEGIN.matcher(lines.get(begin)).find() || TYPE.matcher(first).find()) {
            return begin;
        }
        String end = first.substring(0, first.length() - first.stripLeading().length()) + "}";
        for (int i = begin + 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith(end)) {
                return i;
            }
        }
        return begin;
    }

    /** Where a statement begins that ends on a line. */
    private static int firstOfStatement(List<String> lines, int last) {
        int first = last;
        while (closes(lines, first, last)) {
            first--;
        }
        return first;
    }

    /** Whether more parentheses are closed than opened. */
    private static boolean closes(List<String> lines, int first, int last) {
        String text = String.join("", lines.subList(first, last + 1));
        return text.chars().filter(c -> c == ')').count()
                > text.chars().filter(c -> c == '(').count();
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : List.of("api", "core", "tun-jna", "tun-tcp", "cli")) {
            try (Stream<Path> files = Files.walk(Path.of("..", "bindlink-" + module, "src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        assertThat(all).hasSizeGreaterThan(300);
        return all;
    }
}
