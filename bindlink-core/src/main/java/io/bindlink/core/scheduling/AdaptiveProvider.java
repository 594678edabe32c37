package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/** Makes the scheduler {@code adaptive}: bulk on every link that is worth it, all else where it arrives soonest. Thread-safe. */
public final class AdaptiveProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "adaptive";

    /** For {@link java.util.ServiceLoader}. */
    public AdaptiveProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        new Options(NAME, options).rejectOthers();
        return new Adaptive();
    }
}
