package io.bindlink.core.sim;

import io.bindlink.api.Counter;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.core.base.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a scheduler made of a scenario. The master sends one TCP flow (CUBIC) through the bond, and beside it a packet of 100
 * bytes every 10 ms; after 4 seconds both are measured for 6, and then the first link is cut without a word. The same
 * scheduler, scenario and seed give the same figures on every machine. Immutable.
 *
 * <pre>{@code
 * Supplier<Scheduler> mine = CheapFirst::new;
 * ...
 * List<Scenario> scenarios = List.of(Scenario.HETERO, Scenario.of("home", dsl, phone));
 * System.out.print(Trial.table(Trial.compare("cheap-first", mine, scenarios)));
 * }</pre>
 *
 * @param scenario the links
 * @param scheduler what the table calls the scheduler
 * @param goodput share of the links' summed rate that the flow had of use, 0.0..1.0
 * @param probe95Nanos what 95 % of the small packets took at most, one way
 * @param queueNanos wait in the links' own queues, on average over all packets
 * @param copies share of the packets on links that brought nothing new, 0.0..1.0
 * @param gapNanos longest time without a small packet when the first link was cut; -1 where there is but one
 */
public record Trial(
        String scenario,
        String scheduler,
        double goodput,
        long probe95Nanos,
        long queueNanos,
        double copies,
        long gapNanos) {
    /** What {@link #compare} calls the built-in default. */
    public static final String DEFAULT_SCHEDULER = "adaptive";

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURED = Duration.ofSeconds(6);
    private static final Duration CUT = Duration.ofSeconds(2);
    private static final Duration PROBING = Duration.ofMillis(10);
    private static final int PROBE_BYTES = 100;

    /**
     * Runs a scheduler and the built-in default over scenarios.
     *
     * @param name what to call it
     * @param scheduler makes a new one for each session
     * @param scenarios such as {@link Scenario#all}; each takes a second or two of a processor for each scheduler
     * @return two trials of each scenario, the default's first
     */
    public static List<Trial> compare(String name, Supplier<Scheduler> scheduler, List<Scenario> scenarios) {
        List<Trial> trials = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            trials.add(measure(scenario, DEFAULT_SCHEDULER, scenario.bond(1).scheduler(DEFAULT_SCHEDULER, Map.of())));
            trials.add(run(scenario, name, scheduler, 1));
        }
        return trials;
    }

    /**
     * Runs one scheduler at both ends over one scenario.
     *
     * @param scenario the links
     * @param name what to call the scheduler
     * @param scheduler makes a new one for each session
     * @param seed the only source of chance
     * @return the figures
     * @throws IllegalStateException if no session came up, with what happened
     */
    public static Trial run(Scenario scenario, String name, Supplier<Scheduler> scheduler, long seed) {
        return measure(scenario, name, scenario.bond(seed).scheduler(scheduler));
    }

    private static Trial measure(Scenario scenario, String name, SimBondBuilder builder) {
        SimBond bond = builder.build();
        bond.awaitUp(LIMIT);
        bond.runFor(SETTLING);
        GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
        ProbeFlow probe = ProbeFlow.start(bond, Role.MASTER, PROBING, PROBE_BYTES);
        bond.runFor(WARM_UP);
        long goodputBytes = flow.result().goodputBytes();
        long copies = copies(bond);
        long sent = sentPackets(bond);
        probe.measure();
        bond.runFor(MEASURED);
        goodputBytes = flow.result().goodputBytes() - goodputBytes;
        sent = sentPackets(bond) - sent;
        long capacityBytes = MEASURED.toSeconds()
                * scenario.links().stream()
                        .mapToLong(link -> link.down().capacityBytesPerSecond())
                        .sum();
        return new Trial(
                scenario.name(),
                name,
                (double) goodputBytes / capacityBytes,
                probe.result().delay95Nanos(),
                meanQueueNanos(bond),
                sent == 0 ? 0 : (double) (copies(bond) - copies) / sent,
                gapNanos(bond, probe));
    }

    private static long gapNanos(SimBond bond, ProbeFlow probe) {
        if (bond.links().size() == 1) {
            return -1;
        }
        probe.measure();
        bond.link(1).cut();
        bond.runFor(CUT);
        return probe.result().longestGapNanos();
    }

    private static long copies(SimBond bond) {
        return bond.slave().stats().counter(Counter.MUX_DUPLICATE);
    }

    private static long sentPackets(SimBond bond) {
        return bond.links().stream()
                .mapToLong(link -> link.down().counts().sentPackets())
                .sum();
    }

    private static long meanQueueNanos(SimBond bond) {
        double nanos = 0;
        for (SimLinkPair link : bond.links()) {
            LinkCounts counts = link.down().counts();
            nanos += (double) counts.meanQueueDelayNanos() * counts.sentPackets();
        }
        long packets = sentPackets(bond);
        return packets == 0 ? 0 : Math.round(nanos / packets);
    }

    /**
     * Trials as a table in Markdown.
     *
     * @param trials in the order of its lines
     * @return lines, each with its end
     */
    public static String table(List<Trial> trials) {
        StringBuilder table = new StringBuilder("""
                | scenario | scheduler | goodput, % | ping, ms | links' queue, ms | copies, % | gap, ms |
                |---|---|---|---|---|---|---|
                """);
        for (Trial trial : trials) {
            table.append("| ").append(trial.scenario).append(" | ").append(trial.scheduler);
            cell(table, 100 * trial.goodput);
            cell(table, millis(trial.probe95Nanos));
            cell(table, millis(trial.queueNanos));
            cell(table, 100 * trial.copies);
            cell(table, trial.gapNanos < 0 ? -1 : millis(trial.gapNanos));
            table.append(" |\n");
        }
        return table.toString();
    }

    private static double millis(long nanos) {
        return nanos / (double) Rates.NANOS_PER_MILLI;
    }

    /** With one digit after the point, made by hand: how a number is rounded to text has changed between JDKs. */
    private static void cell(StringBuilder table, double value) {
        long tenths = Math.round(value * 10);
        table.append(" | ").append(value < 0 ? "-" : tenths / 10 + "." + tenths % 10);
    }
}
