package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes that were killed have left of their changes: the kernel's own tables tell. */
public final class Leftovers {
    private static final Duration UNTIL_STARTED = Duration.ofSeconds(2); // the first packets shall not wait for it

    private Leftovers() {}

    /**
     * How many routing rules there are.
     *
     * @return 0 also where they cannot be seen
     */
    public static int count() {
        try {
            return of(new IpCommand("-4", "doctor")).size()
                    + of(new IpCommand("-6", "doctor")).size();
        } catch (BindlinkException e) {
            return 0;
        }
    }

    /** Takes them away as {@link #remove} does, soon. Only for a process that itself makes no such change. */
    static void removeInBackground() {
        Thread thread = new Thread(Leftovers::removeSoon, "bindlink-leftovers");
        thread.setDaemon(true);
        thread.start();
    }

    private static void removeSoon() {
        try {
            Thread.sleep(UNTIL_STARTED.toMillis());
            remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    /** Takes them away where that is allowed; what belongs to living processes stays. */
    static void remove() {
        try {
            for (String family : List.of("-4", "-6")) {
                IpCommand ip = new IpCommand(family, "a start");
                for (List<String> removals : of(ip)) {
                    int rules = removals.size() - 1; // a table that lost its device may be gone by itself
                    if (ip.removeInOrder(removals.subList(0, rules))) {
                        ip.remove(removals.subList(rules, removals.size()));
                        removals.forEach(
                                command -> log().info("left by a killed process, removed: ip {} {}", family, command));
                    }
                }
            }
            Nat.removeLeftovers();
        } catch (BindlinkException e) {
            log().debug("no look at what killed processes left: {}", e.getMessage()); // who needs ip or nft will say so
        }
    }

    /** For each abandoned rule what takes it away; its own comes first, its table last. */
    private static List<List<String>> of(IpCommand ip) {
        List<List<String>> removals = new ArrayList<>();
        List<String> lines = ip.show("rule", "show");
        for (String line : lines) {
            long table = RoutingText.ruleOfAll(line, TrafficRoute.BOND_PRIORITY);
            if (OurTables.isAbandoned(table)) {
                removals.add(TrafficRoute.removals(table));
            }
        }
        for (RoutingText.Rule rule : RoutingText.rules(lines)) {
            if (OurTables.isAbandoned(rule.table())) {
                removals.add(SourceRoute.removals(rule.address(), rule.table()));
            }
        }
        return removals;
    }

    private static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
