package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/** Makes the scheduler {@code round-robin}: the links in turn. Thread-safe. */
public final class RoundRobinProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "round-robin";

    /** For {@link java.util.ServiceLoader}. */
    public RoundRobinProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        new Options(NAME, options).rejectOthers();
        return new RoundRobin();
    }
}
