package io.bindlink.core.scheduling;

/** Makes the scheduler {@code adaptive}: bulk on every link that is worth it, all else where it arrives soonest. Thread-safe. */
public final class AdaptiveProvider extends PlainProvider {
    /** The name it is selected by. */
    public static final String NAME = "adaptive";

    /** For {@link java.util.ServiceLoader}. */
    public AdaptiveProvider() {
        super(NAME, Adaptive::new);
    }
}
