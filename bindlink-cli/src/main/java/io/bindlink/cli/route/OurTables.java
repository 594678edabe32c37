package io.bindlink.cli.route;

/** Numbers of our routing tables: {@code BASE | process id << 8 | number}, so that one whose process is gone is known. */
final class OurTables {
    /** As many a process may have, more than links. */
    static final long MAX_NUMBER = 255;

    private static final long BASE = 1L << 30;
    private static final int NUMBER_BITS = 8;

    private OurTables() {}

    /** A table of this process's. */
    static long number(long number) {
        return BASE | ProcessHandle.current().pid() << NUMBER_BITS | Math.min(number, MAX_NUMBER);
    }

    /** Whether the process that made a table is gone. One with our own id was: we have made none yet. */
    static boolean isAbandoned(long table) {
        return (table & BASE) != 0 && isGone((table & ~BASE) >> NUMBER_BITS);
    }

    /** Whether a process left behind what carries its id. */
    static boolean isGone(long process) {
        return process == ProcessHandle.current().pid()
                || ProcessHandle.of(process).isEmpty();
    }
}
