package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/**
 * Makes the scheduler {@code weighted}: shares by what the peer reports it received. Option {@code trickle-percent}, 0..50,
 * default 2: the share a silent link keeps, of the best one's; more finds its return sooner and loses more while it is
 * dead. Thread-safe.
 */
public final class WeightedProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "weighted";

    /** Share of a silent link, of the best one's: enough to notice its return within a second, too little to miss. */
    static final int DEFAULT_TRICKLE_PERCENT = 2;

    /** More would not be a trickle. */
    static final int MAX_TRICKLE_PERCENT = 50;

    /** For {@link java.util.ServiceLoader}. */
    public WeightedProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        Options given = new Options(NAME, options);
        int tricklePercent = given.percent("trickle-percent", DEFAULT_TRICKLE_PERCENT, MAX_TRICKLE_PERCENT);
        given.rejectOthers();
        return new Weighted(tricklePercent / 100.0);
    }
}
