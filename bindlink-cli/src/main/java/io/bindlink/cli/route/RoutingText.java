package io.bindlink.cli.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code ip -oneline} prints about routes and rules. */
final class RoutingText {
    private static final Pattern RULE =
            Pattern.compile("from ((?!all )\\S+) lookup (\\d+) .*proto " + SourceRoute.PROTOCOL + "\\b");

    private static final Pattern RULE_OF_ALL =
            Pattern.compile("^(\\d+):\\s+from all lookup (\\d+) .*proto " + SourceRoute.PROTOCOL + "\\b");

    /**
     * A rule of ours.
     *
     * @param address what it is for
     * @param table its routing table
     */
    record Rule(String address, long table) {}

    private RoutingText() {}

    /** The gateway of an interface's default route, whichever table has one; the main one comes first. */
    static Optional<String> gateway(List<String> routes, String device) {
        Pattern hop = Pattern.compile("via (?:inet6 )?(\\S+) dev " + Pattern.quote(device) + "(?=\\s|$)");
        return routes.stream()
                .filter(route -> route.startsWith("default "))
                .filter(route -> !route.contains("proto " + SourceRoute.PROTOCOL))
                .map(hop::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    /** The table of a rule of ours for all traffic, with this priority; 0 if the line is another rule. */
    static long ruleOfAll(String line, int priority) {
        Matcher matcher = RULE_OF_ALL.matcher(line);
        return matcher.find() && matcher.group(1).equals(Integer.toString(priority))
                ? Long.parseLong(matcher.group(2))
                : 0;
    }

    /** The rules that carry our mark, whichever process made them. */
    static List<Rule> rules(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = RULE.matcher(line);
            if (matcher.find()) {
                rules.add(new Rule(matcher.group(1), Long.parseLong(matcher.group(2))));
            }
        }
        return rules;
    }
}
