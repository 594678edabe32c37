package io.bindlink.core.sim;

import io.bindlink.core.scheduling.Schedulers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of the results table: a bond, and by what it differs from the base case. Immutable.
 *
 * @param group what is varied
 * @param name its value
 * @param scheduler the scheduler of both ends
 * @param scenario the links
 * @param quick whether it is among the few that are checked at every build
 */
record ResultsCase(String group, String name, String scheduler, Scenario scenario, boolean quick) {
    private static final double MBIT = 18; // of the base case: small, so that the whole table takes a minute
    private static final List<String> SCHEDULERS =
            List.of("active-standby", "lowest-delay", "redundant", "round-robin", "weighted");

    /** All cases, in the table's order. The base case is two links, 12 Mbit/s and 20 ms, 6 Mbit/s and 60 ms. */
    static List<ResultsCase> all() {
        List<ResultsCase> cases = new ArrayList<>();
        cases.add(of("base", "12 + 6 Mbit/s, 20 + 60 ms", true, fast().build(), slow().build()));
        for (String scheduler : SCHEDULERS) {
            if (!scheduler.equals(Schedulers.DEFAULT_NAME)) {
                Scenario base = Scenario.of("base", fast().build(), slow().build());
                cases.add(new ResultsCase("scheduler", "`" + scheduler + "`", scheduler, base, false));
            }
        }
        addLoss(cases);
        addShape(cases);
        addJitter(cases);
        for (int seed = 1; seed <= 3; seed++) {
            cases.add(new ResultsCase(
                    "cellular", "seed " + seed, Schedulers.DEFAULT_NAME, Scenario.cellular(seed), seed == 1));
        }
        for (int mtu : new int[] {1400, 1280, 576}) {
            cases.add(of(
                    "MTU of the second",
                    mtu + " bytes",
                    false,
                    fast().build(),
                    slow().mtuBytes(mtu).build()));
        }
        addCorners(cases);
        return cases;
    }

    private static void addLoss(List<ResultsCase> cases) {
        for (double percent : new double[] {0.5, 2, 5}) {
            String name = (percent < 1 ? "0.5" : String.valueOf((int) percent)) + " %";
            cases.add(of(
                    "loss",
                    name,
                    percent == 2,
                    fast().loss(percent / 100).build(),
                    slow().loss(percent / 100).build()));
        }
        cases.add(of(
                "loss",
                "30 % on the second",
                false,
                fast().build(),
                slow().loss(0.3).build()));
    }

    private static void addShape(List<ResultsCase> cases) {
        for (int millis : new int[] {20, 120, 240, 600}) {
            cases.add(of(
                    "round trips",
                    "20 + " + millis + " ms",
                    millis == 240,
                    fast().build(),
                    link(6, millis).build()));
        }
        for (int ratio : new int[] {1, 5, 20}) {
            double slower = MBIT / (1 + ratio);
            cases.add(of(
                    "rates",
                    ratio + " : 1",
                    false,
                    link(MBIT - slower, 20).build(),
                    link(slower, 60).build()));
        }
    }

    private static void addJitter(List<ResultsCase> cases) {
        for (int millis : new int[] {5, 15, 30}) {
            Duration jitter = Duration.ofMillis(millis);
            Duration period = Duration.ofMillis(30);
            cases.add(of(
                    "jitter",
                    "+- " + millis + " ms",
                    false,
                    link(12, 70).jitter(jitter, period).build(),
                    link(6, 110).jitter(jitter, period).build()));
        }
    }

    private static void addCorners(List<ResultsCase> cases) {
        Duration jitter = Duration.ofMillis(15);
        Duration period = Duration.ofMillis(30);
        cases.add(of("corner", "one link", false, link(MBIT, 40).build()));
        cases.add(of(
                "corner",
                "queues of a second",
                false,
                fast().queue(Duration.ofSeconds(1)).build(),
                slow().queue(Duration.ofSeconds(1)).build()));
        cases.add(of(
                "corner",
                "2 % loss, 40 + 240 ms, jitter",
                false,
                link(12, 40).loss(0.02).jitter(jitter, period).build(),
                link(6, 240).loss(0.02).jitter(jitter, period).build()));
        cases.add(of(
                "corner",
                "20 : 1, and the slower 300 ms",
                false,
                link(17.1, 20).build(),
                link(0.9, 300).build()));
        cases.add(of(
                "corner",
                "five links",
                false,
                link(6, 20).build(),
                link(5, 40).build(),
                link(4, 60).build(),
                link(2, 100).build(),
                link(1, 150).build()));
    }

    private static ResultsCase of(String group, String name, boolean quick, LinkModel... models) {
        return new ResultsCase(group, name, Schedulers.DEFAULT_NAME, Scenario.of(name, models), quick);
    }

    private static LinkModel.Builder fast() {
        return link(12, 20);
    }

    private static LinkModel.Builder slow() {
        return link(6, 60);
    }

    private static LinkModel.Builder link(double mbit, int roundTripMillis) {
        return LinkModel.builder().rateMbit(mbit).delay(Duration.ofMillis(roundTripMillis / 2));
    }
}
