package io.bindlink.cli.status;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape answered, in the text format 0.0.4 of Prometheus, which is checked line by line. */
final class Exposition {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern COMMENT =
            Pattern.compile("# (?:HELP " + NAME + " .*|TYPE (" + NAME + ") (counter|gauge|histogram))");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\\n]|\\\\[\"\\\\n])*)\"");
    private static final Pattern SAMPLE =
            Pattern.compile("(" + NAME + ")(?:\\{((?:" + LABEL.pattern() + ",?)*)})? (-?[0-9.]+(?:E-?[0-9]+)?)");

    private static final Set<String> OWN = Set.of("link", "type", "version", "revision", "jdk", "name");

    private record Sample(String name, Map<String, String> labels, double value) {}

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, String> types = new HashMap<>();

    private Exposition() {}

    static Exposition parse(String text) {
        Exposition exposition = new Exposition();
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line does not end");
        }
        text.lines().forEach(exposition::addLine);
        return exposition;
    }

    List<Map<String, String>> samples(String name) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .map(Sample::labels)
                .toList();
    }

    double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        List<Sample> found = samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(wanted))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " samples of " + name + wanted + " in " + samples);
        }
        return found.get(0).value();
    }

    Map<String, String> types() {
        return types;
    }

    /** Each sample's name, labels and their values, without those that are another node's otherwise; sorted. */
    List<String> shapes() {
        return samples.stream()
                .map(sample -> sample.name() + shape(sample.labels()))
                .distinct()
                .sorted()
                .toList();
    }

    private static String shape(Map<String, String> labels) {
        StringBuilder shape = new StringBuilder();
        labels.forEach((name, value) -> shape.append(' ').append(name).append(OWN.contains(name) ? "" : "=" + value));
        return shape.toString();
    }

    private boolean isPartOfAHistogram(String name) {
        return "histogram".equals(types.get(name.replaceFirst("_(bucket|count|sum)$", "")));
    }

    private void addLine(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            if (comment.group(1) != null && types.put(comment.group(1), comment.group(2)) != null) {
                throw new AssertionError("twice: " + line);
            }
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("no line of the text format: " + line);
        }
        String name = sample.group(1);
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        if (!types.containsKey(name) && !isPartOfAHistogram(name)) {
            throw new AssertionError("a sample without a type: " + line);
        }
        samples.add(new Sample(name, labels, Double.parseDouble(sample.group(5))));
    }
}
