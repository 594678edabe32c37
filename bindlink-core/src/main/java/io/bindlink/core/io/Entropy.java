package io.bindlink.core.io;

import java.security.SecureRandom;

/** The system's secure random source, the only place it is taken from. Thread-safe. */
public final class Entropy {
    private static final SecureRandom SECURE = new SecureRandom();

    private Entropy() {}

    /**
     * The source.
     *
     * @return fit for keys
     */
    public static SecureRandom secure() {
        return SECURE;
    }
}
