package io.bindlink.core.scheduling;

/** Makes the scheduler {@code redundant}: every packet on every link. Thread-safe. */
public final class RedundantProvider extends PlainProvider {
    /** The name it is selected by. */
    public static final String NAME = "redundant";

    /** For {@link java.util.ServiceLoader}. */
    public RedundantProvider() {
        super(NAME, Redundant::new);
    }
}
