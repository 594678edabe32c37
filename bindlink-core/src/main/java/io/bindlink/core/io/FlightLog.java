package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import java.util.function.Supplier;

/**
 * What Java Flight Recorder is told of a node. Without the module {@code jdk.jfr}, which a program may leave out, nothing:
 * docs/adr/0017.
 */
interface FlightLog extends AutoCloseable {
    /** Tells nobody. */
    FlightLog NONE = new FlightLog() {
        @Override
        public void start() {}

        @Override
        public void handleEvent(Event event) {}

        @Override
        public void close() {}
    };

    /**
     * A log of one node.
     *
     * @param tunnel the name of its device
     * @param role which end it is
     * @param stats asked for once a second while samples are recorded
     */
    static FlightLog of(String tunnel, Role role, Supplier<Stats> stats) {
        boolean there = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
        return there ? new FlightRecorderLog(tunnel, role, stats) : NONE; // only now its class is looked for
    }

    /** From now on there are samples. */
    void start();

    /** Something happened. Never blocks. One call at a time. */
    void handleEvent(Event event);

    /** The end of samples. Idempotent. */
    @Override
    void close();
}
