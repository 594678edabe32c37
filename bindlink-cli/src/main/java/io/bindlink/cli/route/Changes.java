package io.bindlink.cli.route;

import io.bindlink.api.LinkUri;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a node changes of the system's routing while it runs; each change is logged as one would type it, and taken back at
 * the end. Thread-safe.
 */
public final class Changes implements AutoCloseable {
    private final RouteRules rules;
    private final TrafficRoute traffic;
    private final Nat nat;

    /**
     * Changes that are not yet in force.
     *
     * @param rules for links with an address of their own
     * @param traffic what goes through the bond
     * @param nat who else may use it
     */
    public Changes(RouteRules rules, TrafficRoute traffic, Nat nat) {
        this.rules = rules;
        this.traffic = traffic;
        this.nat = nat;
    }

    /**
     * What would be done, as one would type it.
     *
     * @param device the tun device's name
     * @return commands
     */
    public List<String> commands(String device) {
        List<String> commands = new ArrayList<>(rules.commands());
        commands.addAll(traffic.commands(device));
        commands.addAll(nat.commands(device));
        return commands;
    }

    /** Makes what links need before they start, in place of what killed processes left. */
    public void beforeStart() {
        if (any()) {
            Leftovers.remove();
            rules.add();
        }
    }

    /**
     * What needs the tun device.
     *
     * @param device its name
     */
    public void afterStart(String device) {
        if (any()) {
            nat.add(device);
            traffic.add(device);
        } else {
            Leftovers.removeInBackground(); // a start that needs nothing of the system's routing does not wait for it
        }
    }

    private boolean any() {
        return rules.wanted() || traffic.wanted() || nat.wanted();
    }

    /**
     * Lets a link that was added later keep its way out.
     *
     * @param link the link
     */
    public void keepOut(LinkUri link) {
        traffic.keepOut(link);
    }

    @Override
    public void close() {
        traffic.close();
        nat.close();
        rules.close();
    }
}
