package io.bindlink.api.spi;

import io.bindlink.api.Scheduler;
import java.util.Map;

/** Makes schedulers of one kind, one for each session. Found by {@link java.util.ServiceLoader}; thread-safe. */
public interface SchedulerProvider {
    /**
     * The name a user selects it by, such as {@code weighted}.
     *
     * @return lower case, unique among providers
     */
    String name();

    /**
     * Makes a scheduler.
     *
     * @param options the user's settings for it
     * @return a new one, never shared
     * @throws io.bindlink.api.BindlinkException if a setting is unknown or out of range
     */
    Scheduler create(Map<String, String> options);
}
