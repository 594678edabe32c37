package io.bindlink.core.scheduling;

import io.bindlink.api.Scheduler;
import io.bindlink.api.spi.SchedulerProvider;
import java.util.Map;
import java.util.function.Supplier;

/** Makes a scheduler that has no options. Thread-safe. */
abstract class PlainProvider implements SchedulerProvider {
    private final String name;
    private final Supplier<Scheduler> maker;

    PlainProvider(String name, Supplier<Scheduler> maker) {
        this.name = name;
        this.maker = maker;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Scheduler create(Map<String, String> options) {
        new Options(name, options).rejectOthers();
        return maker.get();
    }
}
