package io.bindlink.core.scheduling;

/** Makes the scheduler {@code lowest-delay}: every packet goes where it arrives soonest. Thread-safe. */
public final class LowestDelayProvider extends PlainProvider {
    /** The name it is selected by. */
    public static final String NAME = "lowest-delay";

    /** For {@link java.util.ServiceLoader}. */
    public LowestDelayProvider() {
        super(NAME, LowestDelay::new);
    }
}
