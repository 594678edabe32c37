package io.bindlink.core.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A named set of links to compare schedulers over. Those here have the figures of the scenarios that the project is
 * measured in on real kernels, so that the same situation can be run both ways. Immutable.
 *
 * @param name what tables call it
 * @param links the links, in their order
 */
public record Scenario(String name, List<Link> links) {
    /** Two links of 20 Mbit/s and 20 ms. */
    public static final Scenario HOMOG = of("homog", link(20, 20), link(20, 20));

    /** Three links that differ in rate and delay: 20 Mbit/s and 20 ms, 10 and 60, 5 and 100. */
    public static final Scenario HETERO = of("hetero", link(20, 20), link(10, 60), link(5, 100));

    /** {@link #HETERO}, each packet lost with 2 % probability. */
    public static final Scenario LOSSY = of(
            "lossy",
            link(20, 20).toBuilder().loss(0.02).build(),
            link(10, 60).toBuilder().loss(0.02).build(),
            link(5, 100).toBuilder().loss(0.02).build());

    /** Two links of 20 Mbit/s and 30 ms whose modems hold a whole second. */
    public static final Scenario BLOAT = of("bloat", bloated(), bloated());

    /** Two links of 20 Mbit/s whose one-way delay wanders between 5 and 35 ms. */
    public static final Scenario JITTER = of("jitter", wandering(), wandering());

    /** One link of 50 Mbit/s and 40 ms. */
    public static final Scenario SINGLE = of("single", link(50, 40));

    /** A satellite's 50 Mbit/s and 600 ms beside 10 Mbit/s and 40 ms. */
    public static final Scenario SAT = of("sat", link(50, 600), link(10, 40));

    private static final long CELLULAR_QUEUE_BYTES = 1_000_000;
    private static final double[][] CELLULAR_MBIT = {{2, 5}, {4, 14}, {6, 5}}; // up and down, the usual rate of each

    /**
     * A link's two directions.
     *
     * @param up from slave to master
     * @param down from master to slave
     */
    public record Link(LinkModel up, LinkModel down) {}

    /**
     * Copies the list.
     *
     * @param name as the component
     * @param links as the component
     */
    public Scenario {
        links = List.copyOf(links);
    }

    /**
     * Links that behave alike in both directions.
     *
     * @param name what tables call it
     * @param models one for each link
     * @return the scenario
     */
    public static Scenario of(String name, LinkModel... models) {
        return new Scenario(
                name,
                List.of(models).stream().map(model -> new Link(model, model)).toList());
    }

    /**
     * Three cellular links: their rates wander and now and then fail, each direction on its own; 50 ms, and queues of
     * 1 MB.
     *
     * @param seed what all traces follow from
     * @return the scenario, named {@code cell3}
     */
    public static Scenario cellular(long seed) {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < CELLULAR_MBIT.length; i++) {
            long trace = seed * 100 + 2L * i;
            links.add(new Link(cell(trace, CELLULAR_MBIT[i][0]), cell(trace + 1, CELLULAR_MBIT[i][1])));
        }
        return new Scenario("cell3", links);
    }

    /**
     * All that are not random.
     *
     * @return the scenarios that have a constant here
     */
    public static List<Scenario> all() {
        return List.of(HOMOG, HETERO, LOSSY, BLOAT, JITTER, SINGLE, SAT);
    }

    /**
     * A bond over these links.
     *
     * @param seed the only source of chance
     * @return a builder with the links in it
     */
    public SimBondBuilder bond(long seed) {
        SimBondBuilder builder = SimBond.builder().seed(seed);
        links.forEach(link -> builder.link(link.up(), link.down()));
        return builder;
    }

    @Override
    public String toString() {
        return name
                + links.stream()
                        .map(link -> String.valueOf(link.down().capacityBytesPerSecond() * 8 / 1_000_000))
                        .collect(Collectors.joining("+", " ", " Mbit/s down"));
    }

    private static LinkModel link(double mbit, int roundTripMillis) {
        return LinkModel.builder()
                .rateMbit(mbit)
                .delay(Duration.ofMillis(roundTripMillis / 2))
                .build();
    }

    private static LinkModel bloated() {
        return link(20, 30).toBuilder().queue(Duration.ofSeconds(1)).build();
    }

    private static LinkModel wandering() {
        return link(20, 40).toBuilder()
                .jitter(Duration.ofMillis(15), Duration.ofMillis(30))
                .build();
    }

    private static LinkModel cell(long seed, double mbit) {
        return LinkModel.builder()
                .trace(CellularTrace.create(seed, mbit, Duration.ofMinutes(1)), Duration.ZERO)
                .delay(Duration.ofMillis(25))
                .queueBytes(CELLULAR_QUEUE_BYTES)
                .build();
    }
}
