package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;

/** Makes the scheduler {@code active-standby}: the first usable link in the user's order. Thread-safe. */
public final class ActiveStandbyProvider implements SchedulerProvider {
    /** The name it is selected by. */
    public static final String NAME = "active-standby";

    /** For {@link java.util.ServiceLoader}. */
    public ActiveStandbyProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scheduler create(Map<String, String> options) {
        new Options(NAME, options).rejectOthers();
        return new ActiveStandby();
    }
}
