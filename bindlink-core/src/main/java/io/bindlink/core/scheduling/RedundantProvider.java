package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/** Makes the scheduler {@code redundant}: every packet on every link. Thread-safe. */
public final class RedundantProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "redundant";

    /** For {@link java.util.ServiceLoader}. */
    public RedundantProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        new Options(NAME, options).rejectOthers();
        return new Redundant();
    }
}
