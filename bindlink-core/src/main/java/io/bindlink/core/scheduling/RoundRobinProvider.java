package io.bindlink.core.scheduling;

/** Makes the scheduler {@code round-robin}: the links in turn. Thread-safe. */
public final class RoundRobinProvider extends PlainProvider {
    /** The name it is selected by. */
    public static final String NAME = "round-robin";

    /** For {@link java.util.ServiceLoader}. */
    public RoundRobinProvider() {
        super(NAME, RoundRobin::new);
    }
}
