package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/** Makes the scheduler {@code lowest-delay}: every packet goes where it arrives soonest. Thread-safe. */
public final class LowestDelayProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "lowest-delay";

    /** For {@link java.util.ServiceLoader}. */
    public LowestDelayProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        new Options(NAME, options).rejectOthers();
        return new LowestDelay();
    }
}
