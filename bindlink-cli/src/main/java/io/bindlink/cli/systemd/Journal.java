package io.bindlink.cli.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** systemd's journal, which keeps what a service prints and is no place for a secret ({@code man 5 systemd.exec}). */
public final class Journal {
    private Journal() {}

    /**
     * Whether what this process prints goes to the journal.
     *
     * @return false on a terminal, in a pipe, and where there is no journal
     */
    public static boolean takesStandardOutput() {
        try {
            return takes(
                    System.getenv("JOURNAL_STREAM"),
                    Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The variable is inherited by programs that print elsewhere, so it names the socket it is about. */
    static boolean takes(@Nullable String variable, String standardOutput) {
        return variable != null
                && standardOutput.equals("socket:[" + variable.substring(variable.indexOf(':') + 1) + "]");
    }
}
