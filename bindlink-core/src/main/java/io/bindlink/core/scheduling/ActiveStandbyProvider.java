package io.bindlink.core.scheduling;

/** Makes the scheduler {@code active-standby}: the first usable link in the user's order. Thread-safe. */
public final class ActiveStandbyProvider extends PlainProvider {
    /** The name it is selected by. */
    public static final String NAME = "active-standby";

    /** For {@link java.util.ServiceLoader}. */
    public ActiveStandbyProvider() {
        super(NAME, ActiveStandby::new);
    }
}
