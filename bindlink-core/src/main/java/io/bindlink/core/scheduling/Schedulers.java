package io.bindlink.core.scheduling;

import io.bindlink.api.spi.SchedulerProvider;
import java.util.List;
import java.util.Optional;

/** The built-in schedulers by name. Immutable. */
public final class Schedulers {
    /** What a node uses when nobody says otherwise. */
    public static final String DEFAULT_NAME = AdaptiveProvider.NAME;

    private static final List<SchedulerProvider> BUILT_IN = List.of(
            new AdaptiveProvider(),
            new LowestDelayProvider(),
            new WeightedProvider(),
            new RoundRobinProvider(),
            new RedundantProvider(),
            new ActiveStandbyProvider());

    private Schedulers() {}

    /**
     * All of them, the default first.
     *
     * @return their providers
     */
    public static List<SchedulerProvider> builtIn() {
        return BUILT_IN;
    }

    /**
     * The one of a name.
     *
     * @param name as users write it
     * @return its provider, empty if there is none
     */
    public static Optional<SchedulerProvider> named(String name) {
        return BUILT_IN.stream().filter(p -> p.name().equals(name)).findFirst();
    }
}
