package io.bindlink.cli;

import java.util.Locale;

/** How much is logged to stderr. */
public enum LogLevel {
    /** Failures that end something. */
    ERROR,
    /** What a user should know of. */
    WARN,
    /** Links, sessions and keys as they come and go. */
    INFO,
    /** Details for whoever looks for a mistake. */
    DEBUG,
    /** Everything there is. */
    TRACE;

    /** Makes the logger say this much. Takes effect if nothing was logged before. */
    public void apply() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", toString());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
