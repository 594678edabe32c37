package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import java.util.ArrayList;
import java.util.List;

/** Routing rules of processes that were killed. */
public final class Leftovers {
    private Leftovers() {}

    /**
     * How many there are.
     *
     * @return 0 also where they cannot be seen
     */
    public static int count() {
        try {
            List<String> lines = new ArrayList<>(new IpCommand("-4", "doctor").show("rule", "show"));
            lines.addAll(new IpCommand("-6", "doctor").show("rule", "show"));
            long ofAll = lines.stream()
                    .filter(line -> OurTables.isAbandoned(RoutingText.ruleOfAll(line, TrafficRoute.BOND_PRIORITY)))
                    .count();
            long ofLinks = RoutingText.rules(lines).stream()
                    .filter(rule -> OurTables.isAbandoned(rule.table()))
                    .count();
            return Math.toIntExact(ofAll + ofLinks);
        } catch (BindlinkException e) {
            return 0;
        }
    }
}
